"""Units that leave the house."""

from datetime import timedelta
from uuid import UUID

import pytest

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.inventory.service import holds
from shop_graphql.inventory.service.holds import HoldLine, ShipLine
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.database.rows import new_id
from tests.factories.shelves import Shelf, assert_books_balance, levels, make_shelf, rows


async def allocated(db: Database, *lines: tuple[Shelf, int]) -> UUID:
    """A committed allocation, one line for each."""
    owner = new_id(NOON)
    wanted = [HoldLine(number, shelf.offer_id, quantity) for number, (shelf, quantity) in enumerate(lines, start=1)]
    async with db.write() as session:
        await holds.hold(session, owner_id=owner, lines=wanted, until=NOON + timedelta(hours=1), now=NOON)
        assert await holds.allocate(session, owner_id=owner, now=NOON)
    return owner


async def send(db: Database, owner: UUID, *lines: ShipLine) -> None:
    async with db.write() as session:
        await holds.ship(session, owner_id=owner, lines=lines, now=NOON)


async def statuses(db: Database, owner: UUID) -> list[tuple[object, ...]]:
    statement = "select line_no, status, quantity from stock_reservations where order_id = :owner order by line_no"
    return await rows(db, statement, owner=owner)


async def test_ship_takes_units_off_the_shelf(db: Database) -> None:
    kettle, pan = await make_shelf(db, units=[5]), await make_shelf(db, units=[5])
    owner = await allocated(db, (kettle, 2), (pan, 1))

    await send(db, owner, ShipLine(1, 2), ShipLine(2, 1))

    assert await levels(db, kettle) == [(3, 0)]
    assert await levels(db, pan) == [(4, 0)]
    assert await statuses(db, owner) == [(1, "fulfilled", 2), (2, "fulfilled", 1)]
    await assert_books_balance(db)


async def test_ship_keeps_the_rest_of_a_line(db: Database) -> None:
    shelf = await make_shelf(db, units=[5])
    owner = await allocated(db, (shelf, 4))

    await send(db, owner, ShipLine(1, 2))
    half = await statuses(db, owner)
    await send(db, owner, ShipLine(1, 1), ShipLine(1, 1))

    assert half == [(1, "allocated", 2)]
    assert await levels(db, shelf) == [(1, 0)]
    assert [status for _, status, _ in await statuses(db, owner)] == ["fulfilled"]
    await assert_books_balance(db)


async def test_ship_empties_every_place_of_a_split_line(db: Database) -> None:
    shelf = await make_shelf(db, units=[2, 2])
    owner = await allocated(db, (shelf, 3))

    await send(db, owner, ShipLine(1, 3))

    assert await levels(db, shelf) == [(0, 0), (1, 0)]
    await assert_books_balance(db)


async def test_backordered_units_cannot_leave_before_they_came(db: Database) -> None:
    shelf = await make_shelf(db, units=[1], backorder_limit=5)
    owner = await allocated(db, (shelf, 3))

    with pytest.raises(OutOfStock) as refusal:
        await send(db, owner, ShipLine(1, 2, ("lines", "0", "quantity")))

    assert refusal.value.available == 1
    assert refusal.value.field == ("lines", "0", "quantity")
    assert await levels(db, shelf) == [(1, 3)]
