"""Orders: what was bought, at the price and under the name it had that day, and how it is sent.

The family of an order is partitioned by the time in the order's id, in years; every key begins with that id.
Sellers, offers, variants and products are plain ids: an order outlives the catalogue.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Sequence,
    SmallInteger,
    UniqueConstraint,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.accounts.models import User
from shop_graphql.audit.states import ActorKind
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus, RiskStatus, SubOrderStatus
from shop_graphql.platform.columns import Choice, Currency, Instant, Key, Minor, Small, Str, currency_code, one_of
from shop_graphql.platform.db import Row

ORDER_NUMBERS = Sequence("order_number_seq", metadata=Row.metadata)
"""Feeds the last ten digits of order numbers; scrambled, so that a number tells the day and not the volume."""

NUMBER_MATCHES_ID = (
    "number / 10000000000 = to_number(to_char(uuid_extract_timestamp(id) at time zone 'UTC', 'YYMMDD'), '999999')"
)
AMOUNTS_NOT_NEGATIVE = (
    "least(items_minor, discount_minor, shipping_minor, tax_minor, total_minor, captured_minor, refunded_minor) >= 0"
)
PROGRESS_WITHIN_QUANTITY = (
    "cancelled_quantity >= 0 and shipped_quantity >= 0 and cancelled_quantity + shipped_quantity <= quantity"
    " and returned_quantity between 0 and shipped_quantity"
)


class Order(Row):
    """One checkout. `number` = YYMMDD of the id and ten digits; unique per partition, hence in the whole shop."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", OrderStatus),
        one_of("risk_status", RiskStatus, name="risk"),
        currency_code(),
        CheckConstraint(AMOUNTS_NOT_NEGATIVE, name="amounts"),
        CheckConstraint("total_minor = items_minor - discount_minor + shipping_minor + tax_minor", name="total"),
        CheckConstraint("refunded_minor <= captured_minor", name="refund_within_capture"),
        CheckConstraint(NUMBER_MATCHES_ID, name="number_matches_id"),
        Index("ix_orders_buyer", "buyer_id", desc("id")),
        Index("ix_orders_expiring", "expires_at", postgresql_where=text("status = 'pending_payment'")),
        {"postgresql_partition_by": "range (id)"},
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(BigInteger)
    buyer_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    cart_id: Mapped[UUID | None]
    """The cart it came from, as a plain id: `carts.order_id` is what makes it one order a cart."""
    status: Mapped[OrderStatus] = mapped_column(Choice(OrderStatus), server_default=OrderStatus.PENDING_PAYMENT)
    currency: Mapped[Currency]
    items_minor: Mapped[Minor]
    discount_minor: Mapped[Minor] = mapped_column(server_default="0")
    shipping_minor: Mapped[Minor] = mapped_column(server_default="0")
    tax_minor: Mapped[Minor] = mapped_column(server_default="0")
    total_minor: Mapped[Minor]
    captured_minor: Mapped[Minor] = mapped_column(server_default="0")
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")
    risk_status: Mapped[RiskStatus] = mapped_column(Choice(RiskStatus), server_default=RiskStatus.UNASSESSED)
    expires_at: Mapped[Instant | None]
    """Until when a payment finds its units held."""
    placed_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(server_default="1")

    contact: Mapped["OrderContact | None"] = relationship(lazy="raise")
    sub_orders: Mapped[list["SubOrder"]] = relationship(lazy="raise", order_by="SubOrder.sub_no")
    transitions: Mapped[list["OrderTransition"]] = relationship(lazy="raise", order_by="OrderTransition.seq")
    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by="OrderLine.line_no",
        primaryjoin="Order.id == foreign(OrderLine.order_id)",
    )
    """All lines of all parts. To write, put them into `SubOrder.lines`."""


