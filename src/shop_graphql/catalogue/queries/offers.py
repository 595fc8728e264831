"""Offers, what they cost now, and which of them a product page sells."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import any_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from shop_graphql.catalogue.models import FeaturedOffer, Offer, OfferPrice, Product, Variant
from shop_graphql.catalogue.queries.binds import IDS, NOW, key_params, keys
from shop_graphql.catalogue.queries.visibility import OFFER_IS_PUBLIC, VARIANT_IS_PUBLIC, Owner
from shop_graphql.catalogue.rows import OfferRow, PriceRange, PriceRow
from shop_graphql.catalogue.states import PriceKind
from shop_graphql.platform.db import Reader
from shop_graphql.sellers.models import Seller

OFFERS_MAX = 50
"""Offers shown of one variant; the best come first."""

KEYS = keys()
PRICES = (
    select(
        OfferPrice.offer_id,
        OfferPrice.currency,
        func.coalesce(
            func.max(OfferPrice.price_minor).filter(OfferPrice.kind == PriceKind.SALE),
            func.max(OfferPrice.price_minor),
        ),
        func.max(OfferPrice.price_minor).filter(OfferPrice.kind == PriceKind.LIST),
    )
    .select_from(KEYS)
    .join(OfferPrice, (OfferPrice.offer_id == KEYS.c.id) & (OfferPrice.currency == KEYS.c.currency))
    .where(OfferPrice.valid.contains(NOW))
    .group_by(OfferPrice.offer_id, OfferPrice.currency)
)
OFFER_COLUMNS = (
    Offer.id,
    Offer.variant_id,
    Variant.product_id,
    Offer.seller_id,
    Offer.sku,
    Offer.condition,
    Offer.stock_policy,
    Offer.status,
    Offer.handling_days,
    Offer.max_per_order,
    Offer.version,
    OFFER_IS_PUBLIC,
)
OFFERS_BY_IDS = (
    select(*OFFER_COLUMNS)
    .join(Variant, Variant.id == Offer.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(Seller, Seller.id == Offer.seller_id)
    .where(Offer.id == any_(IDS))
)
PRICE_NOW = (
    select(OfferPrice.price_minor)
    .where(OfferPrice.offer_id == Offer.id, OfferPrice.currency == KEYS.c.currency, OfferPrice.valid.contains(NOW))
    .order_by((OfferPrice.kind == PriceKind.SALE).desc())
    .limit(1)
    .correlate(Offer, KEYS)
    .scalar_subquery()
)
RANKED_OFFERS = (
    select(
        KEYS.c.currency,
        *OFFER_COLUMNS[:-1],
        OFFER_IS_PUBLIC.label("is_public"),
        func.row_number()
        .over(
            partition_by=(Offer.variant_id, KEYS.c.currency),
            order_by=(OFFER_IS_PUBLIC.desc(), Offer.is_in_stock.desc(), PRICE_NOW.asc().nulls_last(), Offer.id),
        )
        .label("place"),
    )
    .select_from(KEYS)
    .join(Offer, Offer.variant_id == KEYS.c.id)
    .join(Variant, Variant.id == Offer.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(Seller, Seller.id == Offer.seller_id)
    .subquery()
)
OFFERS_BY_VARIANTS = (
    select(*[column for column in RANKED_OFFERS.c if column.name != "place"])
    .where(RANKED_OFFERS.c.place <= OFFERS_MAX)
    .order_by(RANKED_OFFERS.c.variant_id, RANKED_OFFERS.c.place)
)
FEATURED = (
    select(KEYS.c.id, KEYS.c.currency, *OFFER_COLUMNS)
    .select_from(KEYS)
    .join(Variant, Variant.id == KEYS.c.id)
    .join(FeaturedOffer, (FeaturedOffer.variant_id == Variant.id) & (FeaturedOffer.currency == KEYS.c.currency))
    .join(Offer, Offer.id == FeaturedOffer.offer_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(Seller, Seller.id == Offer.seller_id)
)
FEATURED_OF_PRODUCTS = (
    select(KEYS.c.id, KEYS.c.currency, *OFFER_COLUMNS)
    .select_from(KEYS)
    .join(Variant, Variant.product_id == KEYS.c.id)
    .join(FeaturedOffer, (FeaturedOffer.variant_id == Variant.id) & (FeaturedOffer.currency == KEYS.c.currency))
    .join(Offer, Offer.id == FeaturedOffer.offer_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(Seller, Seller.id == Offer.seller_id)
    .where(VARIANT_IS_PUBLIC)
    .ext(distinct_on(KEYS.c.id, KEYS.c.currency))
    .order_by(
        KEYS.c.id,
        KEYS.c.currency,
        Offer.is_in_stock.desc(),
        FeaturedOffer.price_minor,
        Variant.position,
        Variant.id,
    )
)
PRICE_RANGES = (
    select(
        Variant.product_id,
        FeaturedOffer.currency,
        func.min(FeaturedOffer.price_minor),
        func.max(FeaturedOffer.price_minor),
    )
    .select_from(KEYS)
    .join(Variant, Variant.product_id == KEYS.c.id)
    .join(FeaturedOffer, (FeaturedOffer.variant_id == Variant.id) & (FeaturedOffer.currency == KEYS.c.currency))
    .group_by(Variant.product_id, FeaturedOffer.currency)
)

Keyed = tuple[tuple[UUID, str], OfferRow]


def _keyed(key: UUID, currency: str, *offer: object) -> Keyed:
    return (key, currency), OfferRow(*offer)  # type: ignore[arg-type]  # the statement's columns, in order


def _of_variant(currency: str, *offer: object) -> Keyed:
    row = OfferRow(*offer)  # type: ignore[arg-type]  # the statement's columns, in order
    return (row.variant_id, currency), row


async def offers_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, OfferRow]:
    """Offers keyed by id, public or not; unknown ids are absent."""
    rows = await reader.fetch(OFFERS_BY_IDS, {"ids": ids}, into=OfferRow)
    return {row.id: row for row in rows}


async def offers_of_variants(
    reader: Reader, wanted: list[tuple[UUID, str]], now: datetime
) -> dict[tuple[UUID, str], list[OfferRow]]:
    """At most 50 offers of each (variant, currency): public ones first, of these the ones in stock, then by price."""
    found: dict[tuple[UUID, str], list[OfferRow]] = defaultdict(list)
    for key, row in await reader.fetch(OFFERS_BY_VARIANTS, key_params(wanted) | {"now": now}, into=_of_variant):
        found[key].append(row)
    return found


async def prices_now(reader: Reader, wanted: list[tuple[UUID, str]], now: datetime) -> dict[tuple[UUID, str], PriceRow]:
    """What each (offer, currency) costs at `now`; an offer without a price in that currency is absent."""
    rows = await reader.fetch(PRICES, key_params(wanted) | {"now": now}, into=PriceRow)
    return {(row.offer_id, row.currency): row for row in rows}


async def featured_offers(reader: Reader, wanted: list[tuple[UUID, str]]) -> dict[tuple[UUID, str], OfferRow]:
    """The offer that each (variant, currency) sells by default; absent where nobody sells it."""
    return dict(await reader.fetch(FEATURED, key_params(wanted), into=_keyed))


async def featured_offers_of_products(
    reader: Reader, wanted: list[tuple[UUID, str]]
) -> dict[tuple[UUID, str], OfferRow]:
    """The best featured offer among the variants of each (product, currency): in stock first, then the cheapest."""
    return dict(await reader.fetch(FEATURED_OF_PRODUCTS, key_params(wanted), into=_keyed))


async def price_ranges(reader: Reader, wanted: list[tuple[UUID, str]]) -> dict[tuple[UUID, str], PriceRange]:
    """The lowest and highest featured price of each (product, currency); absent where nobody sells it."""
    rows = await reader.fetch(PRICE_RANGES, key_params(wanted), into=PriceRange)
    return {(row.product_id, row.currency): row for row in rows}
