"""What reading for messages gives. Addresses live here only as long as a message takes to be sent."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from shop_graphql.notifications.states import Channel
from shop_graphql.orders.rows import FulfillmentRow, OrderLineRow, OrderRow


class Person(msgspec.Struct, frozen=True):
    """Somebody who can be written to."""

    user_id: UUID | None
    name: str | None
    email: str | None
    phone: str | None

    def address(self, channel: Channel) -> str | None:
        return {Channel.EMAIL: self.email, Channel.SMS: self.phone}.get(channel)


class DeliveryRow(msgspec.Struct, frozen=True):
    """One message that is the caller's to send."""

    id: UUID
    channel: Channel
    template: str
    user_id: UUID | None
    order_id: UUID | None
    seller_id: UUID | None
    recipient_hash: bytes
    context: dict[str, Any]
    created_at: datetime
    attempts: int
    """This one included."""


class Letter(msgspec.Struct, frozen=True):
    """What the templates may speak of."""

    to: Person
    order: OrderRow
    lines: list[OrderLineRow]
    """Of the whole order, of one seller's part or in one parcel, as the topic wants."""
    quantities: dict[int, int]
    """Units by line number."""
    seller_name: str | None
    parcel: FulfillmentRow | None


def hash_of(address: str) -> bytes:
    """How a recipient is known without the address being stored."""
    return hashlib.sha256(address.lower().encode()).digest()
