"""What reading orders gives. Field order = column order of the statements in `queries`."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shop_graphql.audit.states import ActorKind
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus, SubOrderStatus


class OrderRow(msgspec.Struct, frozen=True):
    id: UUID
    number: int
    buyer_id: UUID
    cart_id: UUID | None
    status: OrderStatus
    currency: str
    items_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    captured_minor: int
    refunded_minor: int
    placed_at: datetime
    expires_at: datetime | None
    paid_at: datetime | None
    closed_at: datetime | None


class SubOrderRow(msgspec.Struct, frozen=True):
    """One seller's part, with what it needs of its order."""

    order_id: UUID
    sub_no: int
    seller_id: UUID
    status: SubOrderStatus
    items_minor: int
    discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    ship_by: datetime | None
    number: int
    currency: str
    buyer_id: UUID
    cart_id: UUID | None
    placed_at: datetime


class OrderLineRow(msgspec.Struct, frozen=True):
    order_id: UUID
    line_no: int
    sub_no: int
    offer_id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    title: str
    variant_title: str
    sku: str
    quantity: int
    unit_price_minor: int
    discount_minor: int
    tax_minor: int
    total_minor: int
    cancelled_quantity: int
    shipped_quantity: int
    returned_quantity: int
    currency: str


class ContactRow(msgspec.Struct, frozen=True):
    """Personal data: for the buyer and staff; of it a seller is given the address alone."""

    order_id: UUID
    email: str | None
    phone: str | None
    shipping: dict[str, Any] | None


class TransitionRow(msgspec.Struct, frozen=True):
    order_id: UUID
    seq: int
    sub_no: int | None
    from_status: str | None
    to_status: str
    actor_kind: ActorKind
    reason: str | None
    at: datetime


class FulfillmentRow(msgspec.Struct, frozen=True):
    id: UUID
    order_id: UUID
    sub_no: int
    carrier: str | None
    tracking_number: str | None
    status: FulfillmentStatus
    created_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None


class FulfillmentLineRow(msgspec.Struct, frozen=True):
    fulfillment_id: UUID
    line_no: int
    quantity: int
