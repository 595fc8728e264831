"""What reading payments gives. Units: `*_minor` are whole minor units of `currency`."""

from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.payments.states import CallStatus, PaymentStatus, RefundStatus


class PaymentRow(msgspec.Struct, frozen=True):
    """One attempt to pay, without what only a call to the gateway needs."""

    id: UUID
    subject_id: UUID
    attempt: int
    gateway: str
    gateway_payment_id: str | None
    status: PaymentStatus
    amount_minor: int
    currency: str
    captured_minor: int
    refunded_minor: int
    client_secret: str | None
    next_action_url: str | None
    decline_code: str | None
    next_poll_at: datetime | None
    created_at: datetime
    settled_at: datetime | None


class RefundRow(msgspec.Struct, frozen=True):
    """Money to be given back, or given back already."""

    id: UUID
    payment_id: UUID
    subject_id: UUID
    amount_minor: int
    currency: str
    reason: str
    status: RefundStatus
    created_at: datetime
    settled_at: datetime | None


class Attempt(msgspec.Struct, frozen=True):
    """What a call to the gateway needs to know of a payment and of the call that makes it."""

    id: UUID
    subject_id: UUID
    status: PaymentStatus
    gateway_payment_id: str | None
    amount_minor: int
    currency: str
    method_token: str
    return_url: str | None
    client_secret: str | None
    created_at: datetime
    call_key: str
    """The idempotency key of the call that makes the payment."""
    call_status: CallStatus
    call_ended_at: datetime | None
    """When that call was last given up or answered; None while it may still be under way."""

    @property
    def is_open_failure(self) -> bool:
        """Failed for us, yet whoever holds its secret could still pay it at the gateway."""
        return self.status is PaymentStatus.FAILED and self.client_secret is not None


class RefundDue(msgspec.Struct, frozen=True):
    """What a call to the gateway needs to know of a refund."""

    id: UUID
    payment_id: UUID
    subject_id: UUID
    gateway_payment_id: str
    gateway_refund_id: str | None
    amount_minor: int
    refunded_minor: int
    """Given back of the payment before, as far as the shop knows."""
    created_at: datetime
