"""Messages to people: what is due, what was sent. No address is stored here, only its hash."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint, desc, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.notifications.states import Channel, DeliveryStatus
from shop_graphql.platform.columns import Choice, Instant, Key, Small, Str, one_of
from shop_graphql.platform.db import Row


class NotificationDelivery(Row):
    """One message to one recipient. The unique key makes a repeated event harmless."""

    __tablename__ = "notification_deliveries"
    __table_args__ = (
        UniqueConstraint("message_key", "channel", "recipient_hash", name="uq_notification_deliveries_once"),
        one_of("status", DeliveryStatus),
        one_of("channel", Channel),
        CheckConstraint("attempts >= 0", name="attempts"),
        Index("ix_notification_deliveries_due", "due_at", postgresql_where=text("status in ('due', 'sending')")),
        Index("ix_notification_deliveries_user", "user_id", desc("id")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Key]
    message_key: Mapped[Str]
    channel: Mapped[Channel] = mapped_column(Choice(Channel))
    template: Mapped[Str]
    user_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    seller_id: Mapped[UUID | None]
    recipient_hash: Mapped[bytes] = mapped_column(LargeBinary)
    context: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    locale: Mapped[Str] = mapped_column(server_default="en")
    status: Mapped[DeliveryStatus] = mapped_column(Choice(DeliveryStatus), server_default=DeliveryStatus.DUE)
    attempts: Mapped[Small] = mapped_column(server_default="0")
    due_at: Mapped[Instant]
    provider_message_id: Mapped[Str | None]
    last_error: Mapped[Str | None]
    created_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
