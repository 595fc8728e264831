"""What a gateway told us unasked: written down once per event of its own, in the transaction of its effect."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.payments.gateway import GatewayEvent, GatewayPayment
from shop_graphql.payments.models import WebhookDelivery
from shop_graphql.payments.states import GATEWAY, WebhookOutcome
from shop_graphql.platform.db import Lock, WriteSession


async def note_webhook(session: WriteSession, *, event: GatewayEvent, payment_id: UUID | None, now: datetime) -> bool:
    """True for the first delivery of this event; a twin waits here for the first to finish, then hears False."""
    session.taking(Lock.KEY)
    row = {
        "gateway": GATEWAY,
        "gateway_event_id": event.event_id,
        "type": event.type,
        "payment_id": payment_id,
        "body": _what_it_said(event.payment),
        "outcome": WebhookOutcome.IGNORED,
        "received_at": now,
    }
    first = insert(WebhookDelivery).values(row).on_conflict_do_nothing().returning(WebhookDelivery.gateway_event_id)
    return await session.scalar(first) is not None


async def end_webhook(session: WriteSession, *, event_id: str, outcome: WebhookOutcome) -> None:
    """What came of the delivery, in the transaction of its effect."""
    where = (WebhookDelivery.gateway == GATEWAY, WebhookDelivery.gateway_event_id == event_id)
    await session.execute(update(WebhookDelivery).where(*where).values(outcome=outcome))


def _what_it_said(told: GatewayPayment | None) -> dict[str, object] | None:
    """Enough to judge a dispute by; never the secret or anything about the card."""
    if told is None:
        return None
    fields = ("gateway_payment_id", "status", "amount_minor", "currency", "captured_minor", "refunded_minor")
    return {field: getattr(told, field) for field in fields}
