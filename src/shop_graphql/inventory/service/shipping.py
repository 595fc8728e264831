"""Allocated units leave the house: they are neither on hand nor promised any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.inventory.service import statements as sql
from shop_graphql.inventory.service.moves import Move, change_levels
from shop_graphql.inventory.service.places import Reservation, lock_items
from shop_graphql.inventory.states import MovementReason, ReservationStatus
from shop_graphql.platform.db import Lock, WriteSession


@dataclass(frozen=True, slots=True)
class ShipLine:
    """Units of one line that leave now. `field` is where a refusal points inside `input`."""

    line_no: int
    quantity: int
    field: tuple[str, ...] = ()


async def ship(session: WriteSession, *, owner_id: UUID, lines: Sequence[ShipLine], now: datetime) -> None:
    """The units of `lines` have left: neither on hand nor promised any more. All lines of a parcel in one call.

    A partly sent line keeps the rest allocated.
    Raises: OutOfStock for units that were sold on backorder and have not arrived.
    """
    await lock_items(session, sql.LOCK_ITEMS_OF_OWNER, owner=owner_id)
    session.taking(Lock.HOLD)
    await session.execute(sql.LOCK_HOLDS_OF_OWNER, {"owner": owner_id})
    rows = await session.fetch(sql.HOLDS_OF_OWNER, {"owner": owner_id}, into=Reservation)
    rows = [row for row in rows if row.status is ReservationStatus.ALLOCATED]
    left = {row.id: row.quantity for row in rows}
    moves, sent = [], dict[UUID, int]()
    for line in lines:
        need = line.quantity
        for row in (row for row in rows if row.line_no == line.line_no):
            given = min(need, left[row.id])
            if given:
                need -= given
                left[row.id] -= given
                sent[row.id] = sent.get(row.id, 0) + given
                moves.append(Move(row.stock_item_id, -given, -given, MovementReason.SHIP, owner_id, line.line_no, now))
        assert need == 0, "orders.ship sends no more of a line than is paid for and still here"
    await _check_on_hand(session, moves, lines)
    given_away = {"sent_id": list(sent), "sent_quantity": list(sent.values()), "now": now}
    await session.execute(sql.SEND, given_away)
    await change_levels(session, moves, now=now)


async def _check_on_hand(session: WriteSession, moves: Sequence[Move], lines: Sequence[ShipLine]) -> None:
    leaving: dict[UUID, int] = {}
    for move in moves:
        leaving[move.stock_item_id] = leaving.get(move.stock_item_id, 0) - move.on_hand
    rows = await session.execute(sql.ON_HAND, {"ids": list(leaving)})
    here = {item_id: (offer_id, on_hand) for item_id, offer_id, on_hand in rows}
    fields = {line.line_no: line.field for line in lines}
    for move in moves:
        offer_id, on_hand = here[move.stock_item_id]
        if leaving[move.stock_item_id] > on_hand:
            raise OutOfStock(offer_id=offer_id, available=on_hand, field=fields[move.line_no])
