"""Money on its way back to the buyer, as the order sees it."""

from datetime import datetime
from uuid import UUID

from shop_graphql.orders.service.timeline import lock_order
from shop_graphql.payments.gateway import GatewayRefund
from shop_graphql.payments.service import refunds
from shop_graphql.platform.db import WriteSession


async def settle_refund(
    session: WriteSession, *, order_id: UUID, refund_id: UUID, told: GatewayRefund, now: datetime
) -> None:
    """Refund, payment and order stand as the gateway says; the second time the same is said changes nothing."""
    order = await lock_order(session, order_id)
    change = await refunds.record(session, refund_id=refund_id, told=told, now=now)
    order.refunded_minor += change.succeeded_minor
