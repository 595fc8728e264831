"""Many buyers at once, on real connections."""

import asyncio
import random
from datetime import timedelta
from uuid import UUID

import pytest

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.inventory.service import holds
from shop_graphql.inventory.service.holds import HoldLine
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.crowd import crowd, deadlocks, together
from tests.database.rows import new_id
from tests.factories.shelves import Shelf, assert_books_balance, levels, make_shelf
from tests.sizes import SIZE

pytestmark = pytest.mark.race

HOUR = timedelta(hours=1)


async def try_to_hold(db: Database, *wanted: tuple[Shelf, int], late: timedelta = timedelta()) -> UUID | None:
    """The new hold's owner, or None when it was refused."""
    owner = new_id(NOON)
    lines = [HoldLine(number, shelf.offer_id, units) for number, (shelf, units) in enumerate(wanted, start=1)]
    try:
        async with db.write() as session:
            await holds.hold(session, owner_id=owner, lines=lines, until=NOON + late + HOUR, now=NOON + late)
    except OutOfStock:
        return None
    return owner


async def test_exactly_as_many_are_held_as_there_are(db: Database, database_url: str) -> None:
    shelf = await make_shelf(db, units=[SIZE.units])

    async with crowd(database_url) as many:
        holders = await together(try_to_hold(many, (shelf, 1)) for _ in range(SIZE.buyers))

    assert len([holder for holder in holders if holder]) == SIZE.units
    assert await levels(db, shelf) == [(SIZE.units, SIZE.units)]
    await assert_books_balance(db)


async def test_units_at_several_places_are_all_sold_once(db: Database, database_url: str) -> None:
    shelf = await make_shelf(db, units=[3, 4, 5])

    async with crowd(database_url) as many:
        holders = await together(try_to_hold(many, (shelf, 2)) for _ in range(SIZE.buyers))

    assert len([holder for holder in holders if holder]) == 6
    assert sum(reserved for _, reserved in await levels(db, shelf)) == 12
    await assert_books_balance(db)


async def test_opposite_line_orders_never_deadlock(db: Database, database_url: str) -> None:
    shelves = [await make_shelf(db, units=[200]) for _ in range(4)]
    before = await deadlocks(db)

    async def buy(many: Database, turn: int) -> None:
        wanted = [(shelf, 1) for shelf in (shelves if turn % 2 else reversed(shelves))]
        owner = await try_to_hold(many, *wanted)
        assert owner is not None
        if turn % 3 == 0:
            async with many.write() as session:
                await holds.release(session, owner_id=owner, now=NOON)

    async with crowd(database_url) as many:
        await together(buy(many, turn) for turn in range(SIZE.buyers))

    assert await deadlocks(db) == before
    await assert_books_balance(db)


async def test_paying_against_reclaiming_never_sells_twice(db: Database, database_url: str) -> None:
    units = 10
    shelves = [await make_shelf(db, units=[units]) for _ in range(2)]
    first = [await try_to_hold(db, (shelves[0], 1), (shelves[1], 1)) for _ in range(units)]
    before = await deadlocks(db)

    async def pay(many: Database, owner: UUID | None) -> bool:
        assert owner is not None
        async with many.write() as session:
            return await holds.allocate(session, owner_id=owner, now=NOON + HOUR) or await holds.retake(
                session, owner_id=owner, now=NOON + HOUR
            )

    async with crowd(database_url) as many:
        paying = [pay(many, owner) for owner in random.Random(7).sample(first, units)]
        orders = [[(shelf, 1) for shelf in order] for order in [shelves, shelves[::-1]] * units]
        results = await together([*paying, *(try_to_hold(many, *order, late=HOUR) for order in orders)])

    assert len([result for result in results if result]) == units
    assert await deadlocks(db) == before
    await assert_books_balance(db)


async def test_a_refused_payment_lets_go_of_what_it_locked(db: Database) -> None:
    kettle, pan = await make_shelf(db, units=[1]), await make_shelf(db, units=[1])
    late = await try_to_hold(db, (kettle, 1), (pan, 1))
    assert late is not None
    assert await try_to_hold(db, (kettle, 1), late=HOUR) is not None

    async with db.write() as session:
        assert not await holds.allocate(session, owner_id=late, now=NOON + HOUR)
        # Another buyer takes back the rest of the torn hold, while this transaction is still open.
        async with asyncio.timeout(5):
            rival = await try_to_hold(db, (pan, 1), late=HOUR)
        assert not await holds.retake(session, owner_id=late, now=NOON + HOUR)

    assert rival is not None
    await assert_books_balance(db)
