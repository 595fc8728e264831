"""Stock rows under lock: what they can still give, and what comes back from promises that have run out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select

from shop_graphql.inventory.service import statements as sql
from shop_graphql.inventory.service.moves import Move
from shop_graphql.inventory.states import MovementReason, ReservationStatus
from shop_graphql.inventory.totals import HoldLine, Place, free_by_offer, wanted_by_offer
from shop_graphql.platform.db import Lock, WriteSession


class Reservation(msgspec.Struct, frozen=True):
    id: UUID
    line_no: int
    stock_item_id: UUID
    quantity: int
    status: ReservationStatus
    offer_id: UUID


class Ended(msgspec.Struct, frozen=True):
    stock_item_id: UUID
    owner_id: UUID
    line_no: int
    quantity: int
    at: datetime


async def lock_items(session: WriteSession, statement: Select[Any], **params: Any) -> list[UUID]:
    """The stock rows that `statement` locks, in key order, are ours until the transaction ends."""
    session.taking(Lock.STOCK)
    return list(await session.scalars(statement, params))


async def free_places(
    session: WriteSession, items: list[UUID], lines: Sequence[HoldLine], owner_id: UUID, now: datetime
) -> tuple[list[Place], list[Move]]:
    """What the locked rows can give, and what was taken back from run-out holds because they could not give enough."""
    places = await session.fetch(sql.PLACES, {"ids": items}, into=Place)
    free, wanted = free_by_offer(places), wanted_by_offer(lines)
    short = [place.stock_item_id for place in places if free[place.offer_id] < wanted.get(place.offer_id, 0)]
    if not short:
        return places, []
    back = await reclaim(session, short, spared=owner_id, now=now)
    more: dict[UUID, int] = {}
    for move in back:
        more[move.stock_item_id] = more.get(move.stock_item_id, 0) - move.reserved
    return [replace(place, free=place.free + more.get(place.stock_item_id, 0)) for place in places], back


async def reclaim(session: WriteSession, items: list[UUID], *, spared: UUID, now: datetime) -> list[Move]:
    """Run-out holds on locked rows are ended; the levels are the caller's to change."""
    session.taking(Lock.HOLD)
    ids = list(await session.scalars(sql.LOCK_EXPIRED, {"ids": items, "now": now, "owner": spared}))
    if not ids:
        return []
    ended = await session.fetch(sql.END_EXPIRED, {"ids": ids}, into=Ended)
    return freed(ended, MovementReason.EXPIRE)


def freed(ended: Sequence[Ended], reason: MovementReason) -> list[Move]:
    """The movements of promises that have ended."""
    return [Move(row.stock_item_id, 0, -row.quantity, reason, row.owner_id, row.line_no, row.at) for row in ended]