class OrderContact(Row):
    """All personal data of an order in one row, so that erasing a person deletes it."""

    __tablename__ = "order_contacts"
    __table_args__ = (
        Index("ix_order_contacts_email", "email_hash", postgresql_where=text("email_hash is not null")),
        {"postgresql_partition_by": "range (order_id)"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True)
    email: Mapped[Str | None]
    email_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    """SHA-256 of the address in lower case: how a guest's orders are found again."""
    phone: Mapped[Str | None]
    shipping: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    billing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[Str | None]


class SubOrder(Row):
    """One seller's part of an order."""

    __tablename__ = "sub_orders"
    __table_args__ = (
        UniqueConstraint("order_id", "seller_id", name="uq_sub_orders_seller"),
        one_of("status", SubOrderStatus),
        CheckConstraint(
            "total_minor = items_minor - discount_minor + shipping_minor + tax_minor and commission_minor >= 0",
            name="total",
        ),
        Index("ix_sub_orders_inbox", "seller_id", desc("order_id")),
        {"postgresql_partition_by": "range (order_id)"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True)
    sub_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seller_id: Mapped[UUID]
    status: Mapped[SubOrderStatus] = mapped_column(
        Choice(SubOrderStatus), server_default=SubOrderStatus.PENDING_PAYMENT
    )
    items_minor: Mapped[Minor]
    discount_minor: Mapped[Minor] = mapped_column(server_default="0")
    shipping_minor: Mapped[Minor] = mapped_column(server_default="0")
    tax_minor: Mapped[Minor] = mapped_column(server_default="0")
    total_minor: Mapped[Minor]
    commission_minor: Mapped[Minor] = mapped_column(server_default="0")
    shipping_method: Mapped[Str | None]
    ship_by: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(server_default="1")

    lines: Mapped[list["OrderLine"]] = relationship(lazy="raise", order_by="OrderLine.line_no")


class OrderLine(Row):
    """One offer in an order, as it was on that day. Rates in basis points (1/100 of a percent)."""

    __tablename__ = "order_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "sub_no"], [SubOrder.order_id, SubOrder.sub_no], name="fk_order_lines_sub_order"
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_price_minor >= 0", name="unit_price"),
        CheckConstraint(PROGRESS_WITHIN_QUANTITY, name="progress"),
        CheckConstraint("total_minor = unit_price_minor * quantity - discount_minor + tax_minor", name="total"),
        CheckConstraint("refunded_minor between 0 and total_minor", name="refund"),
        Index("ix_order_lines_product", "product_id", "order_id"),
        {"postgresql_partition_by": "range (order_id)"},
    )

    order_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sub_no: Mapped[Small]
    offer_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    product_id: Mapped[UUID]
    seller_id: Mapped[UUID]
    title: Mapped[Str]
    variant_title: Mapped[Str]
    sku: Mapped[Str]
    quantity: Mapped[int]
    unit_price_minor: Mapped[Minor]
    discount_minor: Mapped[Minor] = mapped_column(server_default="0")
    tax_rate_bp: Mapped[int] = mapped_column(server_default="0")
    tax_minor: Mapped[Minor] = mapped_column(server_default="0")
    commission_bp: Mapped[int] = mapped_column(server_default="0")
    commission_minor: Mapped[Minor] = mapped_column(server_default="0")
    total_minor: Mapped[Minor]
    cancelled_quantity: Mapped[int] = mapped_column(server_default="0")
    shipped_quantity: Mapped[int] = mapped_column(server_default="0")
    returned_quantity: Mapped[int] = mapped_column(server_default="0")
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")


class OrderTransition(Row):
    """Append-only: every change of a status, of the order (`sub_no` empty) or of one part."""

    __tablename__ = "order_transitions"
    __table_args__ = (
        one_of("actor_kind", ActorKind, name="actor"),
        {"postgresql_partition_by": "range (order_id)"},
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey(Order.id), primary_key=True)
    seq: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    sub_no: Mapped[Small | None]
    from_status: Mapped[Str | None]
    to_status: Mapped[Str]
    actor_kind: Mapped[ActorKind] = mapped_column(Choice(ActorKind))
    actor_id: Mapped[UUID | None]
    reason: Mapped[Str | None]
    at: Mapped[Instant]


class Fulfillment(Row):
    """A parcel of one seller's part."""

    __tablename__ = "fulfillments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["order_id", "sub_no"], [SubOrder.order_id, SubOrder.sub_no], name="fk_fulfillments_sub_order"
        ),
        one_of("status", FulfillmentStatus),
        Index("ix_fulfillments_sub_order", "order_id", "sub_no"),
    )

    id: Mapped[Key]
    order_id: Mapped[UUID]
    sub_no: Mapped[Small]
    carrier: Mapped[Str | None]
    tracking_number: Mapped[Str | None]
    status: Mapped[FulfillmentStatus] = mapped_column(
        Choice(FulfillmentStatus), server_default=FulfillmentStatus.PACKED
    )
    created_at: Mapped[Instant]
    shipped_at: Mapped[Instant | None]
    delivered_at: Mapped[Instant | None]

    lines: Mapped[list["FulfillmentLine"]] = relationship(lazy="raise", order_by="FulfillmentLine.line_no")


class FulfillmentLine(Row):
    __tablename__ = "fulfillment_lines"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"),)

    fulfillment_id: Mapped[UUID] = mapped_column(ForeignKey(Fulfillment.id, ondelete="CASCADE"), primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    quantity: Mapped[int]
