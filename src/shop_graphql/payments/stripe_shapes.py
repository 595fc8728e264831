"""Stripe's JSON as the port's structs, and the signature under its webhooks. Pure: no network, no clock.

Source: docs.stripe.com/api/payment_intents, docs.stripe.com/webhooks#verify-manually.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from shop_graphql.payments.gateway import (
    BadSignature,
    GatewayEvent,
    GatewayPayment,
    GatewayRefund,
    GatewayStatus,
    MalformedWebhook,
    RefundStatus,
)

SIGNATURE_TOLERANCE = timedelta(seconds=300)
"""Either way; what Stripe recommends."""

_STATUSES = {
    "requires_payment_method": GatewayStatus.CREATED,
    "requires_confirmation": GatewayStatus.CREATED,
    "requires_action": GatewayStatus.REQUIRES_ACTION,
    "processing": GatewayStatus.PROCESSING,
    "requires_capture": GatewayStatus.AUTHORISED,
    "succeeded": GatewayStatus.SUCCEEDED,
    "canceled": GatewayStatus.CANCELLED,
}
_REFUND_STATUSES = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.FAILED,
}


def payment(intent: Mapping[str, Any]) -> GatewayPayment:
    status = _STATUSES[intent["status"]]
    error = intent.get("last_payment_error") or {}
    if error and intent["status"] == "requires_payment_method":
        status = GatewayStatus.FAILED
    charge = intent.get("latest_charge")
    redirect = (intent.get("next_action") or {}).get("redirect_to_url") or {}
    return GatewayPayment(
        gateway_payment_id=intent["id"],
        status=status,
        amount_minor=intent["amount"],
        currency=intent["currency"].upper(),
        captured_minor=intent["amount_received"],
        authorised_minor=intent["amount_capturable"],
        refunded_minor=_refunded_minor(charge, intent),
        payment_id=our_id(intent),
        client_secret=intent.get("client_secret"),
        next_action_url=redirect.get("url"),
        decline_code=(error.get("decline_code") or error.get("code")) if error else None,
        **_card(charge.get("payment_method_details") if isinstance(charge, dict) else error.get("payment_method")),
    )


def payment_of_charge(charge: Mapping[str, Any]) -> GatewayPayment:
    """What an event about a charge says of its payment: no secret, and held money only where nothing is captured."""
    is_held = not charge["captured"] and not charge["refunded"]
    settled = GatewayStatus.SUCCEEDED if charge["captured"] else GatewayStatus.CANCELLED
    return GatewayPayment(
        gateway_payment_id=charge["payment_intent"],
        status=GatewayStatus.AUTHORISED if is_held else settled,
        amount_minor=charge["amount"],
        currency=charge["currency"].upper(),
        captured_minor=charge["amount_captured"],
        authorised_minor=charge["amount"] if is_held else 0,
        refunded_minor=_refunded_minor(charge, charge),
        payment_id=our_id(charge),
        **_card(charge.get("payment_method_details")),
    )


def _refunded_minor(charge: object, intent: Mapping[str, Any]) -> int | None:
    """Given back of what was captured: what a partial capture let go of counts as refunded at Stripe, and never was."""
    if not isinstance(charge, dict):
        return None if charge or intent["amount_received"] else 0
    released: int = charge["amount"] - charge["amount_captured"]
    refunded: int = charge["amount_refunded"]
    return max(0, refunded - released)


def _card(details: Mapping[str, Any] | None) -> dict[str, str | None]:
    card = (details or {}).get("card") or {}
    return {f"card_{name}": card.get(name) for name in ("fingerprint", "brand", "last4")}


def our_id(thing: Mapping[str, Any]) -> UUID | None:
    """None also where somebody else's system on the same account has written what is no id of ours."""
    try:
        return UUID(thing["metadata"]["payment_id"])
    except (KeyError, ValueError, TypeError):
        return None


def refund(refund: Mapping[str, Any]) -> GatewayRefund:
    return GatewayRefund(
        gateway_refund_id=refund["id"],
        gateway_payment_id=refund["payment_intent"],
        status=_REFUND_STATUSES[refund["status"]],
        amount_minor=refund["amount"],
        currency=refund["currency"].upper(),
    )


def event(body: bytes) -> GatewayEvent:
    """What a verified body says. Raises: MalformedWebhook."""
    try:
        told = msgspec.json.decode(body, type=dict[str, Any])
        thing = told["data"]["object"]
        about = None
        if thing["object"] == "payment_intent":
            about = payment(thing)
        elif thing["object"] == "charge" and thing["payment_intent"]:
            about = payment_of_charge(thing)
        created_at = datetime.fromtimestamp(told["created"], UTC)
        said = GatewayEvent(event_id=told["id"], type=told["type"], created_at=created_at, payment=about)
        # Building a struct checks no types; reading it does.
        return msgspec.json.decode(msgspec.json.encode(said), type=GatewayEvent)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise MalformedWebhook(f"not an event: {error!r}") from error


def verify(body: bytes, header: str, secret: bytes, now: datetime) -> None:
    """Over the bytes as they came: parsed and written again they would not be what was signed."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    if len(stamps) != 1 or not stamps[0].isascii() or not stamps[0].isdigit() or len(stamps[0]) > 12:
        raise BadSignature("no timestamp")
    expected = hmac.new(secret, stamps[0].encode() + b"." + body, hashlib.sha256).hexdigest().encode()
    given = [value.encode() for name, _, value in parts if name == "v1"]
    # Every signature is compared, so that the time taken tells nothing; several are normal while a secret is rolled.
    if sum([hmac.compare_digest(expected, one) for one in given]) == 0:
        raise BadSignature("no signature matches")
    if abs(now.timestamp() - int(stamps[0])) > SIGNATURE_TOLERANCE.total_seconds():
        raise BadSignature("signed too long ago or in the future")
