"""Attempts to pay without a gateway: what it would say is made up here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shop_graphql.orders.service import pay
from shop_graphql.payments.gateway import GatewayPayment, GatewayStatus
from shop_graphql.payments.states import WebhookOutcome
from shop_graphql.platform.db import Database
from tests.factories.unpaid import Unpaid


async def start(db: Database, order: Unpaid, *, now: datetime, key: str = "k1", card: str = "pm_card_visa") -> UUID:
    """A committed attempt whose call to the gateway is still to be made."""
    async with db.write() as session:
        asked = pay.PaymentRequest(order_id=order.id, method_token=card, key=key)
        started = await pay.start_payment(session, actor=order.buyer, asked=asked, now=now)
    return started.payment_id


def says(payment_id: UUID, status: GatewayStatus, *, amount: int = 2000, **fields: object) -> GatewayPayment:
    """What the gateway would say of the payment."""
    told = {
        "gateway_payment_id": f"pi_{payment_id}",
        "payment_id": payment_id,
        "amount_minor": amount,
        "currency": "EUR",
        "captured_minor": amount if status is GatewayStatus.SUCCEEDED else 0,
        **fields,
    }
    return GatewayPayment(status=status, **told)  # type: ignore[arg-type]  # test data


async def settle(db: Database, fact: GatewayPayment, *, now: datetime) -> WebhookOutcome:
    assert fact.payment_id is not None
    async with db.write() as session:
        return await pay.settle(session, payment_id=fact.payment_id, fact=fact, now=now)


STORY = """
select o.status, o.captured_minor, o.refunded_minor, o.version,
       (select count(*) from order_transitions t where t.order_id = o.id),
       (select count(*) from outbox_messages m where m.aggregate_id = o.id and m.type = 'order.paid'),
       (select coalesce(sum(r.amount_minor), 0) from refunds r where r.subject_id = o.id),
       (select string_agg(distinct r.status, ',') from stock_reservations r where r.order_id = o.id),
       (select string_agg(distinct s.status, ',') from sub_orders s where s.order_id = o.id)
from orders o where o.id = :id
"""


class Story(tuple[object, ...]):
    """Everything that paying may change about an order, to be compared as a whole."""

    status = property(lambda self: self[0])
    captured_minor = property(lambda self: self[1])
    refunded_minor = property(lambda self: self[2])
    paid_events = property(lambda self: self[5])
    refunds_minor = property(lambda self: self[6])
    holds = property(lambda self: self[7])
    parts = property(lambda self: self[8])


async def story(db: Database, order_id: UUID) -> Story:
    (told,) = await db.reader.fetch(text(STORY), {"id": order_id}, into=lambda *columns: Story(columns))
    return told
