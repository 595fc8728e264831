"""What runs by the clock, on one page. Every entry may run twice, or at the same time in two workers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from shop_graphql.events.service import jobs
from shop_graphql.inventory.service.holds import sweep
from shop_graphql.notifications.flows import deliver_due
from shop_graphql.orders import jobs as orders
from shop_graphql.platform.idempotency import forget_keys
from shop_graphql.platform.partitions import ensure_partitions
from workers.deps import Deps
from workers.running import in_batches, run_due_jobs

JOBS_KEPT = timedelta(days=7)
KEYS_KEPT = timedelta(days=7)
SLICE = 5_000
"""Rows deleted in one transaction."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A task and when it runs: every so many seconds of a minute, or once an hour."""

    name: str
    run: Callable[[Deps], Awaitable[object]]
    every_seconds: int | None = None
    """A divisor of 60; None = hourly."""


async def _poll_payments(deps: Deps) -> None:
    await orders.poll_payments(db=deps.db, gateway=deps.gateway, clock=deps.clock)


async def _send_refunds(deps: Deps) -> None:
    await orders.send_refunds(db=deps.db, gateway=deps.gateway, clock=deps.clock)


async def _expire_orders(deps: Deps) -> None:
    await orders.expire_orders(db=deps.db, clock=deps.clock)


async def _deliver(deps: Deps) -> None:
    await in_batches(lambda: deliver_due(deps.db, deps.mailer, deps.sms, deps.clock))


async def _sweep_holds(deps: Deps) -> None:
    async with deps.db.write() as session:
        await sweep(session, now=deps.clock.now())


async def _make_partitions(deps: Deps) -> None:
    async with deps.db.write() as session:
        await ensure_partitions(session, now=deps.clock.now())


async def _forget(deps: Deps) -> None:
    now = deps.clock.now()
    async with deps.db.write() as session:
        await jobs.forget_done(session, before=now - JOBS_KEPT, limit=SLICE)
    async with deps.db.write() as session:
        await forget_keys(session, before=now - KEYS_KEPT, limit=SLICE)


DUE_JOBS = Entry("due_jobs", run_due_jobs, every_seconds=2)
NOTIFICATIONS = Entry("notifications", _deliver, every_seconds=2)

SCHEDULE = (
    DUE_JOBS,
    NOTIFICATIONS,
    Entry("payments", _poll_payments, every_seconds=2),
    Entry("refunds", _send_refunds, every_seconds=5),
    Entry("expiry", _expire_orders, every_seconds=10),
    Entry("holds", _sweep_holds, every_seconds=30),
    Entry("partitions", _make_partitions),
    Entry("housekeeping", _forget),
)
