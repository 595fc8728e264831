"""Orders whose sums, numbers and progress hold."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop_graphql.orders.models import Order, SubOrder
from shop_graphql.orders.states import OrderStatus
from shop_graphql.platform.db import WriteSession
from tests.database.rows import World, a_sub_order, an_order, an_order_line, refusal, sql


@pytest.mark.parametrize("at", [datetime(2019, 3, 1, tzinfo=UTC), datetime(2026, 12, 31, 23, 59, tzinfo=UTC)])
async def test_an_order_lies_in_the_partition_of_its_year(session: WriteSession, world: World, at: datetime) -> None:
    session.add(an_order(world.buyer, at=at))
    await session.flush()

    where = await session.scalar(sql("select tableoid::regclass::text from orders"))

    assert where == ("orders_history" if at.year == 2019 else "orders_2026")


async def test_a_number_agrees_with_the_day_of_the_id(session: WriteSession, world: World) -> None:
    other_day = datetime(2026, 11, 19, tzinfo=UTC)
    number = an_order(world.buyer, at=other_day).number

    assert await refusal(session, an_order(world.buyer, number=number)) == "ck_orders_number_matches_id"


async def test_the_day_of_a_number_is_counted_in_utc(session: WriteSession, world: World) -> None:
    await session.execute(sql("set local timezone = 'Pacific/Auckland'"))

    assert await refusal(session, an_order(world.buyer, at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))) is None


async def test_a_number_names_one_order(session: WriteSession, world: World) -> None:
    twins = [an_order(world.buyer, digits=7) for _ in range(2)]

    assert await refusal(session, *twins) == "uq_orders_2026_number"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"total_minor": 1999}, "ck_orders_total"),
        ({"discount_minor": 3000, "total_minor": -1000}, "ck_orders_amounts"),
        ({"captured_minor": 100, "refunded_minor": 101}, "ck_orders_refund_within_capture"),
        ({"discount_minor": 500, "shipping_minor": 300, "tax_minor": 90, "total_minor": 1890}, None),
    ],
)
async def test_the_sums_of_an_order_hold(
    session: WriteSession, world: World, values: dict[str, Any], constraint: str | None
) -> None:
    assert await refusal(session, an_order(world.buyer, **values)) == constraint


async def test_a_seller_has_one_part_of_an_order(session: WriteSession, world: World) -> None:
    order = an_order(world.buyer)
    parts = [a_sub_order(order, world.seller, sub_no=number) for number in (1, 2)]

    assert await refusal(session, order, *parts) == "uq_sub_orders_2026_seller"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"quantity": 0, "total_minor": 0}, "ck_order_lines_quantity"),
        ({"total_minor": 2001}, "ck_order_lines_total"),
        ({"shipped_quantity": 2, "cancelled_quantity": 1}, "ck_order_lines_progress"),
        ({"shipped_quantity": 1, "returned_quantity": 2}, "ck_order_lines_progress"),
        ({"refunded_minor": 2001}, "ck_order_lines_refund"),
        ({"sub_no": 2}, "fk_order_lines_sub_order"),
        ({"shipped_quantity": 1, "cancelled_quantity": 1, "returned_quantity": 1}, None),
    ],
)
async def test_a_line_never_ships_more_than_was_bought(
    session: WriteSession, world: World, values: dict[str, Any], constraint: str | None
) -> None:
    order = an_order(world.buyer)
    part = a_sub_order(order, world.seller)
    line = an_order_line(part, world.offer, world.product)
    for name, value in values.items():
        setattr(line, name, value)

    assert await refusal(session, order, part, line) == constraint


async def test_an_order_is_written_and_read_as_a_whole(session: WriteSession, world: World) -> None:
    order = an_order(world.buyer)
    part = a_sub_order(order, world.seller)
    part.lines = [an_order_line(part, world.offer, world.product, line_no=number) for number in (1, 2)]
    order.sub_orders = [part]
    session.add(order)
    await session.flush()
    session.expunge_all()

    whole = select(Order).options(
        selectinload(Order.lines), selectinload(Order.sub_orders).selectinload(SubOrder.lines)
    )
    found = await session.scalar(whole)

    assert found is not None
    assert [line.line_no for line in found.lines] == [line.line_no for line in found.sub_orders[0].lines] == [1, 2]
    assert found.status is OrderStatus.PENDING_PAYMENT
    assert (found.captured_minor, found.version) == (0, 1)
