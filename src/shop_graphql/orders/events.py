"""Facts about orders. Ids and amounts only; the names are part of the public contract."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shop_graphql.events.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderEvent(Event):
    """A fact about one order, which is the aggregate."""

    aggregate_type: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaced(OrderEvent):
    """Units: `total_minor` in minor units of `currency`."""

    name: ClassVar[str] = "order.placed"
    number: int
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPaid(OrderEvent):
    """Units: `total_minor` in minor units of `currency`."""

    name: ClassVar[str] = "order.paid"
    payment_id: UUID
    total_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOrderReceived(OrderEvent):
    """One for each seller of a paid order; `seller_id` is set, the buyer is not told to the seller."""

    name: ClassVar[str] = "seller_order.received"
    sub_no: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderExpired(OrderEvent):
    """Nobody paid in time; the units are free again."""

    name: ClassVar[str] = "order.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class FulfillmentShipped(OrderEvent):
    """A parcel of one seller's part is on its way."""

    name: ClassVar[str] = "fulfillment.shipped"
    sub_no: int
    fulfillment_id: UUID
