"""An order's life and that of each seller's part of it, on one screen."""

from collections.abc import Mapping
from enum import StrEnum


class OrderStatus(StrEnum):
    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    IN_FULFILLMENT = "in_fulfillment"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


NEXT: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PENDING_PAYMENT: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED, OrderStatus.EXPIRED}),
    # A payment that came late revives the order if its units are still there.
    OrderStatus.EXPIRED: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset({OrderStatus.IN_FULFILLMENT, OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.IN_FULFILLMENT: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset({OrderStatus.COMPLETED}),
    OrderStatus.COMPLETED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
assert NEXT.keys() == set(OrderStatus)


class SubOrderStatus(StrEnum):
    """Of the part of an order that one seller sends."""

    PENDING_PAYMENT = "pending_payment"
    NEW = "new"
    """Paid for; the seller has not begun."""
    IN_FULFILLMENT = "in_fulfillment"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


NEXT_OF_PART: Mapping[SubOrderStatus, frozenset[SubOrderStatus]] = {
    SubOrderStatus.PENDING_PAYMENT: frozenset({SubOrderStatus.NEW, SubOrderStatus.CANCELLED, SubOrderStatus.EXPIRED}),
    SubOrderStatus.EXPIRED: frozenset({SubOrderStatus.NEW}),
    SubOrderStatus.NEW: frozenset({SubOrderStatus.IN_FULFILLMENT, SubOrderStatus.SHIPPED, SubOrderStatus.CANCELLED}),
    SubOrderStatus.IN_FULFILLMENT: frozenset({SubOrderStatus.SHIPPED, SubOrderStatus.CANCELLED}),
    SubOrderStatus.SHIPPED: frozenset({SubOrderStatus.DELIVERED}),
    SubOrderStatus.DELIVERED: frozenset({SubOrderStatus.COMPLETED}),
    SubOrderStatus.COMPLETED: frozenset(),
    SubOrderStatus.CANCELLED: frozenset(),
}
assert NEXT_OF_PART.keys() == set(SubOrderStatus)


class RiskStatus(StrEnum):
    UNASSESSED = "unassessed"
    CLEAR = "clear"
    REVIEW = "review"
    REFUSED = "refused"


class FulfillmentStatus(StrEnum):
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    LOST = "lost"
    CANCELLED = "cancelled"


def can_become(current: OrderStatus, target: OrderStatus) -> bool:
    return target in NEXT[current]


def part_can_become(current: SubOrderStatus, target: SubOrderStatus) -> bool:
    return target in NEXT_OF_PART[current]
