"""Beginning to pay: one attempt at a time, written down once per key, by nobody but the buyer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shop_graphql.orders.errors import OrderNotPayable
from shop_graphql.orders.service import pay
from shop_graphql.payments.errors import PaymentInProgress, PreviousAttemptOpen
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.payments.service import answers
from shop_graphql.platform.auth import ANONYMOUS
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import NotFound, Unauthenticated
from shop_graphql.platform.idempotency import IdempotencyInProgress, IdempotencyKeyInvalid, IdempotencyKeyMismatch
from tests.clock import NOON
from tests.database.rows import sql
from tests.factories.unpaid import HOLD, make_unpaid, scalars
from tests.orders.paying import says, settle, start

SUCCEEDED, FAILED = GatewayStatus.SUCCEEDED, GatewayStatus.FAILED


async def test_start_writes_payment_and_call_before_any_answer(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)

    payment_id = await start(db, order, now=NOON)

    row = "select status || ' ' || amount_minor || ' ' || currency from payments where id = :id"
    assert await scalars(db, row, id=payment_id) == ["created 2000 EUR"]
    assert await scalars(db, "select kind || ' ' || status from payment_calls") == ["create intended"]
    assert await scalars(db, "select next_poll_at from payments") == [NOON + timedelta(seconds=15)]


async def test_guest_pays_the_order_of_their_cart(db: Database) -> None:
    order = await make_unpaid(db, now=NOON, guest=True)

    await start(db, order, now=NOON)

    assert await scalars(db, "select requested_by from payments") == [order.buyer.cart_id]


@pytest.mark.parametrize("guest", [False, True])
async def test_start_hides_other_peoples_orders(db: Database, guest: bool) -> None:
    order = await make_unpaid(db, now=NOON, guest=guest)

    with pytest.raises(NotFound):
        await start(db, replace(order, buyer=order.stranger), now=NOON)
    with pytest.raises(NotFound):
        await start(db, replace(order, buyer=order.seller), now=NOON)
    with pytest.raises(Unauthenticated):
        await start(db, replace(order, buyer=ANONYMOUS), now=NOON)


async def test_start_refuses_at_the_instant_of_expiry(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)

    with pytest.raises(OrderNotPayable):
        await start(db, order, now=NOON + HOLD)

    await start(db, order, now=NOON + HOLD - timedelta(milliseconds=1))


async def test_start_refuses_a_paid_order(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    await settle(db, says(await start(db, order, now=NOON), SUCCEEDED), now=NOON)

    with pytest.raises(OrderNotPayable) as refusal:
        await start(db, order, now=NOON, key="again")

    assert refusal.value.status == "paid"


async def test_start_refuses_a_second_attempt_under_way(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    await start(db, order, now=NOON)

    with pytest.raises(PaymentInProgress):
        await start(db, order, now=NOON, key="other")

    assert await scalars(db, "select count(*) from payments") == [1]


async def test_start_refuses_while_a_failed_attempt_could_be_paid(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, GatewayStatus.REQUIRES_ACTION, client_secret="s"), now=NOON)
    await settle(db, says(payment_id, FAILED), now=NOON)

    with pytest.raises(PreviousAttemptOpen):
        await start(db, order, now=NOON, key="other")

    await settle(db, says(payment_id, GatewayStatus.CANCELLED), now=NOON)
    await start(db, order, now=NOON, key="other")
    assert await scalars(db, "select status from payments order by attempt") == ["failed", "created"]


async def test_same_key_is_in_progress_until_the_call_has_ended(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)

    with pytest.raises(IdempotencyInProgress):
        await start(db, order, now=NOON)

    async with db.write() as session:
        await answers.record_no_answer(session, payment_id=payment_id, now=NOON)
    assert await start(db, order, now=NOON) == payment_id
    await settle(db, says(payment_id, SUCCEEDED), now=NOON)
    assert await start(db, order, now=NOON) == payment_id


async def test_same_key_with_other_input_is_refused(db: Database) -> None:
    order, other = await make_unpaid(db, now=NOON), await make_unpaid(db, now=NOON)
    other = replace(other, buyer=order.buyer)
    await start(db, order, now=NOON)

    with pytest.raises(IdempotencyKeyMismatch):
        await start(db, order, now=NOON, card="pm_card_mastercard")
    async with db.write() as session:
        give = sql("update orders set buyer_id = :buyer where id = :id", buyer=order.buyer.user_id, id=other.id)
        await session.execute(give)
    with pytest.raises(IdempotencyKeyMismatch):
        await start(db, other, now=NOON)


async def test_keys_of_two_people_do_not_meet(db: Database) -> None:
    order, other = await make_unpaid(db, now=NOON), await make_unpaid(db, now=NOON)

    first, second = await start(db, order, now=NOON), await start(db, other, now=NOON)

    assert first != second


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\t", "é"])
async def test_malformed_keys_are_refused(db: Database, key: str) -> None:
    order = await make_unpaid(db, now=NOON)

    with pytest.raises(IdempotencyKeyInvalid):
        await start(db, order, now=NOON, key=key)


async def test_eight_attempts_at_once_leave_one(db: Database, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await make_unpaid(db, now=NOON)

    async def attempt(number: int) -> str:
        try:
            await start(db, order, now=NOON, key=f"key-{number}")
        except PaymentInProgress:
            return "in progress"
        return "started"

    outcomes = await run_together([attempt(number) for number in range(8)])

    assert sorted(outcomes) == ["in progress"] * 7 + ["started"]


async def test_started_says_whether_it_was_replayed(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, SUCCEEDED), now=NOON)

    async with db.write() as session:
        asked = pay.PaymentRequest(order_id=order.id, method_token="pm_card_visa", key="k1")
        again = await pay.start_payment(session, actor=order.buyer, asked=asked, now=NOON)

    assert again == pay.Started(payment_id, replayed=True)
