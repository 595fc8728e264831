"""Stock that the database itself refuses to oversell."""

from datetime import datetime
from typing import Any

import pytest

from shop_graphql.inventory.models import StockReservation
from shop_graphql.inventory.states import ReservationStatus
from shop_graphql.platform.db import WriteSession
from tests.database.rows import NOW, World, a_location, a_stock_item, an_offer, in_days, new_id, refusal, sql


def a_reservation(world: World, **values: Any) -> StockReservation:
    given = {"order_id": new_id(), "line_no": 1, "quantity": 1, "expires_at": in_days(1), "created_at": NOW, **values}
    return StockReservation(id=new_id(), stock_item_id=world.stock.id, **given)


@pytest.mark.parametrize(
    ("reserved", "backorder", "refused"), [(5, 0, False), (6, 0, True), (6, 1, False), (7, 1, True)]
)
async def test_reserved_units_never_exceed_what_exists(
    session: WriteSession, world: World, reserved: int, backorder: int, refused: bool
) -> None:
    change = sql(
        "update stock_items set reserved = :reserved, backorder_limit = :limit", reserved=reserved, limit=backorder
    )

    assert await refusal(session, change) == ("ck_stock_items_never_oversold" if refused else None)


async def test_a_count_below_what_is_promised_is_refused(session: WriteSession, world: World) -> None:
    await session.execute(sql("update stock_items set reserved = 3"))

    assert await refusal(session, sql("update stock_items set on_hand = 2")) == "ck_stock_items_never_oversold"


@pytest.mark.parametrize("column", ["on_hand", "reserved"])
async def test_levels_are_never_negative(session: WriteSession, world: World, column: str) -> None:
    change = sql(f"update stock_items set backorder_limit = 100, {column} = -1")

    assert await refusal(session, change) == f"ck_stock_items_{column}"


async def test_stock_lies_once_per_offer_and_place(session: WriteSession, world: World) -> None:
    again = a_stock_item(world.offer, world.location)

    assert await refusal(session, again) == "uq_stock_items_place"


async def test_stock_never_lies_at_another_sellers_place(session: WriteSession, world: World) -> None:
    elsewhere = a_location(world.other_seller)

    assert await refusal(session, elsewhere, a_stock_item(world.offer, elsewhere)) == "fk_stock_items_location"


async def test_stock_belongs_to_the_seller_of_its_offer(session: WriteSession, world: World) -> None:
    theirs = an_offer(world.variant, world.other_seller)
    claimed = a_stock_item(theirs, world.location, seller_id=world.seller.id)

    assert await refusal(session, theirs, claimed) == "fk_stock_items_offer"


@pytest.mark.parametrize(
    ("status", "expires_at", "ended_at", "constraint"),
    [
        ("held", in_days(1), None, None),
        ("held", None, None, "ck_stock_reservations_hold_expires"),
        ("held", in_days(1), NOW, "ck_stock_reservations_ended"),
        ("allocated", None, None, None),
        ("allocated", in_days(1), None, "ck_stock_reservations_allocated_is_firm"),
        ("released", in_days(1), NOW, None),
        ("released", in_days(1), None, "ck_stock_reservations_ended"),
        ("expired", NOW, NOW, None),
    ],
)
async def test_only_holds_expire_and_ends_have_a_time(
    session: WriteSession,
    world: World,
    status: str,
    expires_at: datetime | None,
    ended_at: datetime | None,
    constraint: str | None,
) -> None:
    row = a_reservation(world, status=ReservationStatus(status), expires_at=expires_at, ended_at=ended_at)

    assert await refusal(session, row) == constraint


async def test_a_line_is_promised_once_per_stock_item(session: WriteSession, world: World) -> None:
    first = a_reservation(world)
    again = a_reservation(world, order_id=first.order_id)

    assert await refusal(session, first, again) == "uq_stock_reservations_line"


async def test_a_movement_moves_something(session: WriteSession, world: World) -> None:
    nothing = sql(
        "insert into stock_movements (id, stock_item_id, reason, at) values (:id, :item, 'count', :at)",
        id=new_id(),
        item=world.stock.id,
        at=NOW,
    )

    assert await refusal(session, nothing) == "ck_stock_movements_moves"
