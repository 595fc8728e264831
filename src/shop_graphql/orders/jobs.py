"""What must happen although nobody asks again: payments found out about, money given back, orders closed.

Shallow: each takes what is due from the database, lets a flow or a service do the work, and is safe to run twice and in
two workers at once. To be run every few seconds; a failure is tried again later by the row itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from uuid import UUID

from shop_graphql.inventory.service.hints import refresh_stock_hints
from shop_graphql.orders import flows
from shop_graphql.orders import queries as orders
from shop_graphql.orders.service import expire as expiry
from shop_graphql.orders.service.refund import settle_refund
from shop_graphql.payments import flows as gateway_calls
from shop_graphql.payments import queries as payments
from shop_graphql.payments.gateway import KEY_LIFETIME, GatewayRefused, GatewayUnavailable, PaymentGateway
from shop_graphql.payments.rows import RefundDue
from shop_graphql.payments.service import attempts, refunds
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database
from shop_graphql.platform.observability import log

AT_ONCE = 10
"""Calls to the gateway side by side; few enough that a run ends in seconds even when each one times out."""
PAGE = 100

Item = TypeVar("Item")


async def poll_payments(*, db: Database, gateway: PaymentGateway, clock: Clock) -> int:
    """Every payment that was due has been asked about. Shape: how many were due.

    A payment that is still undecided comes again after 2 s, 4 s ... 5 min.
    """
    async with db.write() as session:
        due = await attempts.take_due(session, now=clock.now(), limit=AT_ONCE)

    async def look(payment_id: UUID) -> None:
        try:
            await flows.look_into(db, gateway, clock, payment_id=payment_id)
        except (GatewayUnavailable, GatewayRefused) as lost:
            log.info("payment.still_unknown", payment_id=str(payment_id), error=str(lost))

    await _each(due, look)
    return len(due)


async def send_refunds(*, db: Database, gateway: PaymentGateway, clock: Clock) -> int:
    """Every refund that was due has been asked for or asked about. Shape: how many were due."""
    async with db.write() as session:
        ids = await refunds.take_due(session, now=clock.now(), limit=AT_ONCE)

    async def refuse(refund: RefundDue, refused: GatewayRefused) -> None:
        log.error("refund.refused", refund_id=str(refund.id), code=refused.code)
        # Perhaps our key to the gateway is wrong and is being mended: money owed is not given up at once.
        if clock.now() - refund.created_at > KEY_LIFETIME:
            async with db.write() as session:
                await refunds.record_refusal(session, refund_id=refund.id, now=clock.now())

    async def send(refund: RefundDue) -> None:
        try:
            told = await gateway_calls.give_back(gateway, refund, now=clock.now())
        except GatewayUnavailable as away:
            log.info("refund.still_unknown", refund_id=str(refund.id), error=str(away))
        except GatewayRefused as refused:
            await refuse(refund, refused)
        else:
            async with db.write() as session:
                await settle_refund(
                    session, order_id=refund.subject_id, refund_id=refund.id, told=told, now=clock.now()
                )

    await _each(await payments.refunds_due(db.reader, ids), send)
    return len(ids)


async def expire_orders(*, db: Database, clock: Clock) -> int:
    """Orders whose time to pay is over are closed, but for those with an undecided payment. Shape: how many closed."""
    now, closed, last = clock.now(), 0, None
    while True:
        async with db.write() as session:
            page = await expiry.due_to_expire(session, after=last, limit=PAGE, now=now)
        for order_id in page:
            async with db.write() as session:
                closed += await expiry.expire(session, order_id=order_id, now=now)
        if len(page) < PAGE:
            return closed
        last = page[-1]


async def refresh_availability(*, db: Database, clock: Clock, order_id: UUID) -> None:
    """Pages show the order's offers as what they are now: its units were taken, or given back."""
    lines = (await orders.lines_by_order_ids(db.reader, [order_id])).get(order_id, [])
    async with db.write() as session:
        await refresh_stock_hints(session, offer_ids=[line.offer_id for line in lines], now=clock.now())


async def _each(items: Sequence[Item], act: Callable[[Item], Awaitable[None]]) -> None:
    """`act` for all of them side by side; one that fails does not stop the others, and is told in the end."""
    ended = await asyncio.gather(*(act(item) for item in items), return_exceptions=True)
    failures = [error for error in ended if isinstance(error, Exception)]
    if failures:
        raise ExceptionGroup("not all of what was due could be done", failures)
