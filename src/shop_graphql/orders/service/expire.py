"""Orders that nobody paid for in time are closed, and their units are free again."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from shop_graphql.inventory.service import holds
from shop_graphql.inventory.states import MovementReason
from shop_graphql.orders.models import Order
from shop_graphql.orders.service.pay import close_unpaid
from shop_graphql.orders.service.timeline import lock_order
from shop_graphql.orders.states import OrderStatus
from shop_graphql.payments import queries as payments
from shop_graphql.payments.states import IN_FLIGHT
from shop_graphql.platform.db import WriteSession

GRACE = timedelta(minutes=1)
"""How long after the hold a payment that was just in time may still be on its way to us."""


async def due_to_expire(session: WriteSession, *, after: UUID | None, limit: int, now: datetime) -> list[UUID]:
    """Orders whose time to pay is over, by key, beginning after `after`."""
    is_due = (Order.status == OrderStatus.PENDING_PAYMENT, Order.expires_at <= now - GRACE)
    orders = select(Order.id).where(*is_due).order_by(Order.id).limit(limit)
    return list(await session.scalars(orders if after is None else orders.where(Order.id > after)))


async def expire(session: WriteSession, *, order_id: UUID, now: datetime) -> bool:
    """The order is closed and its units are free; False where it was paid, or a payment for it is not decided yet."""
    order = await lock_order(session, order_id)
    if order.status is not OrderStatus.PENDING_PAYMENT or order.expires_at is None or now < order.expires_at + GRACE:
        return False
    # An attempt begins under the order's lock, so none can begin after this look.
    tried = (await payments.payments_by_subject_ids(session, [order_id])).get(order_id, [])
    if any(payment.status in IN_FLIGHT for payment in tried):
        return False
    await close_unpaid(session, order, reason="not_paid_in_time", now=now)
    await holds.release(session, owner_id=order_id, now=now, reason=MovementReason.EXPIRE)
    return True
