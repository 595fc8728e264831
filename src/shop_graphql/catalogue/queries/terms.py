"""On which terms an offer may be bought: read afresh by carts and orders, never cached."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import any_, select

from shop_graphql.catalogue.models import Offer, OfferPrice, Product, Variant
from shop_graphql.catalogue.queries.binds import CURRENCY, IDS, NOW
from shop_graphql.catalogue.queries.visibility import OFFER_IS_PUBLIC, Owner
from shop_graphql.catalogue.rows import SaleTerms
from shop_graphql.catalogue.states import PriceKind
from shop_graphql.platform.db import Reader
from shop_graphql.sellers.models import Seller

PRICE_NOW = (
    select(OfferPrice.price_minor)
    .where(
        OfferPrice.offer_id == Offer.id,
        OfferPrice.currency == CURRENCY,
        OfferPrice.valid.contains(NOW),
    )
    .order_by((OfferPrice.kind == PriceKind.SALE).desc())
    .limit(1)
    .correlate(Offer)
    .scalar_subquery()
)
SALE_TERMS = (
    select(
        Offer.id,
        Offer.variant_id,
        Variant.product_id,
        Offer.seller_id,
        Offer.sku,
        Product.title,
        Variant.title,
        PRICE_NOW,
        OFFER_IS_PUBLIC,
        Offer.max_per_order,
        Offer.handling_days,
    )
    .join(Variant, Variant.id == Offer.variant_id)
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(Seller, Seller.id == Offer.seller_id)
    .where(Offer.id == any_(IDS))
)


async def sale_terms(reader: Reader, offer_ids: list[UUID], *, currency: str, now: datetime) -> dict[UUID, SaleTerms]:
    """What each offer is sold for at `now`, keyed by offer; unknown ids are absent.

    Shape: an offer without a price in `currency` is there with `unit_price_minor` None. Nothing is converted.
    """
    rows = await reader.fetch(SALE_TERMS, {"ids": offer_ids, "currency": currency, "now": now}, into=SaleTerms)
    return {row.offer_id: row for row in rows}
