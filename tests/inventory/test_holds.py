"""Promising units: taken, paid for, given back, run out."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.inventory.service import holds
from shop_graphql.inventory.service.holds import HoldLine
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.db import Database
from tests.clock import NOON, FixedClock
from tests.database.rows import new_id
from tests.factories.shelves import Shelf, assert_books_balance, levels, make_shelf, rows

HOUR = timedelta(hours=1)


async def take(
    db: Database, shelf: Shelf, quantity: int, *, now: datetime = NOON, until: datetime | None = None
) -> UUID:
    """A committed hold of `quantity` units."""
    owner = new_id(now)
    async with db.write() as session:
        line = HoldLine(1, shelf.offer_id, quantity, ("lines", "0"))
        await holds.hold(session, owner_id=owner, lines=[line], until=until or now + HOUR, now=now)
    return owner


async def statuses(db: Database, owner: UUID) -> list[tuple[str, int]]:
    found = await rows(
        db, "select status, quantity from stock_reservations where order_id = :owner order by line_no, id", owner=owner
    )
    return [(status, quantity) for status, quantity in found]


async def test_hold_promises_units_with_a_movement(db: Database) -> None:
    shelf = await make_shelf(db, units=[5])

    owner = await take(db, shelf, 3)

    assert await levels(db, shelf) == [(5, 3)]
    assert await statuses(db, owner) == [("held", 3)]
    moved = "select reason, reserved_delta, order_id, line_no, at from stock_movements where reserved_delta <> 0"
    assert await rows(db, moved) == [("hold", 3, owner, 1, NOON)]
    await assert_books_balance(db)


async def test_hold_refuses_more_than_there_is(db: Database) -> None:
    shelf = await make_shelf(db, units=[5])
    await take(db, shelf, 3)

    with pytest.raises(OutOfStock) as refusal:
        await take(db, shelf, 3)

    assert refusal.value.available == 2
    assert refusal.value.offer_id == shelf.offer_id
    assert refusal.value.field == ("lines", "0")
    assert await levels(db, shelf) == [(5, 3)]


async def test_hold_refuses_an_offer_without_stock_rows(db: Database) -> None:
    shelf = await make_shelf(db, units=[])

    with pytest.raises(OutOfStock) as refusal:
        await take(db, shelf, 1)

    assert refusal.value.available == 0


async def test_two_lines_of_one_offer_share_its_units(db: Database) -> None:
    shelf = await make_shelf(db, units=[5])
    lines = [HoldLine(1, shelf.offer_id, 3), HoldLine(2, shelf.offer_id, 3)]

    with pytest.raises(OutOfStock):
        async with db.write() as session:
            await holds.hold(session, owner_id=new_id(NOON), lines=lines, until=NOON + HOUR, now=NOON)

    assert await levels(db, shelf) == [(5, 0)]


async def test_hold_prefers_one_place_and_else_splits(db: Database) -> None:
    shelf = await make_shelf(db, units=[2, 4])

    whole = await take(db, shelf, 4)
    await holds_nothing_more(db, shelf, 3)
    split = await make_shelf(db, units=[2, 4])
    owner = await take(db, split, 5)

    assert await statuses(db, whole) == [("held", 4)]
    assert await levels(db, shelf) == [(2, 0), (4, 4)]
    assert sorted(await statuses(db, owner)) == [("held", 2), ("held", 3)]
    assert await levels(db, split) == [(2, 2), (4, 3)]
    await assert_books_balance(db)


async def holds_nothing_more(db: Database, shelf: Shelf, quantity: int) -> None:
    with pytest.raises(OutOfStock):
        await take(db, shelf, quantity)


async def test_backorders_may_be_held_beyond_the_shelf(db: Database) -> None:
    shelf = await make_shelf(db, units=[1], backorder_limit=2)

    await take(db, shelf, 3)

    assert await levels(db, shelf) == [(1, 3)]
    await holds_nothing_more(db, shelf, 1)


async def test_a_hold_is_free_at_the_instant_it_expires(db: Database, clock: FixedClock) -> None:
    shelf = await make_shelf(db, units=[2])
    first = await take(db, shelf, 2, until=NOON + HOUR)

    clock.advance(3600 - 0.000001)
    with pytest.raises(OutOfStock):
        await take(db, shelf, 1, now=clock.now())
    clock.advance(0.000001)
    second = await take(db, shelf, 1, now=clock.now())

    assert clock.now() == NOON + HOUR
    assert await statuses(db, first) == [("expired", 2)]
    assert await statuses(db, second) == [("held", 1)]
    assert await levels(db, shelf) == [(2, 1)]
    ended = "select at from stock_movements where reason = 'expire'"
    assert await rows(db, ended) == [(NOON + HOUR,)]
    await assert_books_balance(db)


async def test_expired_holds_stay_until_units_are_short(db: Database) -> None:
    shelf = await make_shelf(db, units=[5])
    first = await take(db, shelf, 2, until=NOON + HOUR)

    await take(db, shelf, 3, now=NOON + 2 * HOUR)

    assert await statuses(db, first) == [("held", 2)]
    assert await levels(db, shelf) == [(5, 5)]


async def test_allocate_makes_a_hold_firm_once(db: Database, statements: list[str]) -> None:
    shelf = await make_shelf(db, units=[2])
    owner = await take(db, shelf, 2, until=NOON + HOUR)
    statements.clear()

    async with db.write() as session:
        assert await holds.allocate(session, owner_id=owner, now=NOON)
        assert await holds.allocate(session, owner_id=owner, now=NOON)

    assert await statuses(db, owner) == [("allocated", 2)]
    assert not [statement for statement in statements if "stock_items" in statement]
    with pytest.raises(OutOfStock):
        await take(db, shelf, 1, now=NOON + 2 * HOUR)
    await assert_books_balance(db)


async def test_allocate_takes_an_expired_hold_nobody_took(db: Database) -> None:
    shelf = await make_shelf(db, units=[2])
    owner = await take(db, shelf, 2, until=NOON + HOUR)

    async with db.write() as session:
        assert await holds.allocate(session, owner_id=owner, now=NOON + 2 * HOUR)

    assert await statuses(db, owner) == [("allocated", 2)]


async def test_retake_finds_the_units_wherever_they_are(db: Database) -> None:
    shelf = await make_shelf(db, units=[3, 3])
    late = await take(db, shelf, 4, until=NOON + HOUR)
    buyer = await take(db, shelf, 5, now=NOON + HOUR)
    async with db.write() as session:
        await holds.release(session, owner_id=buyer, now=NOON + HOUR)

    async with db.write() as session:
        assert not await holds.allocate(session, owner_id=late, now=NOON + HOUR)
        assert await holds.retake(session, owner_id=late, now=NOON + HOUR)

    assert sum(quantity for status, quantity in await statuses(db, late) if status == "allocated") == 4
    async with db.write() as session:
        assert await holds.allocate(session, owner_id=late, now=NOON + HOUR)
    await assert_books_balance(db)


async def test_retake_refuses_when_others_have_the_units(db: Database) -> None:
    shelf = await make_shelf(db, units=[3])
    late = await take(db, shelf, 2, until=NOON + HOUR)
    await take(db, shelf, 2, now=NOON + HOUR)

    async with db.write() as session:
        assert not await holds.allocate(session, owner_id=late, now=NOON + HOUR)
        assert not await holds.retake(session, owner_id=late, now=NOON + HOUR)

    assert await statuses(db, late) == [("expired", 2)]
    await assert_books_balance(db)


async def test_retake_keeps_what_is_left_of_a_torn_hold(db: Database) -> None:
    kettle, pan = await make_shelf(db, units=[2]), await make_shelf(db, units=[2])
    late = new_id(NOON)
    lines = [HoldLine(1, kettle.offer_id, 2), HoldLine(2, pan.offer_id, 2)]
    async with db.write() as session:
        await holds.hold(session, owner_id=late, lines=lines, until=NOON + HOUR, now=NOON)
    rival = await take(db, kettle, 1, now=NOON + HOUR)
    async with db.write() as session:
        await holds.release(session, owner_id=rival, now=NOON + HOUR)

    async with db.write() as session:
        assert not await holds.allocate(session, owner_id=late, now=NOON + HOUR)
        assert await holds.retake(session, owner_id=late, now=NOON + HOUR)

    assert await statuses(db, late) == [("allocated", 2), ("allocated", 2)]
    await assert_books_balance(db)


async def test_a_released_hold_cannot_be_retaken(db: Database) -> None:
    shelf = await make_shelf(db, units=[3])
    owner = await take(db, shelf, 2)
    async with db.write() as session:
        await holds.release(session, owner_id=owner, now=NOON)

    for nobody in (owner, new_id()):
        async with db.write() as session:
            assert not await holds.retake(session, owner_id=nobody, now=NOON)

    assert await levels(db, shelf) == [(3, 0)]


async def test_release_gives_back_what_is_promised_once(db: Database) -> None:
    shelf = await make_shelf(db, units=[3])
    owner = await take(db, shelf, 2)

    for expected in (1, 0):
        async with db.write() as session:
            assert await holds.release(session, owner_id=owner, now=NOON) == expected

    assert await levels(db, shelf) == [(3, 0)]
    assert await statuses(db, owner) == [("released", 2)]
    await assert_books_balance(db)


async def test_expire_leaves_allocated_units_alone(db: Database) -> None:
    shelf = await make_shelf(db, units=[3])
    paid, unpaid = await take(db, shelf, 1), await take(db, shelf, 2, until=NOON + HOUR)
    async with db.write() as session:
        await holds.allocate(session, owner_id=paid, now=NOON)

    for owner in (paid, unpaid):
        async with db.write() as session:
            await holds.release(session, owner_id=owner, now=NOON + 2 * HOUR, reason=MovementReason.EXPIRE)

    assert await statuses(db, paid) == [("allocated", 1)]
    assert await statuses(db, unpaid) == [("expired", 2)]
    assert await rows(db, "select at from stock_movements where reason = 'expire'") == [(NOON + HOUR,)]
    await assert_books_balance(db)


async def test_sweep_ends_every_hold_that_ran_out(db: Database) -> None:
    shelf = await make_shelf(db, units=[9])
    for minutes in (10, 20, 60):
        await take(db, shelf, 3, until=NOON + timedelta(minutes=minutes))

    for expected in (2, 0):
        async with db.write() as session:
            assert await holds.sweep(session, now=NOON + timedelta(minutes=20)) == expected

    assert await levels(db, shelf) == [(9, 3)]
    await assert_books_balance(db)
