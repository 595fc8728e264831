"""Levels as sellers set them. The only writer of `stock_items.on_hand` outside shipments and returns."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.catalogue.access import check_editor
from shop_graphql.catalogue.drafts import check_quantity
from shop_graphql.catalogue.queries import offers_by_ids
from shop_graphql.catalogue.rows import OfferRow
from shop_graphql.catalogue.states import StockPolicy
from shop_graphql.inventory.errors import StillPromised, StockHasChanged
from shop_graphql.inventory.models import StockItem, StockMovement
from shop_graphql.inventory.queries import available_by_offer_ids
from shop_graphql.inventory.service import statements as sql
from shop_graphql.inventory.service.hints import announce
from shop_graphql.inventory.service.holds import NOBODY
from shop_graphql.inventory.service.locations import location_of
from shop_graphql.inventory.service.moves import change_levels
from shop_graphql.inventory.service.places import lock_items, reclaim
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Lock, WriteSession
from shop_graphql.platform.errors import Invalid, NotFound
from shop_graphql.platform.idempotency import claim, remember


class LevelRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a seller wants to be on hand. Units: pieces."""

    offer_id: UUID
    on_hand: int
    location_id: UUID | None = None
    """None: the seller's first place."""
    expected_on_hand: int | None = None
    """The level the caller has seen; another one refuses the change."""
    backorder_limit: int | None = None
    """Units that may be sold beyond those on hand; None leaves it as it is."""


class LevelSet(msgspec.Struct, frozen=True):
    offer_id: UUID
    location_id: UUID
    replayed: bool = False


class Level(msgspec.Struct, frozen=True):
    id: UUID
    on_hand: int
    reserved: int
    backorder_limit: int


async def set_level_once(
    session: WriteSession, *, actor: Actor, key: str, request: LevelRequest, now: datetime
) -> LevelSet:
    """As `set_level`, and never twice under one idempotency key: a repetition only finds the level again.

    Raises: IdempotencyInProgress, IdempotencyKeyInvalid, IdempotencyKeyMismatch, Invalid, NotFound, RoleTooLow,
    StillPromised, StockHasChanged.
    """
    first = await claim(session, actor=actor, key=key, operation="inventorySet", request=request, now=now)
    if first is not None:
        return LevelSet(UUID(first["offer_id"]), UUID(first["location_id"]), replayed=True)
    done = await set_level(session, actor=actor, request=request, now=now)
    result = {"offer_id": str(done.offer_id), "location_id": str(done.location_id)}
    await remember(session, actor=actor, key=key, result=result)
    return done


async def set_level(
    session: WriteSession,
    *,
    actor: Actor,
    request: LevelRequest,
    now: datetime,
    reason: MovementReason = MovementReason.COUNT,
) -> LevelSet:
    """So many units of the offer are on hand at the place; what is promised to orders is untouched.

    Pages show the offer as in stock or out of stock from the same instant.
    Raises: Invalid, NotFound (also somebody else's offer or place), RoleTooLow, StillPromised, StockHasChanged.
    """
    check_quantity(request.on_hand, ("onHand",))
    offer = await _editable(session, actor=actor, request=request)
    location_id = await location_of(
        session, seller_id=offer.seller_id, location_id=request.location_id, field=("locationId",), now=now
    )
    level, is_new = await _locked_level(session, offer=offer, location_id=location_id, now=now)
    if request.expected_on_hand is not None and request.expected_on_hand != level.on_hand:
        raise StockHasChanged(on_hand=level.on_hand, field=("expectedOnHand",))
    before = (await available_by_offer_ids(session, [offer.id], now))[offer.id]
    await _write(
        session, actor=actor, level=level, request=request, reason=MovementReason.INITIAL if is_new else reason, now=now
    )
    after = (await available_by_offer_ids(session, [offer.id], now))[offer.id]
    if (before > 0) != (after > 0):
        await announce(session, offers=[offer], in_stock={offer.id: after > 0}, now=now)
    return LevelSet(offer.id, location_id)


async def _editable(session: WriteSession, *, actor: Actor, request: LevelRequest) -> OfferRow:
    offer = (await offers_by_ids(session, [request.offer_id])).get(request.offer_id)
    if offer is None:
        raise NotFound(field=("offerId",))
    check_editor(actor, offer.seller_id, field=("offerId",))
    if request.backorder_limit is not None:
        check_quantity(request.backorder_limit, ("backorderLimit",))
        if request.backorder_limit and offer.stock_policy is StockPolicy.DENY:
            message = "This offer's stock policy allows no sale beyond what is on hand."
            raise Invalid(field=("backorderLimit",), message=message)
    return offer


async def _locked_level(
    session: WriteSession, *, offer: OfferRow, location_id: UUID, now: datetime
) -> tuple[Level, bool]:
    session.taking(Lock.STOCK)
    new = insert(StockItem).values(
        id=session.new_id(now), offer_id=offer.id, seller_id=offer.seller_id, location_id=location_id, updated_at=now
    )
    made = await session.scalar(new.on_conflict_do_nothing(constraint="uq_stock_items_place").returning(StockItem.id))
    # All places of the offer, so that whether it is in stock as a whole is decided by one at a time.
    await lock_items(session, sql.LOCK_ITEMS_OF_OFFERS, ids=[offer.id])
    return await _level(session, offer_id=offer.id, location_id=location_id), made is not None


async def _level(session: WriteSession, *, offer_id: UUID, location_id: UUID) -> Level:
    statement = select(StockItem.id, StockItem.on_hand, StockItem.reserved, StockItem.backorder_limit).where(
        StockItem.offer_id == offer_id, StockItem.location_id == location_id
    )
    return (await session.fetch(statement, into=Level))[0]


async def _write(
    session: WriteSession, *, actor: Actor, level: Level, request: LevelRequest, reason: MovementReason, now: datetime
) -> None:
    backorder_limit = level.backorder_limit if request.backorder_limit is None else request.backorder_limit
    reserved = level.reserved
    if request.on_hand + backorder_limit < reserved:
        back = await reclaim(session, [level.id], spared=NOBODY, now=now)
        await change_levels(session, back, now=now)
        reserved += sum(move.reserved for move in back)
        if request.on_hand + backorder_limit < reserved:
            raise StillPromised(reserved=reserved, field=("onHand",))
    await session.execute(
        update(StockItem)
        .where(StockItem.id == level.id)
        .values(on_hand=request.on_hand, backorder_limit=backorder_limit, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    if request.on_hand != level.on_hand:
        movement = {
            "id": session.new_id(now),
            "stock_item_id": level.id,
            "on_hand_delta": request.on_hand - level.on_hand,
            "reason": reason,
            "actor_id": actor.user_id,
            "at": now,
        }
        await session.execute(insert(StockMovement).values(movement))
