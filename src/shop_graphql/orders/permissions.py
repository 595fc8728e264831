"""What the buyer of an order may do with it now. Pure."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shop_graphql.orders.states import OrderStatus, SubOrderStatus
from shop_graphql.platform.auth import Actor


class OrderAction(StrEnum):
    """Things to do with an order, as buttons would name them."""

    PAY = "pay"


PAID_FOR = frozenset(SubOrderStatus) - {
    SubOrderStatus.PENDING_PAYMENT,
    SubOrderStatus.CANCELLED,
    SubOrderStatus.EXPIRED,
}


def allowed_actions(status: OrderStatus, *, expires_at: datetime | None, now: datetime) -> Sequence[OrderAction]:
    """What would not be refused at `now`; someone else may be faster."""
    in_time = expires_at is None or now < expires_at
    return [OrderAction.PAY] if status is OrderStatus.PENDING_PAYMENT and in_time else []


def seller_may_see_address(status: SubOrderStatus) -> bool:
    """Where to send a parcel is told once it is paid for, and to nobody who has nothing to send."""
    return status in PAID_FOR


def is_buyer(actor: Actor, *, buyer_id: UUID, cart_id: UUID | None) -> bool:
    """Whether an order is the actor's own, or staff asks; a guest's is known by the cart whose secret they hold."""
    is_guest = cart_id is not None and cart_id == actor.cart_id
    return actor.sees_everything or buyer_id == actor.user_id or is_guest
