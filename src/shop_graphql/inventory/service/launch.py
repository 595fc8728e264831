"""New goods with their first units: one step for the seller, the catalogue's and the inventory's for us."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert

from shop_graphql.catalogue import service as catalogue
from shop_graphql.catalogue.drafts import OfferDraft, ProductDraft
from shop_graphql.catalogue.service import NewOffer, NewProduct, PlacedOffer
from shop_graphql.events.outbox import publish
from shop_graphql.inventory.events import StockChanged
from shop_graphql.inventory.models import StockItem, StockMovement
from shop_graphql.inventory.service.locations import location_of
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession


async def launch_product(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, draft: ProductDraft, now: datetime
) -> NewProduct:
    """The product is in the catalogue and its offers' units are on the shelf.

    Raises: GtinTaken, Invalid, NotFound, RoleTooLow, SkuTaken, TooManyOptions, TooManyVariants.
    """
    return (await launch_products(session, actor=actor, seller_id=seller_id, drafts=[draft], now=now))[0]


async def launch_products(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, drafts: Sequence[ProductDraft], now: datetime
) -> list[NewProduct]:
    """As `launch_product` for each of `drafts`, all of them or none. Shape: in the order of the drafts.

    Raises: GtinTaken, Invalid, NotFound, RoleTooLow, SkuTaken, TooManyOptions, TooManyVariants.
    """
    products = await catalogue.products_create(session, actor=actor, seller_id=seller_id, drafts=drafts, now=now)
    offers = [offer for product in products for offer in product.offers]
    await _shelve(session, actor=actor, offers=offers, now=now)
    return products


async def launch_offer(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, variant_id: UUID, draft: OfferDraft, now: datetime
) -> NewOffer:
    """The variant is for sale on the seller's terms and its units are on the shelf.

    Raises: Invalid, NotFound, OfferExists, RoleTooLow, SkuTaken.
    """
    placed = PlacedOffer(variant_id=variant_id, draft=draft)
    return (await launch_offers(session, actor=actor, seller_id=seller_id, offers=[placed], now=now))[0]


async def launch_offers(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, offers: Sequence[PlacedOffer], now: datetime
) -> list[NewOffer]:
    """As `launch_offer` for each of `offers`, all of them or none. Shape: in the order of the offers.

    Raises: Invalid, NotFound, OfferExists, RoleTooLow, SkuTaken.
    """
    made = await catalogue.offers_create(session, actor=actor, seller_id=seller_id, offers=offers, now=now)
    await _shelve(session, actor=actor, offers=made, now=now)
    return made


async def _shelve(session: WriteSession, *, actor: Actor, offers: Sequence[NewOffer], now: datetime) -> None:
    """First units of offers that nobody else can see yet, which is why no lock is taken."""
    if not offers:
        return
    seller_id = offers[0].seller_id
    place = await location_of(session, seller_id=seller_id, location_id=None, field=(), now=now)
    items = [
        {
            "id": session.new_id(now),
            "offer_id": offer.offer_id,
            "seller_id": seller_id,
            "location_id": place,
            "on_hand": offer.quantity,
            "updated_at": now,
        }
        for offer in offers
    ]
    await session.execute(insert(StockItem), items)
    movements = [
        {
            "id": session.new_id(now),
            "stock_item_id": item["id"],
            "on_hand_delta": offer.quantity,
            "reason": MovementReason.INITIAL,
            "actor_id": actor.user_id,
            "at": now,
        }
        for item, offer in zip(items, offers, strict=True)
        if offer.quantity
    ]
    if movements:
        await session.execute(insert(StockMovement), movements)
    facts = [
        StockChanged(aggregate_id=offer.offer_id, seller_id=seller_id, product_id=offer.product_id, is_in_stock=True)
        for offer in offers
        if offer.quantity
    ]
    await publish(session, *facts, now=now)
