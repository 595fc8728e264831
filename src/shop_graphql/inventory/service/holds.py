"""Promising units: held for a while, made firm by payment, given back.

With its neighbours in this package the only writer of `stock_items.reserved` and `stock_reservations`. Every change of
a level has its movement, and `reserved` never exceeds what there is. Stock rows are locked in key order before anything
is computed; paying changes reservations alone, so that the rows of a busy offer stay free for buyers.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.inventory.service import statements as sql
from shop_graphql.inventory.service.moves import Move, change_levels
from shop_graphql.inventory.service.places import Ended, Reservation, free_places, freed, lock_items, reclaim
from shop_graphql.inventory.service.shipping import ShipLine, ship
from shop_graphql.inventory.states import MovementReason, ReservationStatus
from shop_graphql.inventory.totals import HoldLine, Place, Shortage, Taking, allot, wanted_by_offer
from shop_graphql.platform.db import Lock, WriteSession

__all__ = ["HoldLine", "ShipLine", "allocate", "hold", "release", "retake", "ship", "sweep"]

FIRM = frozenset({ReservationStatus.ALLOCATED, ReservationStatus.FULFILLED})
NOBODY = UUID(int=0)


async def hold(
    session: WriteSession, *, owner_id: UUID, lines: Sequence[HoldLine], until: datetime, now: datetime
) -> None:
    """All units of `lines` are promised to `owner_id` until `until`, or none are.

    Units whose promise to somebody else has run out are taken back first, but only when they are needed.
    Raises: OutOfStock for the first line that cannot be had whole.
    """
    assert all(line.quantity > 0 for line in lines), "the owner's lines are checked before"
    items = await lock_items(session, sql.LOCK_ITEMS_OF_OFFERS, ids=list(wanted_by_offer(lines)))
    places, taken_back = await free_places(session, items, lines, owner_id, now)
    takings = _allotted(lines, places)
    await _promise(session, takings, owner_id=owner_id, status=ReservationStatus.HELD, until=until, now=now)
    await change_levels(session, [*taken_back, *_moves(takings, owner_id, now)], now=now)


async def allocate(session: WriteSession, *, owner_id: UUID, now: datetime) -> bool:
    """The owner's units are firm; True also when they were before. False when any is gone, and then nothing changed.

    A hold that ran out but was taken by nobody is still good. No stock row is touched or locked.
    """
    try:
        # A savepoint, so that a refusal lets go of the reservations: `retake` locks stock first.
        async with session.begin_nested():
            statuses = list(await session.scalars(sql.LOCK_HOLDS_OF_OWNER, {"owner": owner_id}))
            if not statuses or any(status not in FIRM | {ReservationStatus.HELD} for status in statuses):
                raise _Gone
            await session.execute(sql.ALLOCATE_HELD, {"owner": owner_id})
    except _Gone:
        return False
    session.taking(Lock.HOLD)
    return True


async def retake(session: WriteSession, *, owner_id: UUID, now: datetime) -> bool:
    """Units that had been taken back are promised anew and firm, wherever they lie now.

    False when they are not all there, or when the owner gave any of them up itself; nothing is promised then.
    """
    were = await session.fetch(sql.HOLDS_OF_OWNER, {"owner": owner_id}, into=Reservation)
    items = await lock_items(session, sql.LOCK_ITEMS_OF_OFFERS, ids=list({row.offer_id for row in were}))
    session.taking(Lock.HOLD)
    await session.execute(sql.LOCK_HOLDS_OF_OWNER, {"owner": owner_id})
    rows = await session.fetch(sql.HOLDS_OF_OWNER, {"owner": owner_id}, into=Reservation)
    if not rows or any(row.status is ReservationStatus.RELEASED for row in rows):
        return False

    lines = _lines_to_retake(rows)
    places, taken_back = await free_places(session, items, lines, owner_id, now)
    takings = allot(lines, places)
    if isinstance(takings, Shortage):
        await change_levels(session, taken_back, now=now)
        return False
    await session.execute(sql.DELETE_EXPIRED, {"owner": owner_id})
    await session.execute(sql.ALLOCATE_HELD, {"owner": owner_id})
    await _promise(session, takings, owner_id=owner_id, status=ReservationStatus.ALLOCATED, until=None, now=now)
    await change_levels(session, [*taken_back, *_moves(takings, owner_id, now)], now=now)
    return True


async def release(
    session: WriteSession, *, owner_id: UUID, now: datetime, reason: MovementReason = MovementReason.RELEASE
) -> int:
    """Whatever the owner still has promised is free again. Safe to repeat: the second call finds nothing.

    `EXPIRE` ends holds that nobody paid for, and leaves them to `retake`; `RELEASE` gives up allocated units as well.
    Shape: how many reservations ended.
    """
    assert reason in {MovementReason.RELEASE, MovementReason.EXPIRE}, "nothing else gives units back"
    await lock_items(session, sql.LOCK_ITEMS_OF_OWNER, owner=owner_id)
    session.taking(Lock.HOLD)
    await session.execute(sql.LOCK_HOLDS_OF_OWNER, {"owner": owner_id})
    statement = sql.EXPIRE if reason is MovementReason.EXPIRE else sql.RELEASE
    ended = await session.fetch(statement, {"owner": owner_id, "now": now}, into=Ended)
    await change_levels(session, freed(ended, reason), now=now)
    return len(ended)


async def sweep(session: WriteSession, *, limit: int = 500, now: datetime) -> int:
    """Holds that have run out are ended, the oldest first. Housekeeping: no buyer waits for it, nor it for buyers.

    Shape: how many reservations ended; 0 when there is no more to do, or others are at it.
    """
    session.taking(Lock.STOCK)
    due = list(await session.scalars(sql.LOCK_ITEMS_THAT_ARE_DUE, {"now": now, "most": limit}))
    taken_back = await reclaim(session, due, spared=NOBODY, now=now) if due else []
    await change_levels(session, taken_back, now=now)
    return len(taken_back)


class _Gone(Exception):
    """A promised unit is no longer there."""


def _allotted(lines: Sequence[HoldLine], places: Sequence[Place]) -> list[Taking]:
    takings = allot(lines, places)
    if isinstance(takings, Shortage):
        raise OutOfStock(offer_id=takings.line.offer_id, available=takings.available, field=takings.line.field)
    return takings


def _lines_to_retake(rows: Sequence[Reservation]) -> list[HoldLine]:
    gone: dict[tuple[int, UUID], int] = {}
    for row in rows:
        if row.status is ReservationStatus.EXPIRED:
            gone[row.line_no, row.offer_id] = gone.get((row.line_no, row.offer_id), 0) + row.quantity
    return [HoldLine(line_no, offer_id, quantity) for (line_no, offer_id), quantity in gone.items()]


def _moves(takings: Sequence[Taking], owner_id: UUID, now: datetime) -> list[Move]:
    return [
        Move(taking.stock_item_id, 0, taking.quantity, MovementReason.HOLD, owner_id, taking.line_no, now)
        for taking in takings
    ]


async def _promise(
    session: WriteSession,
    takings: Sequence[Taking],
    *,
    owner_id: UUID,
    status: ReservationStatus,
    until: datetime | None,
    now: datetime,
) -> None:
    taken = {
        "taken_id": [session.new_id(now) for _ in takings],
        "taken_item": [taking.stock_item_id for taking in takings],
        "taken_owner": [owner_id] * len(takings),
        "taken_line_no": [taking.line_no for taking in takings],
        "taken_quantity": [taking.quantity for taking in takings],
        "status_of_all": status,
        "until": until,
        "now": now,
    }
    await session.execute(sql.ADD_HOLDS, taken)
