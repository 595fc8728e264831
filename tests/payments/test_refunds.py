"""Money that cannot stay: asked back once from the gateway, until it is decided."""

from datetime import timedelta
from uuid import UUID

from shop_graphql.payments import flows as gateway_calls
from shop_graphql.payments import queries as payments
from tests.database.rows import sql
from tests.factories.unpaid import HOLD, Unpaid, make_unpaid, scalars, take_the_rest
from tests.payments.paying import Till
from tests.payments.simulator import Simulator

SUMS = "select captured_minor || '/' || refunded_minor || '/' || refunding_minor from payments"


async def paid_too_late(till: Till) -> Unpaid:
    """An order whose money came when its units were sold to somebody else."""
    order = await make_unpaid(till.db, now=till.clock.now(), on_hand=2)
    await till.initiate(order, "pm_sim_error_after_charge")
    late = till.clock.advance((HOLD + timedelta(minutes=2)).total_seconds())
    await take_the_rest(till.db, order, now=late, quantity=1)
    await till.poll()
    assert await till.status_of(order) == ("expired", "succeeded")
    return order


async def only_refund(till: Till) -> UUID:
    (refund_id,) = await scalars(till.db, "select id from refunds")
    assert isinstance(refund_id, UUID)
    return refund_id


async def test_money_without_units_goes_back_once(till: Till, simulator: Simulator, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await paid_too_late(till)
    assert await scalars(till.db, SUMS) == ["2000/0/2000"]

    due = await run_together([till.send_refunds(later_seconds=0) for _ in range(3)])
    await till.send_refunds()

    (charge,) = await simulator.charges()
    assert (sum(due), charge["captured"], charge["refunded"]) == (1, 2000, 2000)
    assert await scalars(till.db, SUMS) == ["2000/2000/0"]
    assert await scalars(till.db, "select refunded_minor from orders where id = :id", id=order.id) == [2000]
    assert await scalars(till.db, "select status from refunds") == ["succeeded"]


async def test_refund_waits_for_a_gateway_that_is_down(till: Till, simulator: Simulator) -> None:
    await paid_too_late(till)
    await simulator.set(down=True)

    await till.send_refunds()
    assert await scalars(till.db, "select status from refunds") == ["requested"]
    await simulator.set(down=False)
    await till.send_refunds()

    assert await scalars(till.db, SUMS) == ["2000/2000/0"]
    assert [charge["refunded"] for charge in await simulator.charges()] == [2000]


async def test_refund_whose_answer_was_lost_is_not_made_twice(till: Till, simulator: Simulator) -> None:
    await paid_too_late(till)
    (due,) = await payments.refunds_due(till.db.reader, [await only_refund(till)])
    await gateway_calls.give_back(till.gateway, due, now=till.clock.now())

    await till.send_refunds()

    assert [charge["refunded"] for charge in await simulator.charges()] == [2000]
    assert await scalars(till.db, SUMS) == ["2000/2000/0"]


async def test_forgotten_key_of_a_refund_is_made_up_for(till: Till, simulator: Simulator) -> None:
    await paid_too_late(till)
    (due,) = await payments.refunds_due(till.db.reader, [await only_refund(till)])
    await gateway_calls.give_back(till.gateway, due, now=till.clock.now())

    await till.send_refunds(later_seconds=timedelta(days=2).total_seconds())

    assert [charge["refunded"] for charge in await simulator.charges()] == [2000]
    assert await scalars(till.db, SUMS) == ["2000/2000/0"]


async def test_refund_that_is_refused_for_a_day_is_given_up(till: Till) -> None:
    await paid_too_late(till)
    async with till.db.write() as session:
        await session.execute(sql("update payments set gateway_payment_id = 'pi_of_nobody'"))

    await till.send_refunds()
    assert await scalars(till.db, "select status from refunds") == ["requested"]
    await till.send_refunds(later_seconds=timedelta(days=2).total_seconds())

    assert await scalars(till.db, "select status from refunds") == ["failed"]
    assert await scalars(till.db, SUMS) == ["2000/0/0"]
