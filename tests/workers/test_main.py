"""What the worker does with one poke and one tick."""

import asyncio
from typing import Any

from arq.connections import create_pool
from sqlalchemy import text
from structlog.testing import capture_logs

from shop_graphql.dev.servers import ValkeyServer
from shop_graphql.notifications import jobs as notifications
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.queue import redis_settings
from shop_graphql.platform.settings import Settings
from tests.clock import FixedClock
from tests.factories.orders import paid_order
from workers import main
from workers.deps import Deps, deps_of
from workers.relay import turn
from workers.schedule import NOTIFICATIONS, SCHEDULE, Entry


async def test_a_poke_runs_jobs_and_sends_what_they_wrote(deps: Deps, valkey: ValkeyServer) -> None:
    await paid_order(deps.db)
    while await turn(deps.db, deps.clock):
        pass
    redis = await create_pool(redis_settings(valkey.url))
    await redis.flushall()

    await main._woken({"deps": deps, "redis": redis})

    assert [job.function for job in await redis.queued_jobs()] == ["tick:notifications"]
    done = await deps.db.reader.fetch(text("select count(*) from jobs where status = 'done'"), into=int)
    assert done == [4]
    await redis.flushall()
    await redis.aclose()


async def test_an_outage_or_a_bug_ends_neither_worker_nor_schedule(deps: Deps) -> None:
    async def outage(_: Deps) -> None:
        raise ExceptionGroup("two of them", [ServiceUnavailable("The database"), ServiceUnavailable("The database")])

    async def bug(_: Deps) -> None:
        raise KeyError("bug")

    with capture_logs() as logs:
        await main.attempt(deps, Entry("away", outage))
        await main.attempt(deps, Entry("broken", bug))

    assert [(entry["event"], entry["entry"]) for entry in logs] == [
        ("worker.waiting", "away"),
        ("worker.entry_failed", "broken"),
    ]


async def test_a_slow_entry_is_not_begun_a_second_time(deps: Deps) -> None:
    begun, end = [], asyncio.Event()

    async def slow(_: Deps) -> None:
        begun.append("slow")
        await end.wait()

    context: dict[str, Any] = {"deps": deps, "busy": set()}
    entry = Entry("slow", slow, every_seconds=2)
    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(main._tick(context, entry))
        await asyncio.sleep(0)
        end.set()
    assert begun == ["slow"]
    await main._tick(context, entry)

    assert begun == ["slow", "slow"]


async def test_messages_wait_where_no_mail_server_is_named(settings: Settings, clock: FixedClock) -> None:
    async with deps_of(settings, clock=clock) as deps:
        order = await paid_order(deps.db)
        await notifications.confirm_order(db=deps.db, clock=clock, order_id=order.id)

        await NOTIFICATIONS.run(deps)

        told = text("select status || ': ' || last_error from notification_deliveries")
        assert await deps.db.reader.fetch(told, into=str) == ["due: SMTP_URL is not set"]


def test_every_entry_has_a_name_and_a_time_that_arq_can_keep() -> None:
    assert len({entry.name for entry in SCHEDULE}) == len(SCHEDULE)
    assert all(entry.every_seconds is None or 60 % entry.every_seconds == 0 for entry in SCHEDULE)
    assert len(SCHEDULE) < 10, "arq runs ten tasks at once: one of each, and a poke"
