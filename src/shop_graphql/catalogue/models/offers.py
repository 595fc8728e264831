"""Offers: one seller's terms for one variant, their prices, and which offer the product page sells."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    CHAR,
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.catalogue.models.products import Variant
from shop_graphql.catalogue.states import OfferCondition, OfferStatus, PriceKind, StockPolicy
from shop_graphql.platform.columns import Choice, Currency, Instant, Json, Key, Minor, Small, Str, currency_code, one_of
from shop_graphql.platform.db import Row
from shop_graphql.sellers.models import Seller


class Offer(Row):
    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("seller_id", "sku", name="uq_offers_seller_sku"),
        UniqueConstraint("variant_id", "seller_id", "condition", name="uq_offers_one_per_condition"),
        UniqueConstraint("id", "variant_id", name="uq_offers_id_variant"),
        UniqueConstraint("id", "seller_id", name="uq_offers_id_seller"),
        one_of("condition", OfferCondition),
        one_of("stock_policy", StockPolicy, name="policy"),
        one_of("status", OfferStatus),
        CheckConstraint("max_per_order > 0 and max_per_customer > 0", name="limits"),
        CheckConstraint("length(sku) between 1 and 64", name="sku"),
    )

    id: Mapped[Key]
    variant_id: Mapped[UUID] = mapped_column(ForeignKey(Variant.id))
    seller_id: Mapped[UUID] = mapped_column(ForeignKey(Seller.id))
    sku: Mapped[Str]
    condition: Mapped[OfferCondition] = mapped_column(Choice(OfferCondition), server_default=OfferCondition.NEW)
    stock_policy: Mapped[StockPolicy] = mapped_column(Choice(StockPolicy), server_default=StockPolicy.DENY)
    status: Mapped[OfferStatus] = mapped_column(Choice(OfferStatus), server_default=OfferStatus.ACTIVE)
    handling_days: Mapped[Small] = mapped_column(server_default="2")
    max_per_order: Mapped[int | None]
    max_per_customer: Mapped[int | None]
    is_in_stock: Mapped[bool] = mapped_column(server_default=text("false"))
    """A hint kept from events; it never decides a sale."""
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant]

    prices: Mapped[list["OfferPrice"]] = relationship(lazy="raise")


class OfferPrice(Row):
    """A price and the time it holds. Two windows of one kind never overlap, so there is one price at any instant."""

    __tablename__ = "offer_prices"
    __table_args__ = (
        one_of("kind", PriceKind),
        currency_code(),
        CheckConstraint("price_minor > 0", name="positive"),
        CheckConstraint("not isempty(valid)", name="valid"),
        # Columns are spelled out, because the operators need their types before the class is mapped.
        ExcludeConstraint(
            (Column("offer_id"), "="),
            (Column("currency", CHAR(3)), "="),
            (Column("kind"), "="),
            (Column("valid", TSTZRANGE), "&&"),
            name="ex_offer_prices_no_overlap",
            using="gist",
        ),
        Index("ix_offer_prices_current", "offer_id", "currency"),
        Index("ix_offer_prices_due", func.lower(text("valid")), postgresql_where=text("kind = 'sale'")),
    )

    id: Mapped[Key]
    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id, ondelete="CASCADE"))
    currency: Mapped[Currency]
    kind: Mapped[PriceKind] = mapped_column(Choice(PriceKind), server_default=PriceKind.LIST)
    price_minor: Mapped[Minor]
    valid: Mapped[Range[datetime]] = mapped_column(TSTZRANGE, server_default=text("'[,)'"))
    """From (inclusive) to (exclusive); open ends have no limit."""


class FeaturedOffer(Row):
    """Kept by the catalogue: the offer a product page sells in this currency, and why it was chosen."""

    __tablename__ = "featured_offers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["offer_id", "variant_id"], [Offer.id, Offer.variant_id], name="fk_featured_offers_same_variant"
        ),
        Index("ix_featured_offers_offer", "offer_id"),
    )

    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    offer_id: Mapped[UUID]
    price_minor: Mapped[Minor]
    score: Mapped[float] = mapped_column(REAL)
    reason: Mapped[Json]
    computed_at: Mapped[Instant]
