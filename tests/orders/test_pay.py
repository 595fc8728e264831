"""Settling: what the gateway says moves payment and order once, from any state, however often it is said."""

from datetime import timedelta
from typing import Any

import pytest

from shop_graphql.orders.service import expire
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.payments.states import WebhookOutcome
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.unpaid import HOLD, make_unpaid, scalars, take_the_rest
from tests.orders.paying import says, settle, start, story

LATE = NOON + HOLD + timedelta(minutes=2)
SUCCEEDED, PROCESSING, FAILED = GatewayStatus.SUCCEEDED, GatewayStatus.PROCESSING, GatewayStatus.FAILED


async def test_settle_success_pays_order_and_firms_holds(db: Database) -> None:
    order = await make_unpaid(db, now=NOON, sellers=2)
    payment_id = await start(db, order, now=NOON)

    outcome = await settle(db, says(payment_id, SUCCEEDED, amount=4000), now=NOON)

    told = await story(db, order.id)
    assert outcome is WebhookOutcome.APPLIED
    assert (told.status, told.captured_minor, told.refunds_minor) == ("paid", 4000, 0)
    assert (told.holds, told.parts, told.paid_events) == ("allocated", "new", 1)
    steps = "select to_status || coalesce('/' || sub_no, '') from order_transitions where order_id = :id order by seq"
    assert await scalars(db, steps, id=order.id) == ["paid", "new/1", "new/2"]
    received = "select count(distinct seller_id) from outbox_messages where type = 'seller_order.received'"
    assert await scalars(db, received) == [2]


async def test_settle_twice_changes_nothing_more(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    fact = says(await start(db, order, now=NOON), SUCCEEDED)
    await settle(db, fact, now=NOON)
    before = await story(db, order.id)

    outcome = await settle(db, fact, now=LATE)

    assert outcome is WebhookOutcome.ALREADY_KNOWN
    assert await story(db, order.id) == before


async def test_settle_by_three_ways_at_once_pays_once(db: Database, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await make_unpaid(db, now=NOON)
    fact = says(await start(db, order, now=NOON), SUCCEEDED)

    outcomes = await run_together([settle(db, fact, now=NOON) for _ in range(3)])

    told = await story(db, order.id)
    assert sorted(outcomes) == ["already_known", "already_known", "applied"]
    assert (told.status, told.captured_minor, told.paid_events) == ("paid", 2000, 1)


async def test_settle_ignores_older_news_after_success(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, SUCCEEDED), now=NOON)
    before = await story(db, order.id)

    outcomes = [await settle(db, says(payment_id, old), now=LATE) for old in (PROCESSING, FAILED)]

    assert outcomes == [WebhookOutcome.ALREADY_KNOWN] * 2
    assert await story(db, order.id) == before
    assert await scalars(db, "select status from payments") == ["succeeded"]


@pytest.mark.parametrize(
    "lie", [{"amount_minor": 1999}, {"currency": "USD"}, {"captured_minor": 5}], ids=["amount", "currency", "captured"]
)
async def test_settle_refuses_what_was_not_asked_for(db: Database, lie: dict[str, Any]) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    before = await story(db, order.id)

    outcome = await settle(db, says(payment_id, SUCCEEDED, **lie), now=NOON)

    assert outcome is WebhookOutcome.MISMATCH
    assert await story(db, order.id) == before
    assert await scalars(db, "select status from payments") == ["created"]


async def test_settle_refuses_a_second_payment_at_the_gateway(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, PROCESSING), now=NOON)

    outcome = await settle(db, says(payment_id, SUCCEEDED, gateway_payment_id="pi_other"), now=NOON)

    assert outcome is WebhookOutcome.MISMATCH
    assert (await story(db, order.id)).status == "pending_payment"


async def test_late_payment_revives_expired_order_with_stock(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, FAILED), now=NOON)
    async with db.write() as session:
        assert await expire.expire(session, order_id=order.id, now=LATE)
    assert (await story(db, order.id)).parts == "expired"

    await settle(db, says(payment_id, SUCCEEDED), now=LATE)

    told = await story(db, order.id)
    assert (told.status, told.parts, told.holds) == ("paid", "new", "allocated")
    assert (told.refunds_minor, told.paid_events) == (0, 1)
    assert await scalars(db, "select reserved from stock_items") == [2]


async def test_late_payment_without_stock_is_given_back(db: Database) -> None:
    order = await make_unpaid(db, now=NOON, on_hand=2)
    payment_id = await start(db, order, now=NOON)
    await take_the_rest(db, order, now=LATE, quantity=1)

    await settle(db, says(payment_id, SUCCEEDED), now=LATE)
    await settle(db, says(payment_id, SUCCEEDED), now=LATE)

    told = await story(db, order.id)
    assert (told.status, told.parts, told.paid_events) == ("expired", "expired", 0)
    assert (told.captured_minor, told.refunds_minor) == (2000, 2000)
    assert await scalars(db, "select reason from refunds") == ["out_of_stock"]
    assert await scalars(db, "select refunding_minor from payments") == [2000]
    assert await scalars(db, "select reserved from stock_items") == [1]


async def test_hold_that_ran_out_is_still_good_when_nobody_took_it(db: Database) -> None:
    order = await make_unpaid(db, now=NOON, on_hand=2)
    payment_id = await start(db, order, now=NOON)

    await settle(db, says(payment_id, SUCCEEDED), now=LATE)

    told = await story(db, order.id)
    assert (told.status, told.holds, told.refunds_minor) == ("paid", "allocated", 0)


async def test_money_for_an_order_paid_already_is_given_back(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    first = await start(db, order, now=NOON, key="first")
    await settle(db, says(first, FAILED), now=NOON)
    second = await start(db, order, now=NOON, key="second")
    await settle(db, says(second, SUCCEEDED), now=NOON)

    await settle(db, says(first, SUCCEEDED), now=NOON)

    told = await story(db, order.id)
    assert (told.status, told.paid_events, told.captured_minor, told.refunds_minor) == ("paid", 1, 4000, 2000)
    assert await scalars(db, "select reason from refunds where payment_id = :id", id=first) == ["order_paid"]
