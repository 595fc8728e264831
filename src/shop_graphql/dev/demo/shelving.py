"""Goods of the demo shop: products, offers of several sellers, their first units and their reviews, many per transaction.

Goods that nobody else can see yet wait for no lock, and a batch is there whole or not at all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import msgspec
from sqlalchemy import text

from shop_graphql.catalogue import service as catalogue_service
from shop_graphql.catalogue.drafts import OfferDraft, ProductDraft, VariantDraft
from shop_graphql.dev.demo.reviewing import Review, reviews_of, write_reviews
from shop_graphql.dev.demo.shapes import Offer, Product
from shop_graphql.inventory.events import StockChanged
from shop_graphql.inventory.service.launch import launch_offer, launch_product
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.money import to_minor

CURRENCY = "EUR"
DAYS_ON_SALE = (120, 900)
"""Since when goods are in the catalogue, from and to."""

VARIANT_OF_SKU = text("select sku, variant_id from offers where sku = any(:skus)")
# Pages show this stock from the first moment on; jobs that look again at each new offer would keep the first buyer
# waiting for a mail.
DROP_NEWS_OF_STOCK = text("delete from outbox_messages where type = :type and aggregate_type = :of")


class SkuRow(msgspec.Struct, frozen=True):
    sku: str
    variant_id: UUID


class Seats(msgspec.Struct, frozen=True):
    """Who acts for which seller, what categories are called inside, and who writes reviews."""

    sellers: dict[str, tuple[Actor, UUID]]
    categories: dict[str, UUID]
    reviewers: list[UUID]


async def planted(db: Database, skus: list[str]) -> dict[str, UUID]:
    """Which of the SKUs are on sale already, and what variants they are of."""
    rows = await db.reader.fetch(VARIANT_OF_SKU, {"skus": skus}, into=SkuRow)
    return {row.sku: row.variant_id for row in rows}


async def plant_goods(
    db: Database, products: Sequence[Product], offers: Sequence[Offer], seats: Seats, now: datetime
) -> None:
    """These products are on sale, by other sellers too where `offers` say so, and have been reviewed."""
    variants: dict[str, UUID] = {}
    reviews: list[Review] = []
    async with db.write() as session:
        made = []
        for product in products:
            since = now - timedelta(days=Random(f"since/{product.sku}").randint(*DAYS_ON_SALE))
            product_id, variant_ids = await _launch(session, product, seats, since)
            made.append(product_id)
            variants |= {one.sku: key for one, key in zip(product.variants, variant_ids, strict=True)}
            reviews += reviews_of(session, product, product_id, authors=seats.reviewers, since=since, now=now)
        # All at once: locked one by one, the second product would come after the first one's variants.
        await catalogue_service.lock_products(session, product_ids=made)
        for offer in offers:
            if offer.of in variants:
                await _join(session, offer, variants[offer.of], seats, now)
        await write_reviews(session, reviews)
        await session.execute(DROP_NEWS_OF_STOCK, {"type": StockChanged.name, "of": StockChanged.aggregate_type})


async def plant_offer(db: Database, offer: Offer, variant_id: UUID, seats: Seats, now: datetime) -> None:
    """The seller has joined a variant that was on sale before."""
    async with db.write() as session:
        await _join(session, offer, variant_id, seats, now)


async def _launch(session: WriteSession, product: Product, seats: Seats, now: datetime) -> tuple[UUID, list[UUID]]:
    actor, seller_id = seats.sellers[product.seller]
    variants = tuple(
        VariantDraft(
            option_values=(variant.name,),
            gtin=variant.gtin,
            offer=OfferDraft(
                sku=variant.sku,
                price_minor=_cents(variant.price),
                currency=CURRENCY,
                quantity=variant.stock,
            ),
        )
        for variant in product.variants
    )
    draft = ProductDraft(
        title=product.title,
        description=product.description,
        brand=product.brand,
        category_id=seats.categories[product.category],
        options=(product.option,),
        variants=variants,
    )
    new = await launch_product(session, actor=actor, seller_id=seller_id, draft=draft, now=now)
    return new.product_id, new.variant_ids


async def _join(session: WriteSession, offer: Offer, variant_id: UUID, seats: Seats, now: datetime) -> None:
    actor, seller_id = seats.sellers[offer.seller]
    draft = OfferDraft(
        sku=offer.sku,
        price_minor=_cents(offer.price),
        currency=CURRENCY,
        condition=offer.condition,
        quantity=offer.stock,
    )
    await launch_offer(session, actor=actor, seller_id=seller_id, variant_id=variant_id, draft=draft, now=now)


def _cents(price: Decimal) -> int:
    minor = to_minor(price, CURRENCY)
    assert minor is not None, "the catalogue's prices are euros and cents"
    return minor
