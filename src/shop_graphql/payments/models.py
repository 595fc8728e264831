"""Attempts to pay, calls to gateways, refunds and what gateways told us.

`subject_id` is what is paid for, an id from above; this package never knows what it is.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.payments.states import (
    IN_FLIGHT,
    CallKind,
    CallStatus,
    CaptureMode,
    PaymentStatus,
    RefundStatus,
    WebhookOutcome,
)
from shop_graphql.platform.columns import Choice, Currency, Instant, Key, Minor, Small, Str, currency_code, one_of
from shop_graphql.platform.db import Row

IS_IN_FLIGHT = "status in ({})".format(", ".join(f"'{status}'" for status in PaymentStatus if status in IN_FLIGHT))
"""Without `succeeded`: should a gateway ever take money twice, the second time must be recorded to be given back."""
WITHIN_AMOUNT = (
    "amount_minor > 0 and authorised_minor between 0 and amount_minor and captured_minor between 0 and amount_minor"
)
NEVER_REFUND_MORE = (
    "refunded_minor >= 0 and refunding_minor >= 0 and refunded_minor + refunding_minor <= captured_minor"
)


class Payment(Row):
    """One attempt to pay for one subject. A subject has one attempt in flight at a time."""

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("subject_id", "attempt", name="uq_payments_attempt"),
        UniqueConstraint("gateway", "gateway_payment_id", name="uq_payments_gateway_id"),
        one_of("status", PaymentStatus),
        one_of("capture_mode", CaptureMode),
        currency_code(),
        CheckConstraint(WITHIN_AMOUNT, name="amounts"),
        CheckConstraint(NEVER_REFUND_MORE, name="never_refund_more"),
        CheckConstraint("attempt > 0 and poll_count >= 0", name="counts"),
        Index("uq_payments_one_live", "subject_id", unique=True, postgresql_where=text(IS_IN_FLIGHT)),
        Index(
            "uq_payments_request",
            "requested_by",
            "request_key",
            unique=True,
            postgresql_where=text("request_key is not null"),
        ),
        CheckConstraint(
            "request_key is null or (requested_by is not null and request_hash is not null)", name="request"
        ),
        Index("ix_payments_poll", "next_poll_at", postgresql_where=text("next_poll_at is not null")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Key]
    subject_id: Mapped[UUID]
    attempt: Mapped[Small] = mapped_column(server_default="1")
    gateway: Mapped[Str]
    gateway_payment_id: Mapped[Str | None]
    status: Mapped[PaymentStatus] = mapped_column(Choice(PaymentStatus), server_default=PaymentStatus.CREATED)
    capture_mode: Mapped[CaptureMode] = mapped_column(Choice(CaptureMode), server_default=CaptureMode.AUTOMATIC)
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    authorised_minor: Mapped[Minor] = mapped_column(server_default="0")
    captured_minor: Mapped[Minor] = mapped_column(server_default="0")
    refunded_minor: Mapped[Minor] = mapped_column(server_default="0")
    refunding_minor: Mapped[Minor] = mapped_column(server_default="0")
    """Asked of the gateway and not answered yet; counts against what may still be refunded."""
    requested_by: Mapped[UUID | None]
    """Whose idempotency key it is: a user's, or a guest cart's."""
    request_key: Mapped[Str | None]
    """Emptied when the card is declined at once: only successes keep their key."""
    request_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    method_token: Mapped[Str | None]
    """The gateway's name for the card; never a card number."""
    return_url: Mapped[Str | None]
    """Where the bank's page leads back to; kept because a repeated call must ask for the same."""
    client_secret: Mapped[Str | None]
    """Kept once it was given out. A failed payment that has it could still be paid with it, until it is called off."""
    next_action_url: Mapped[Str | None]
    decline_code: Mapped[Str | None]
    card_fingerprint_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_poll_at: Mapped[Instant | None]
    poll_count: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]

    calls: Mapped[list["PaymentCall"]] = relationship(lazy="raise", order_by="PaymentCall.id")
    refunds: Mapped[list["Refund"]] = relationship(lazy="raise", order_by="Refund.id")

    @property
    def is_open_failure(self) -> bool:
        """Failed for us, yet whoever holds its secret could still pay it at the gateway."""
        return self.status is PaymentStatus.FAILED and self.client_secret is not None


class PaymentCall(Row):
    """A call to the gateway, committed before it is made and finished after it."""

    __tablename__ = "payment_calls"
    __table_args__ = (
        UniqueConstraint("idempotency_key", name="uq_payment_calls_key"),
        one_of("kind", CallKind),
        one_of("status", CallStatus),
        Index("ix_payment_calls_payment", "payment_id", "id"),
        Index("ix_payment_calls_open", "created_at", postgresql_where=text("status in ('intended', 'unknown')")),
    )

    id: Mapped[Key]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id))
    kind: Mapped[CallKind] = mapped_column(Choice(CallKind))
    idempotency_key: Mapped[Str]
    """Sent to the gateway: repeating the call with it is safe."""
    status: Mapped[CallStatus] = mapped_column(Choice(CallStatus), server_default=CallStatus.INTENDED)
    response: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[Str | None]
    created_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]


class Refund(Row):
    __tablename__ = "refunds"
    __table_args__ = (
        UniqueConstraint("gateway_refund_id", name="uq_refunds_gateway_id"),
        one_of("status", RefundStatus),
        currency_code(),
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_refunds_payment", "payment_id"),
        Index("ix_refunds_subject", "subject_id"),
        Index("ix_refunds_poll", "next_poll_at", postgresql_where=text("next_poll_at is not null")),
        CheckConstraint("poll_count >= 0", name="counts"),
    )

    id: Mapped[Key]
    payment_id: Mapped[UUID] = mapped_column(ForeignKey(Payment.id))
    subject_id: Mapped[UUID]
    sub_no: Mapped[Small | None]
    return_id: Mapped[UUID | None]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    reason: Mapped[Str]
    status: Mapped[RefundStatus] = mapped_column(Choice(RefundStatus), server_default=RefundStatus.REQUESTED)
    gateway_refund_id: Mapped[Str | None]
    lines: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    next_poll_at: Mapped[Instant | None]
    """When to ask the gateway next: for the refund itself, then for its outcome."""
    poll_count: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Instant]
    settled_at: Mapped[Instant | None]


class WebhookDelivery(Row):
    """What a gateway told us, once per event of its own. `body` is emptied after 90 days."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        one_of("outcome", WebhookOutcome),
        Index("ix_webhook_deliveries_received", "received_at", postgresql_using="brin"),
    )

    gateway: Mapped[Str] = mapped_column(primary_key=True)
    gateway_event_id: Mapped[Str] = mapped_column(primary_key=True)
    type: Mapped[Str]
    payment_id: Mapped[UUID | None]
    body: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[WebhookOutcome] = mapped_column(Choice(WebhookOutcome))
    received_at: Mapped[Instant]
