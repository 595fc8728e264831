"""Trying a card: one charge at most, whatever the answer and however often it is asked."""

import pytest

from shop_graphql.orders.errors import OrderNotPayable
from shop_graphql.payments.errors import PaymentDeclined, PaymentInProgress, PaymentMethodUnknown
from shop_graphql.payments.states import PaymentStatus
from shop_graphql.platform.errors import Invalid, NotFound, ShopError
from shop_graphql.platform.idempotency import IdempotencyInProgress, IdempotencyKeyMismatch
from tests.factories.unpaid import make_unpaid, scalars
from tests.payments.paying import Till
from tests.payments.simulator import Simulator


async def test_good_card_pays_the_order_with_one_charge(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    done = await till.initiate(order)
    await till.until(order, "paid", "succeeded")

    assert (done.payment.status, done.replayed) == (PaymentStatus.PROCESSING, False)
    (charge,) = await simulator.charges()
    assert (charge["amount"], charge["captured"], charge["currency"]) == (2000, 2000, "eur")
    assert charge["metadata"]["payment_id"] == str(done.payment.id)
    assert await scalars(till.db, "select octet_length(card_fingerprint_hash) from payments") == [32]


async def test_declined_card_leaves_the_order_payable(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    with pytest.raises(PaymentDeclined) as refusal:
        await till.initiate(order, "pm_card_chargeDeclinedInsufficientFunds")

    assert refusal.value.decline_code == "insufficient_funds"
    assert refusal.value.payment.status is PaymentStatus.FAILED
    assert await till.status_of(order) == ("pending_payment", "failed")
    await till.initiate(order, key="another card")
    await till.until(order, "paid", "succeeded")
    assert len(await simulator.charges()) == 1


async def test_declined_card_frees_its_key(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    with pytest.raises(PaymentDeclined):
        await till.initiate(order, "pm_card_chargeDeclined", key="k")

    again = await till.initiate(order, "pm_card_visa", key="k")

    assert not again.replayed


async def test_unknown_card_is_refused_and_nothing_is_left_open(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    with pytest.raises(PaymentMethodUnknown) as refusal:
        await till.initiate(order, "pm_of_nobody")

    assert refusal.value.field == ("paymentMethod",)
    assert await till.status_of(order) == ("pending_payment", "failed")
    assert await scalars(till.db, "select status from payment_calls") == ["failed"]


@pytest.mark.parametrize("token", ["", "x" * 256, "pm card\n", "pm_é"])
async def test_impossible_tokens_never_reach_the_gateway(till: Till, token: str) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    with pytest.raises(Invalid):
        await till.initiate(order, token)

    assert await till.status_of(order) == ("pending_payment", None)


async def test_same_key_replays_without_another_charge(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    first = await till.initiate(order)

    twin = await till.initiate(order)
    await till.until(order, "paid", "succeeded")
    late_twin = await till.initiate(order)

    assert (twin.payment.id, twin.replayed) == (first.payment.id, True)
    assert (late_twin.payment.status, late_twin.replayed) == (PaymentStatus.SUCCEEDED, True)
    assert len(await simulator.charges()) == 1


async def test_same_key_with_another_card_is_a_mismatch(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await till.initiate(order)

    with pytest.raises(IdempotencyKeyMismatch):
        await till.initiate(order, "pm_card_mastercard")


async def test_paid_order_cannot_be_paid_again(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await till.initiate(order)
    await till.until(order, "paid", "succeeded")

    with pytest.raises(OrderNotPayable):
        await till.initiate(order, key="again")

    assert len(await simulator.charges()) == 1


async def test_other_peoples_orders_and_payments_are_not_there(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    payment = (await till.initiate(order)).payment

    with pytest.raises(NotFound):
        await till.initiate(order, actor=order.stranger, key="mine")
    for curious in (order.stranger, order.seller):
        with pytest.raises(NotFound):
            await till.verify(payment.id, curious)


async def test_eight_cards_at_once_make_one_charge(till: Till, simulator: Simulator, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await make_unpaid(till.db, now=till.clock.now())

    async def attempt(number: int) -> str:
        try:
            await till.initiate(order, key=f"tab-{number}")
        except PaymentInProgress:
            return "in progress"
        return "tried"

    outcomes = await run_together([attempt(number) for number in range(8)])
    await till.until(order, "paid", "succeeded")

    assert sorted(outcomes) == ["in progress"] * 7 + ["tried"]
    assert len(await simulator.charges()) == 1


async def test_eight_twins_at_once_make_one_charge(till: Till, simulator: Simulator, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await make_unpaid(till.db, now=till.clock.now())

    async def attempt() -> str:
        try:
            done = await till.initiate(order, "pm_sim_slow")
        except IdempotencyInProgress:
            return "in progress"
        return "replayed" if done.replayed else "tried"

    outcomes = await run_together([attempt() for _ in range(8)])
    await till.until(order, "paid", "succeeded")

    assert outcomes.count("tried") == 1
    assert set(outcomes) <= {"tried", "in progress", "replayed"}
    assert len(await simulator.charges()) == 1
    assert await scalars(till.db, "select count(*) from payments") == [1]


async def test_bank_page_is_asked_for_and_approval_pays(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    back = "http://shop.example/back"

    asked = (await till.initiate(order, "pm_card_authenticationRequired", return_url=back)).payment
    await simulator.answer_bank_page(asked.next_action_url, "approve")
    paid = await till.verify(asked.id, order.buyer)

    assert asked.status is PaymentStatus.REQUIRES_ACTION
    assert asked.client_secret
    assert (paid.status, paid.client_secret, paid.next_action_url) == (PaymentStatus.SUCCEEDED, None, None)
    assert await till.status_of(order) == ("paid", "succeeded")


async def test_refused_bank_page_is_called_off_before_the_next_card(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    asked = (await till.initiate(order, "pm_card_authenticationRequired")).payment
    await simulator.answer_bank_page(asked.next_action_url, "refuse")
    failed = await till.verify(asked.id, order.buyer)

    await till.initiate(order, key="next card")

    assert failed.status is PaymentStatus.FAILED
    assert failed.decline_code == "payment_intent_authentication_failure"
    at_gateway = await till.gateway.retrieve(asked.gateway_payment_id or "")
    assert at_gateway.status == "cancelled"
    await till.until(order, "paid", "succeeded")
    assert len(await simulator.charges()) == 1


async def test_next_card_waits_while_the_gateway_cannot_call_off(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    asked = (await till.initiate(order, "pm_card_authenticationRequired")).payment
    await simulator.answer_bank_page(asked.next_action_url, "refuse")
    await till.verify(asked.id, order.buyer)
    await simulator.set(down=True)

    with pytest.raises(ShopError) as refusal:
        await till.initiate(order, key="next card")

    assert refusal.value.code == "PAYMENT_GATEWAY_UNAVAILABLE"
    assert await scalars(till.db, "select count(*) from payments") == [1]
