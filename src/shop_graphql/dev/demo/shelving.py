"""Goods of the demo shop: products, offers of several sellers, first units, pictures and reviews; many at a time.

Goods that nobody else can see yet wait for no lock, and a batch is there whole or not at all.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import msgspec
from sqlalchemy import text

from shop_graphql.catalogue import service as catalogue_service
from shop_graphql.catalogue.drafts import OfferDraft, ProductDraft, VariantDraft
from shop_graphql.catalogue.queries import variants_by_ids
from shop_graphql.dev.demo.pictures.sheet import SIDE
from shop_graphql.dev.demo.reviewing import Review, reviews_of, write_reviews
from shop_graphql.dev.demo.shapes import Offer, Product, Variant
from shop_graphql.inventory.events import StockChanged
from shop_graphql.inventory.service.launch import launch_offers, launch_products
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
# Pictures have no use case yet; their files are drawn when they are asked for.
ADD_PICTURES = text(
    """
    insert into media (id, product_id, variant_id, kind, file_key, alt_text, width, height, position, status)
    select id, product_id, variant_id, 'image', file_key, alt_text, side, side, position, 'ready'
    from jsonb_to_recordset(cast(:rows as jsonb)) as r
        (id uuid, product_id uuid, variant_id uuid, file_key text, alt_text text, side int, position smallint)
    """
)
SPREAD = text(
    """
    update products set created_at = at, updated_at = at, published_at = at
    from jsonb_to_recordset(cast(:rows as jsonb)) as r (id uuid, at timestamptz) where products.id = r.id
    """
)


class PictureRow(msgspec.Struct, frozen=True):
    id: UUID
    product_id: UUID
    variant_id: UUID | None
    file_key: str
    alt_text: str
    position: int
    side: int = SIDE


class BeganRow(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime


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
    since = {product.sku: _since(product, now) for product in products}
    variants: dict[str, UUID] = {}
    reviews: list[Review] = []
    pictures: list[PictureRow] = []
    began: list[BeganRow] = []
    async with db.write() as session:
        for seller in dict.fromkeys(product.seller for product in products):
            theirs = [product for product in products if product.seller == seller]
            first = min(since[product.sku] for product in theirs)
            for product, new in zip(theirs, await _launch(session, theirs, seats, first), strict=True):
                at = since[product.sku]
                began.append(BeganRow(new.product_id, at))
                pictures += _pictures_of(session, product, new, at)
                variants |= {one.sku: key for one, key in zip(product.variants, new.variant_ids, strict=True)}
                reviews += reviews_of(session, product, new.product_id, authors=seats.reviewers, since=at, now=now)
        made = [row.id for row in began]
        # All at once: locked one by one, the second product would come after the first one's variants.
        await catalogue_service.lock_products(session, product_ids=made)
        await session.execute(ADD_PICTURES, {"rows": msgspec.json.encode(pictures).decode()})
        # A seller's goods came in over years and not all on one day.
        await session.execute(SPREAD, {"rows": msgspec.json.encode(began).decode()})
        await _join(session, [offer for offer in offers if offer.of in variants], variants, seats, now)
        await catalogue_service.refresh_listing(session, product_ids=made, now=now)
        await write_reviews(session, reviews)
        await session.execute(DROP_NEWS_OF_STOCK, {"type": StockChanged.name, "of": StockChanged.aggregate_type})


async def plant_offers(
    db: Database, offers: Sequence[Offer], variants: Mapping[str, UUID], seats: Seats, now: datetime
) -> None:
    """Sellers have joined variants that were on sale before."""
    async with db.write() as session:
        await catalogue_service.lock_products(
            session, product_ids=await products_of(session, [variants[one.of] for one in offers])
        )
        await _join(session, offers, variants, seats, now)


async def products_of(session: WriteSession, variant_ids: list[UUID]) -> list[UUID]:
    return [row.product_id for row in (await variants_by_ids(session, variant_ids)).values()]


def _since(product: Product, now: datetime) -> datetime:
    rng = Random(f"since/{product.sku}")
    return now - timedelta(days=rng.randint(*DAYS_ON_SALE), minutes=rng.randrange(1440))


async def _launch(
    session: WriteSession, products: Sequence[Product], seats: Seats, now: datetime
) -> list[catalogue_service.NewProduct]:
    actor, seller_id = seats.sellers[products[0].seller]
    drafts = [
        ProductDraft(
            title=product.title,
            description=product.description,
            brand=product.brand,
            category_id=seats.categories[product.category],
            options=(product.option,),
            variants=tuple(_draft(variant) for variant in product.variants),
        )
        for product in products
    ]
    return await launch_products(session, actor=actor, seller_id=seller_id, drafts=drafts, now=now)


def _draft(variant: Variant) -> VariantDraft:
    offer = OfferDraft(sku=variant.sku, price_minor=_cents(variant.price), currency=CURRENCY, quantity=variant.stock)
    return VariantDraft(option_values=(variant.name,), gtin=variant.gtin, offer=offer)


def _pictures_of(
    session: WriteSession, product: Product, new: catalogue_service.NewProduct, at: datetime
) -> list[PictureRow]:
    return [
        PictureRow(
            id=session.new_id(at),
            product_id=new.product_id,
            variant_id=None if picture.variant is None else new.variant_ids[picture.variant],
            file_key=f"demo/{picture.name}.svg",
            alt_text=picture.alt,
            position=place,
        )
        for place, picture in enumerate(product.pictures)
    ]


async def _join(
    session: WriteSession, offers: Sequence[Offer], variants: Mapping[str, UUID], seats: Seats, now: datetime
) -> None:
    for seller in dict.fromkeys(offer.seller for offer in offers):
        actor, seller_id = seats.sellers[seller]
        placed = [
            catalogue_service.PlacedOffer(
                variants[offer.of],
                OfferDraft(
                    sku=offer.sku,
                    price_minor=_cents(offer.price),
                    currency=CURRENCY,
                    condition=offer.condition,
                    quantity=offer.stock,
                ),
            )
            for offer in offers
            if offer.seller == seller
        ]
        await launch_offers(session, actor=actor, seller_id=seller_id, offers=placed, now=now)


def _cents(price: Decimal) -> int:
    minor = to_minor(price, CURRENCY)
    assert minor is not None, "the catalogue's prices are euros and cents"
    return minor
