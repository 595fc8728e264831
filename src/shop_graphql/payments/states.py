"""What an attempt to pay can be, and what is known of calls to a gateway.

Statuses of payments are spelled as the gateway port spells them.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

GATEWAY = "stripe"
"""Whose payments these are, as `payments.gateway` and `webhook_deliveries.gateway` spell it."""

POLL_MIN_SECONDS = 2
POLL_MAX_SECONDS = 300


def poll_pause(poll_count: int) -> timedelta:
    """How long until the gateway is asked again: 2 s, 4 s, 8 s ... 5 min."""
    return timedelta(seconds=min(POLL_MIN_SECONDS * 2 ** min(poll_count, 10), POLL_MAX_SECONDS))


class PaymentStatus(StrEnum):
    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    AUTHORISED = "authorised"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


IN_FLIGHT = frozenset(
    {PaymentStatus.CREATED, PaymentStatus.REQUIRES_ACTION, PaymentStatus.PROCESSING, PaymentStatus.AUTHORISED}
)
"""Not decided yet: a subject has at most one payment in one of these."""


NEXT: Mapping[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.CREATED: frozenset(PaymentStatus) - {PaymentStatus.CREATED},
    PaymentStatus.REQUIRES_ACTION: frozenset(PaymentStatus) - {PaymentStatus.CREATED, PaymentStatus.REQUIRES_ACTION},
    PaymentStatus.PROCESSING: frozenset(
        {PaymentStatus.AUTHORISED, PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELLED}
    ),
    PaymentStatus.AUTHORISED: frozenset({PaymentStatus.SUCCEEDED, PaymentStatus.FAILED, PaymentStatus.CANCELLED}),
    # Money that was taken after all is never denied, whatever was believed before.
    PaymentStatus.FAILED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.CANCELLED: frozenset({PaymentStatus.SUCCEEDED}),
    PaymentStatus.SUCCEEDED: frozenset(),
}
assert NEXT.keys() == set(PaymentStatus)


def after_hearing(current: PaymentStatus, told: PaymentStatus, *, first_word: bool) -> PaymentStatus:
    """Where a payment stands once the gateway has told `told`; old news changes nothing, in whatever order it comes.

    `first_word`: the gateway had not been heard of this payment before, so that `processing` was only our guess.
    """
    if first_word and current is PaymentStatus.PROCESSING and told is PaymentStatus.REQUIRES_ACTION:
        return told
    return told if told in NEXT[current] else current


class CaptureMode(StrEnum):
    AUTOMATIC = "automatic"
    MANUAL = "manual"


class CallKind(StrEnum):
    CREATE = "create"
    CONFIRM = "confirm"
    CAPTURE = "capture"
    VOID = "void"
    REFUND = "refund"


class CallStatus(StrEnum):
    INTENDED = "intended"
    """Committed before the call was made: whatever became of it, somebody must look."""
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """No answer, or a 5xx: the gateway may have acted."""


class RefundStatus(StrEnum):
    REQUESTED = "requested"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class WebhookOutcome(StrEnum):
    APPLIED = "applied"
    IGNORED = "ignored"
    MISMATCH = "mismatch"
    UNKNOWN_PAYMENT = "unknown_payment"
    ALREADY_KNOWN = "already_known"
