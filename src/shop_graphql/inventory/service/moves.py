"""Changing levels together with their history: never one without the other.

The caller has locked the stock rows. Nothing here decides whether units may move.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shop_graphql.inventory.service import statements as sql
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.db import WriteSession


@dataclass(frozen=True, slots=True)
class Move:
    """Units of one stock row that came, went, were promised or became free. Units: pieces, signed."""

    stock_item_id: UUID
    on_hand: int
    reserved: int
    reason: MovementReason
    owner_id: UUID
    line_no: int
    at: datetime


async def change_levels(session: WriteSession, moves: Sequence[Move], *, now: datetime) -> None:
    """Levels have changed by the sums of `moves`, and each is written down: two statements, however many there are."""
    if not moves:
        return
    on_hand: dict[UUID, int] = {}
    reserved: dict[UUID, int] = {}
    for move in moves:
        on_hand[move.stock_item_id] = on_hand.get(move.stock_item_id, 0) + move.on_hand
        reserved[move.stock_item_id] = reserved.get(move.stock_item_id, 0) + move.reserved
    change = {
        "change_id": list(on_hand),
        "change_on_hand": list(on_hand.values()),
        "change_reserved": list(reserved.values()),
        "now": now,
    }
    await session.execute(sql.CHANGE_ITEMS, change)
    moved = {
        "moved_id": [session.new_id(now) for _ in moves],
        "moved_item": [move.stock_item_id for move in moves],
        "moved_on_hand": [move.on_hand for move in moves],
        "moved_reserved": [move.reserved for move in moves],
        "moved_reason": [move.reason.value for move in moves],
        "moved_owner": [move.owner_id for move in moves],
        "moved_line_no": [move.line_no for move in moves],
        "moved_at": [move.at for move in moves],
    }
    await session.execute(sql.ADD_MOVEMENTS, moved)
