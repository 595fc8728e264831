"""Goods for tests, made by the use cases that make them in the shop: listed, searchable, with their stock."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_graphql.catalogue import service as catalogue
from shop_graphql.catalogue.drafts import OfferDraft, ProductDraft, VariantDraft
from shop_graphql.catalogue.service import NewOffer, NewProduct
from shop_graphql.inventory.service import launch
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.sellers import make_seller

_numbers = itertools.count(1)


def owner_of(seller_id: UUID, role: str = "owner") -> Actor:
    """Somebody of the seller's team, for calls that only ask about roles."""
    return Actor(user_id=UUID(int=7), seller_roles={seller_id: role})


async def make_category(
    db: Database, *, name: str = "Kitchen", slug: str | None = None, parent_id: UUID | None = None, sort_order: int = 0
) -> UUID:
    """A committed category."""
    async with db.write() as session:
        return await catalogue.category_create(
            session,
            name=name,
            slug=slug or f"category-{next(_numbers)}",
            parent_id=parent_id,
            sort_order=sort_order,
            now=NOON,
        )


def an_offer_draft(**values: Any) -> OfferDraft:
    given: dict[str, Any] = {"sku": f"SKU-{next(_numbers)}", "price_minor": 1000, "currency": "EUR", "quantity": 20}
    return OfferDraft(**(given | values))


def a_draft(category_id: UUID, **values: Any) -> ProductDraft:
    """A product with one variant that is sold for 10.00 EUR."""
    given: dict[str, Any] = {
        "title": "Kettle",
        "variants": (VariantDraft(offer=an_offer_draft()),),
        "category_id": category_id,
    }
    return ProductDraft(**(given | values))


async def make_product(
    db: Database,
    *,
    seller_id: UUID | None = None,
    category_id: UUID | None = None,
    offers: Sequence[OfferDraft] | None = None,
    now: datetime = NOON,
    **values: Any,
) -> NewProduct:
    """A committed product, published unless said otherwise; one variant for each of `offers`, in this order."""
    category = category_id or await make_category(db)
    seller = seller_id or await make_seller(db)
    if offers is not None:
        several = len(offers) > 1
        values["options"] = ("Size",) if several else ()
        values["variants"] = tuple(
            VariantDraft(option_values=(str(place),) if several else (), offer=offer)
            for place, offer in enumerate(offers)
        )
    async with db.write() as session:
        return await launch.launch_product(
            session, actor=SYSTEM, seller_id=seller, draft=a_draft(category, **values), now=now
        )


async def make_offer(
    db: Database,
    *,
    seller_id: UUID | None = None,
    category_id: UUID | None = None,
    title: str = "Kettle",
    stock: int = 20,
    price_minor: int = 1000,
    currency: str = "EUR",
    now: datetime = NOON,
    **terms: Any,
) -> NewOffer:
    """A committed offer of a new public product with one variant."""
    draft = an_offer_draft(quantity=stock, price_minor=price_minor, currency=currency, **terms)
    product = await make_product(db, seller_id=seller_id, category_id=category_id, title=title, offers=[draft], now=now)
    return product.offers[0]


async def join_offer(
    db: Database, *, variant_id: UUID, seller_id: UUID | None = None, now: datetime = NOON, **terms: Any
) -> NewOffer:
    """Another seller's committed offer for a variant that is there."""
    seller = seller_id or await make_seller(db)
    async with db.write() as session:
        return await launch.launch_offer(
            session, actor=SYSTEM, seller_id=seller, variant_id=variant_id, draft=an_offer_draft(**terms), now=now
        )
