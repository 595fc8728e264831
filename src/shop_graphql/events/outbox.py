"""Writing facts. They leave the database if and only if the transaction of the fact commits."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import insert

from shop_graphql.events.models import OutboxMessage
from shop_graphql.platform.db import WriteSession

ENVELOPE = frozenset({"aggregate_id", "seller_id", "buyer_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact, named in the past tense. Subclasses add ids, counts and amounts: never anything personal."""

    name: ClassVar[str]
    """Such as `order.paid`; part of the public contract."""
    version: ClassVar[int] = 1
    aggregate_type: ClassVar[str]

    aggregate_id: UUID
    """What the fact is about. Its row is locked before publishing: that keeps facts about it in order."""
    seller_id: UUID | None = None
    buyer_id: UUID | None = None


async def publish(session: WriteSession, *events: Event, now: datetime) -> None:
    """Record `events` in the caller's transaction, in their order."""
    if not events:
        return
    rows = [
        {
            "id": session.new_id(now),
            "type": event.name,
            "version": event.version,
            "aggregate_type": event.aggregate_type,
            "aggregate_id": event.aggregate_id,
            "seller_id": event.seller_id,
            "buyer_id": event.buyer_id,
            "payload": payload_of(event),
            "occurred_at": now,
        }
        for event in events
    ]
    await session.execute(insert(OutboxMessage), rows)


def payload_of(event: Event) -> dict[str, Any]:
    """The event's own fields as JSON values."""
    own = ((field.name, getattr(event, field.name)) for field in fields(event) if field.name not in ENVELOPE)
    return {name: str(value) if isinstance(value, UUID | datetime) else value for name, value in own}
