"""Messages that must be sent, once each. The only module that writes `notification_deliveries`.

A delivery stores whom it is for as a hash: the address is looked up again when it is sent, so that erasing a
person erases it, and a changed one is not written to by mistake.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.notifications.models import NotificationDelivery
from shop_graphql.notifications.rows import DeliveryRow, Person, hash_of
from shop_graphql.notifications.states import DeliveryStatus
from shop_graphql.notifications.topics import CHANNELS, Topic
from shop_graphql.platform.db import WriteSession

LEASE = timedelta(seconds=40)
"""A message that was not marked by then belonged to a worker that died; it is sent again."""

PAUSE_FIRST = timedelta(seconds=2)
PAUSE_MAX = timedelta(seconds=30)
"""Short, because all that waited for a mail server leaves within a minute of its return."""

GIVE_UP_AFTER = timedelta(days=3)
"""Counted from when the message was due first: what is older than that helps nobody."""

ERROR_LENGTH_MAX = 300

TAKE_DUE = text(
    """
    update notification_deliveries set status = 'sending', attempts = attempts + 1, due_at = :lease_end
    where id = any(array(
        select id from notification_deliveries
        where status in ('due', 'sending') and due_at <= :now
        order by due_at limit :limit for update skip locked
    ))
    returning id, channel, template, user_id, order_id, seller_id, recipient_hash, context, created_at, attempts
    """
).columns(
    *(NotificationDelivery.__table__.c[name] for name in DeliveryRow.__struct_fields__),
)


async def send(
    session: WriteSession,
    *,
    key: str,
    topic: Topic,
    to: Person,
    now: datetime,
    order_id: UUID | None = None,
    seller_id: UUID | None = None,
    context: dict[str, Any] | None = None,
) -> None:
    """The person will hear about it once by each of the topic's channels they can be reached by.

    `key` names the occasion: a second call with it changes nothing. Shape: `context` holds ids and numbers only.
    """
    rows = [
        {
            "id": session.new_id(now),
            "message_key": key,
            "channel": channel,
            "template": topic,
            "user_id": to.user_id,
            "order_id": order_id,
            "seller_id": seller_id,
            "recipient_hash": hash_of(address),
            "context": context or {},
            "due_at": now,
            "created_at": now,
        }
        for channel in CHANNELS[topic]
        if (address := to.address(channel))
    ]
    if rows:
        await session.execute(insert(NotificationDelivery).on_conflict_do_nothing(), rows)


async def take_due(session: WriteSession, *, limit: int, now: datetime) -> list[DeliveryRow]:
    """At most `limit` due messages are the caller's to send within `LEASE`."""
    return await session.fetch(TAKE_DUE, {"now": now, "lease_end": now + LEASE, "limit": limit}, into=DeliveryRow)


async def mark_sent(session: WriteSession, *, delivery: DeliveryRow, provider_id: str | None, now: datetime) -> None:
    """The message has left."""
    await _mark(session, delivery, status=DeliveryStatus.SENT, sent_at=now, provider_message_id=provider_id)


async def mark_refused(session: WriteSession, *, delivery: DeliveryRow, status: DeliveryStatus, error: str) -> None:
    """The message will not be sent: the recipient refused it, or is nobody any more."""
    await _mark(session, delivery, status=status, last_error=error[:ERROR_LENGTH_MAX])


async def mark_unsent(session: WriteSession, *, delivery: DeliveryRow, error: str, now: datetime) -> None:
    """The message is tried again after a pause that doubles, or given up when it is too old."""
    is_stale = now - delivery.created_at >= GIVE_UP_AFTER
    status = DeliveryStatus.FAILED if is_stale else DeliveryStatus.DUE
    due_at = now + pause_after(delivery.attempts)
    await _mark(session, delivery, status=status, due_at=due_at, last_error=error[:ERROR_LENGTH_MAX])


def pause_after(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s ... at most 30 s."""
    doublings = min(attempts - 1, 10)
    return min(PAUSE_FIRST * int(2**doublings), PAUSE_MAX)


async def _mark(session: WriteSession, delivery: DeliveryRow, **changes: Any) -> None:
    # Whoever was so slow that another one took the message over has nothing more to say about it.
    row = update(NotificationDelivery).where(
        NotificationDelivery.id == delivery.id,
        NotificationDelivery.status == DeliveryStatus.SENDING,
        NotificationDelivery.attempts == delivery.attempts,
    )
    await session.execute(row.values(changes))
