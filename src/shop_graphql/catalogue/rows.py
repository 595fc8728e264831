"""What reading the catalogue gives. Fields stand in the order of their statement's columns."""

from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.catalogue.states import OfferCondition, OfferStatus, ProductStatus, StockPolicy, VariantStatus


class CategoryRow(msgspec.Struct, frozen=True):
    id: UUID
    node: int
    parent_id: UUID | None
    name: str
    slug: str
    path: list[int]
    """Nodes from the root down to this one, itself included."""
    product_count: int = 0
    """Public products in this category and all below it."""


class ProductRow(msgspec.Struct, frozen=True):
    id: UUID
    owner_seller_id: UUID
    category_id: UUID
    brand_id: UUID | None
    slug: str
    title: str
    description: str
    status: ProductStatus
    published_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    is_public: bool
    """Published, and its owner's shop is open."""


class VariantRow(msgspec.Struct, frozen=True):
    id: UUID
    product_id: UUID
    owner_seller_id: UUID
    title: str
    gtin: str | None
    option_values: list[str]
    status: VariantStatus
    is_public: bool
    """Active, and its product is public."""


class OptionRow(msgspec.Struct, frozen=True):
    product_id: UUID
    name: str


class BrandRow(msgspec.Struct, frozen=True):
    id: UUID
    name: str
    slug: str


class MediaRow(msgspec.Struct, frozen=True):
    product_id: UUID
    file_key: str
    alt_text: str
    width: int | None
    height: int | None


class RatingRow(msgspec.Struct, frozen=True):
    product_id: UUID
    score: int
    """The mean rating times 100."""
    count: int


class OfferRow(msgspec.Struct, frozen=True):
    id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    sku: str
    condition: OfferCondition
    stock_policy: StockPolicy
    status: OfferStatus
    handling_days: int
    max_per_order: int | None
    version: int
    is_public: bool
    """Active and of an open shop, for a public variant."""


class PriceRow(msgspec.Struct, frozen=True):
    offer_id: UUID
    currency: str
    price_minor: int
    list_minor: int | None
    """The list price; None for an offer that has only a sale price."""


class PriceRange(msgspec.Struct, frozen=True):
    product_id: UUID
    currency: str
    min_minor: int
    max_minor: int


class SaleTerms(msgspec.Struct, frozen=True):
    """All that a cart or an order needs to know about an offer, as of one instant."""

    offer_id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    sku: str
    product_title: str
    variant_title: str
    unit_price_minor: int | None
    """What one unit costs now in the currency asked for; None where the offer has no price in it."""
    is_sellable: bool
    """The product is public, the variant and the offer are active and the seller's shop is open."""
    max_per_order: int | None
    handling_days: int


class ListedProduct(msgspec.Struct, frozen=True):
    """One place of a page: which product, and the two values that its cursor holds."""

    product_id: UUID
    sort_value: int
    number: int
