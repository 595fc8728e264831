"""The port to whoever moves the money: what the shop asks of a payment gateway, in the shop's own words.

Owns the structs and errors that cross the border. Knows no gateway's dialect, no HTTP and no database; an adapter
(`payments.stripe`) translates. Every method is a network call, so it is awaited with no transaction open, except
`read_webhook`, which is pure.

**A lost answer.** `GatewayUnavailable` means that the outcome is unknown, never that nothing happened. In this order:

1. Repeat the call with the same idempotency key and the same arguments. The gateway answers what it did the first time,
   so this is exact, needs no search and is right for `create`, `capture`, `cancel` and `refund` alike. The answer is a
   replay and so may be old: `retrieve` afterwards for the state of today.
2. A gateway also replays a failure of its own (a 500 given after the money was taken) for as long as it keeps the key.
   When a repeat still fails, ask `find`: it reads the gateway's own list for the payment that carries our id.
3. Keys are kept 24 hours at least, and no longer by promise: after `KEY_LIFETIME` a repeat could charge twice. From
   then on only `find` is safe.

`find` giving None says "nothing yet": it is final only once no call for that payment can still be under way (the
adapter's timeout plus the gateway's own, so five minutes after the last try).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Protocol
from uuid import UUID

import msgspec

KEY_LIFETIME = timedelta(hours=23)
"""How long after its first use a key may be repeated: an hour less than gateways promise, for clocks that differ."""


class GatewayStatus(StrEnum):
    """Where the gateway says a payment stands.

    `failed` is the end of our attempt, not of the gateway's payment: with its client secret another card could still
    pay it. `cancel` a failed payment before a new attempt takes its place.
    """

    CREATED = "created"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    AUTHORISED = "authorised"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class RefundStatus(StrEnum):
    """Where the gateway says a refund stands; `pending` ends in one of the other two."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class GatewayPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as the gateway tells it.

    Units: `*_minor` are whole minor units (ISO 4217) of `currency`, which is upper case.
    Shape: `payment_id` is ours, None where the gateway's payment carries no id of the shop. `refunded_minor` and the
    card are None where this answer did not say (webhooks about a payment never do): that is not zero.
    """

    gateway_payment_id: str
    status: GatewayStatus
    amount_minor: int
    currency: str
    captured_minor: int
    authorised_minor: int = 0
    refunded_minor: int | None = None
    payment_id: UUID | None = None
    client_secret: str | None = None
    next_action_url: str | None = None
    decline_code: str | None = None
    card_fingerprint: str | None = None
    card_brand: str | None = None
    card_last4: str | None = None


class GatewayRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as the gateway tells it. Units: as in `GatewayPayment`."""

    gateway_refund_id: str
    gateway_payment_id: str
    status: RefundStatus
    amount_minor: int
    currency: str


class GatewayEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something the gateway told us unasked, its signature already verified.

    Events come late, twice and in any order: `event_id` tells twins apart, and what counts is what `retrieve` says now.
    Shape: `payment` is None for a kind of event the shop has no use for.
    """

    event_id: str
    type: str
    created_at: datetime
    payment: GatewayPayment | None = None


class GatewayError(Exception):
    """A call to the gateway that gave no payment to go on with. Never shown to a shopper as it is."""


class GatewayUnavailable(GatewayError):
    """No answer, or one that says nothing (timeout, broken connection, 5xx, 429, a twin under way): outcome unknown."""


class GatewayDeclined(GatewayError):
    """The card was refused: final for this attempt, and nothing was charged."""

    def __init__(self, decline_code: str, message: str, payment: GatewayPayment | None = None) -> None:
        super().__init__(f"{decline_code}: {message}")
        self.decline_code = decline_code
        self.message = message
        self.payment = payment


class GatewayRefused(GatewayError):
    """The gateway would not do as asked (4xx): our mistake or a state we did not know of. Repeating changes nothing.

    `payment` says how things stand where the gateway told, e.g. that a payment to be cancelled has already succeeded.
    """

    def __init__(self, code: str, message: str, payment: GatewayPayment | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.payment = payment


class BadSignature(GatewayError):
    """A webhook that the gateway did not sign, or that is too old or too new to be believed."""


class MalformedWebhook(GatewayError):
    """A webhook with a good signature whose body is not an event as the pinned version of the API describes it."""


class PaymentGateway(Protocol):
    """What the shop needs of a gateway. All but `read_webhook` raise GatewayUnavailable and GatewayRefused."""

    async def create(
        self,
        *,
        payment_id: UUID,
        amount_minor: int,
        currency: str,
        method_token: str,
        idempotency_key: str,
        return_url: str | None = None,
        capture: Literal["automatic", "manual"] = "automatic",
        metadata: dict[str, str] | None = None,
    ) -> GatewayPayment:
        """The payment exists at the gateway and the card has been tried.

        `payment_id` travels in the gateway's metadata, so that `find` and webhooks can name it.
        Shape: any status but `created`; `processing` is settled by a webhook or by `retrieve`.
        Raises: GatewayDeclined.
        """
        ...

    async def retrieve(self, gateway_payment_id: str) -> GatewayPayment:
        """The payment as it stands now. Raises: GatewayRefused with code `resource_missing` where there is none."""
        ...

    async def find(self, payment_id: UUID) -> GatewayPayment | None:
        """The gateway's payment that carries our id, for an answer that was lost: see the module's note on when.

        Reads the gateway's list of the hours after `payment_id` was made (its time part, UUIDv7), not its search,
        which lags behind. Where several carry the id, the one that holds money, else the newest.
        """
        ...

    async def cancel(self, gateway_payment_id: str, *, idempotency_key: str) -> GatewayPayment:
        """No money will be taken any more. Raises: GatewayRefused (with `payment`) where it was taken already."""
        ...

    async def capture(
        self, gateway_payment_id: str, *, idempotency_key: str, amount_minor: int | None = None
    ) -> GatewayPayment:
        """The authorised money, or `amount_minor` of it, is taken; what is left of it is let go."""
        ...

    async def refund(
        self, *, gateway_payment_id: str, amount_minor: int, idempotency_key: str, refund_id: UUID | None = None
    ) -> GatewayRefund:
        """The gateway gives `amount_minor` back, now or soon (`status`).

        Raises: GatewayRefused where less than that is left to give back.
        """
        ...

    async def retrieve_refund(self, gateway_refund_id: str) -> GatewayRefund:
        """The refund as it stands now."""
        ...

    def read_webhook(self, body: bytes, signature: str, now: datetime) -> GatewayEvent:
        """The event in `body`, believed. Raises: BadSignature, MalformedWebhook."""
        ...
