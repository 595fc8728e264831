"""What becomes of payments whose answer was lost: found out about by polling, with one charge at most."""

from datetime import timedelta

import pytest

from shop_graphql.payments.errors import GatewayAway
from shop_graphql.payments.states import PaymentStatus
from tests.database.rows import sql
from tests.factories.unpaid import HOLD, make_unpaid, scalars
from tests.orders.paying import start
from tests.payments.paying import Till
from tests.payments.simulator import Simulator

EXPIRED = HOLD + timedelta(minutes=2)


@pytest.mark.parametrize("card", ["pm_sim_error_after_charge", "pm_sim_hang", "pm_sim_silent"])
async def test_lost_answer_is_found_with_exactly_one_charge(till: Till, simulator: Simulator, card: str) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    done = await till.initiate(order, card)
    await till.until(order, "paid", "succeeded")

    assert done.payment.status is PaymentStatus.PROCESSING
    assert len(await simulator.charges()) == 1
    assert await scalars(till.db, "select status from payment_calls") == ["done"]


async def test_gateway_that_was_down_charges_once_when_it_is_back(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await simulator.set(down=True)

    done = await till.initiate(order)
    await till.poll(later_seconds=2)
    assert await till.status_of(order) == ("pending_payment", "processing")
    await simulator.set(down=False)
    await till.until(order, "paid", "succeeded")

    assert done.payment.status is PaymentStatus.PROCESSING
    assert len(await simulator.charges()) == 1


async def test_process_that_died_before_the_call_is_made_up_for(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await start(till.db, order, now=till.clock.now())

    assert await till.poll(later_seconds=14) == 0
    assert await till.poll(later_seconds=1) == 1
    await till.until(order, "paid", "succeeded")

    assert len(await simulator.charges()) == 1


async def test_process_that_died_after_the_call_is_made_up_for(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    payment = (await till.initiate(order)).payment
    async with till.db.write() as session:
        forget = "update payments set gateway_payment_id = null, status = 'created' where id = :id"
        await session.execute(sql(forget, id=payment.id))

    await till.until(order, "paid", "succeeded")

    assert len(await simulator.charges()) == 1


async def test_two_workers_polling_at_once_settle_once(till: Till, simulator: Simulator, run_together) -> None:  # type: ignore[no-untyped-def]
    orders = [await make_unpaid(till.db, now=till.clock.now()) for _ in range(4)]
    for order in orders:
        await till.initiate(order, "pm_sim_error_after_charge")
    till.clock.advance(60)

    due = await run_together([till.poll(later_seconds=0) for _ in range(4)])

    assert sum(due) == 4
    assert [await till.status_of(order) for order in orders] == [("paid", "succeeded")] * 4
    assert len(await simulator.charges()) == 4


async def test_pauses_between_polls_double_up_to_five_minutes(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await till.initiate(order, "pm_sim_never")
    pauses = []

    for _ in range(9):
        (due,) = await scalars(till.db, "select next_poll_at from payments")
        pauses.append(round((due - till.clock.now()).total_seconds()))  # type: ignore[operator]
        assert await till.poll(later_seconds=pauses[-1]) == 1

    assert pauses == [2, 2, 4, 8, 16, 32, 64, 128, 256]
    (due,) = await scalars(till.db, "select next_poll_at from payments")
    assert due - till.clock.now() == timedelta(minutes=5)  # type: ignore[operator]


async def test_card_that_fails_later_leaves_the_order_payable(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())

    first = await till.initiate(order, "pm_sim_fails_later")
    await till.until(order, "pending_payment", "failed")
    await till.initiate(order, key="other card")
    await till.until(order, "paid", "succeeded")

    assert first.payment.status is PaymentStatus.PROCESSING
    assert len(await simulator.charges()) == 1


async def test_undecided_payment_keeps_its_order_open(till: Till) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await till.initiate(order, "pm_sim_never")
    till.clock.advance(EXPIRED.total_seconds())

    await till.poll()

    assert await till.expire() == 0
    assert await till.status_of(order) == ("pending_payment", "processing")


async def test_bank_page_left_alone_is_called_off_and_the_order_expires(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    asked = (await till.initiate(order, "pm_card_authenticationRequired")).payment
    till.clock.advance(EXPIRED.total_seconds())

    assert await till.expire() == 0
    await till.poll()
    assert await till.status_of(order) == ("pending_payment", "cancelled")
    assert await till.expire() == 1

    await simulator.answer_bank_page(asked.next_action_url, "approve")
    assert await simulator.charges() == []
    assert await till.status_of(order) == ("expired", "cancelled")


async def test_refused_bank_page_is_called_off_by_polling(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    asked = (await till.initiate(order, "pm_card_authenticationRequired")).payment
    await simulator.answer_bank_page(asked.next_action_url, "refuse")
    await till.poll()
    assert await till.status_of(order) == ("pending_payment", "failed")

    await till.poll()

    assert (await till.gateway.retrieve(asked.gateway_payment_id or "")).status == "cancelled"
    assert await till.status_of(order) == ("pending_payment", "failed")
    assert await scalars(till.db, "select coalesce(client_secret, next_poll_at::text) from payments") == [None]


async def test_card_is_not_tried_for_an_order_that_has_expired(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    await simulator.set(down=True)
    await till.initiate(order)
    await simulator.set(down=False)
    till.clock.advance(EXPIRED.total_seconds())

    await till.poll()

    assert await till.status_of(order) == ("pending_payment", "failed")
    assert await scalars(till.db, "select decline_code from payments") == ["abandoned"]
    assert await till.expire() == 1
    assert await simulator.charges() == []


async def test_verify_says_so_when_the_gateway_is_away(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    payment = (await till.initiate(order)).payment
    await simulator.set(down=True)

    with pytest.raises(GatewayAway):
        await till.verify(payment.id, order.buyer)

    await simulator.set(down=False)
    await till.until(order, "paid", "succeeded")
    assert (await till.verify(payment.id, order.buyer)).status is PaymentStatus.SUCCEEDED


async def test_verify_leaves_a_call_under_way_alone(till: Till, simulator: Simulator) -> None:
    order = await make_unpaid(till.db, now=till.clock.now())
    payment_id = await start(till.db, order, now=till.clock.now())

    assert (await till.verify(payment_id, order.buyer)).status is PaymentStatus.CREATED
    assert await simulator.charges() == []
