"""Closing what nobody paid for, and leaving alone what may still be paid."""

from datetime import timedelta

from shop_graphql.orders import jobs
from shop_graphql.orders.service import expire as expiry
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.platform.db import Database
from tests.clock import NOON, FixedClock
from tests.factories.unpaid import HOLD, make_unpaid, scalars, take_the_rest
from tests.orders.paying import says, settle, start, story

AT_LAST = NOON + HOLD + timedelta(minutes=1)


async def expire(db: Database, clock: FixedClock) -> int:
    return await jobs.expire_orders(db=db, clock=clock)


async def test_unpaid_order_expires_once_and_frees_its_units(db: Database) -> None:
    order = await make_unpaid(db, now=NOON, sellers=2)

    too_soon = AT_LAST - timedelta(milliseconds=1)
    assert await expire(db, FixedClock(too_soon)) == 0
    async with db.write() as session:
        assert not await expiry.expire(session, order_id=order.id, now=too_soon)
    assert await expire(db, FixedClock(AT_LAST)) == 1
    assert await expire(db, FixedClock(AT_LAST)) == 0

    told = await story(db, order.id)
    assert (told.status, told.parts, told.holds) == ("expired", "expired", "expired")
    assert await scalars(db, "select reserved from stock_items") == [0, 0]
    events = "select count(*) from outbox_messages where type = 'order.expired' and aggregate_id = :id"
    assert await scalars(db, events, id=order.id) == [1]
    await take_the_rest(db, order, now=AT_LAST, quantity=5)


async def test_paid_order_never_expires(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    await settle(db, says(await start(db, order, now=NOON), GatewayStatus.SUCCEEDED), now=NOON)

    assert await expire(db, FixedClock(AT_LAST + timedelta(days=9))) == 0

    assert (await story(db, order.id)).status == "paid"


async def test_order_with_an_undecided_payment_stays_until_it_is_decided(db: Database) -> None:
    order, unpaid = await make_unpaid(db, now=NOON), await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)

    assert await expire(db, FixedClock(AT_LAST)) == 1
    assert (await story(db, order.id)).status == "pending_payment"
    assert (await story(db, unpaid.id)).status == "expired"

    await settle(db, says(payment_id, GatewayStatus.FAILED), now=AT_LAST)
    assert await expire(db, FixedClock(AT_LAST)) == 1
    assert (await story(db, order.id)).status == "expired"


async def test_more_orders_than_a_page_expire_in_one_run(db: Database, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(jobs, "PAGE", 2)
    stuck = await make_unpaid(db, now=NOON)
    await start(db, stuck, now=NOON)
    for _ in range(4):
        await make_unpaid(db, now=NOON)

    assert await expire(db, FixedClock(AT_LAST)) == 4

    assert await scalars(db, "select count(*) from orders where status = 'pending_payment'") == [1]


async def test_two_workers_and_a_payment_at_once_agree(db: Database, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await make_unpaid(db, now=NOON)
    fact = says(await start(db, order, now=NOON), GatewayStatus.SUCCEEDED)
    clock = FixedClock(AT_LAST)

    closed = await run_together([expire(db, clock), settle(db, fact, now=AT_LAST), expire(db, clock)])

    told = await story(db, order.id)
    assert (closed[0], closed[2]) == (0, 0)
    assert (told.status, told.holds, told.refunds_minor) == ("paid", "allocated", 0)
