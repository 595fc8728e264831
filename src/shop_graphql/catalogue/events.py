"""Facts about the catalogue. The product's row is locked whenever one of them is published."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shop_graphql.events.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductChanged(Event):
    """The page or its standing changed; `aggregate_id` is the product."""

    name: ClassVar[str] = "product.changed"
    aggregate_type: ClassVar[str] = "product"

    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferChanged(Event):
    """An offer is new, or its terms or price changed; `aggregate_id` is the offer."""

    name: ClassVar[str] = "offer.changed"
    aggregate_type: ClassVar[str] = "offer"

    product_id: UUID
    variant_id: UUID
