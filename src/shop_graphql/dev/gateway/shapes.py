"""The gateway's objects as Stripe's JSON. Pure: state in, dictionaries out."""

from typing import Any

import msgspec

from shop_graphql.dev.gateway.cards import CARDS, fingerprint
from shop_graphql.dev.gateway.state import Charge, Intent, Refund

API_VERSION = "2026-10-28.endive"
"""The version whose shapes these are."""


def payment_method(token: str) -> dict[str, Any]:
    card = CARDS[token]
    details = {"brand": card.brand, "last4": card.last4, "fingerprint": fingerprint(token), "exp_month": 12}
    return {"id": token, "object": "payment_method", "type": "card", "card": {**details, "exp_year": 2040}}


def intent(intent: Intent, charge: Charge | None = None) -> dict[str, Any]:
    """Shape: `latest_charge` is the charge where one is given (expanded), else its id."""
    shown = msgspec.structs.asdict(intent)
    charge_id, action_url, error = shown.pop("charge_id"), shown.pop("action_url"), shown.pop("error")
    redirect = {"url": action_url, "return_url": shown.pop("return_url")}
    return shown | {
        "object": "payment_intent",
        "livemode": False,
        "confirmation_method": "automatic",
        "customer": None,
        "payment_method_types": ["card"],
        "last_payment_error": error,
        "latest_charge": as_charge(charge) if charge else charge_id,
        "next_action": {"type": "redirect_to_url", "redirect_to_url": redirect} if action_url else None,
    }


def as_charge(charge: Charge) -> dict[str, Any]:
    """What was released of a hold counts as refunded, as at Stripe: a partial capture shows both amounts."""
    method = payment_method(charge.payment_method)
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount_captured,
        "amount_refunded": charge.amount_refunded + charge.amount_released,
        "captured": charge.amount_captured > 0,
        "refunded": charge.amount_refunded + charge.amount_released == charge.amount,
        "created": charge.created,
        "currency": charge.currency,
        "livemode": False,
        "metadata": charge.metadata,
        "paid": True,
        "payment_intent": charge.intent_id,
        "payment_method": charge.payment_method,
        "payment_method_details": {"type": "card", "card": method["card"]},
        "status": "succeeded",
    }


def refund(refund: Refund) -> dict[str, Any]:
    shown = msgspec.structs.asdict(refund)
    references = {"payment_intent": shown.pop("intent_id"), "charge": shown.pop("charge_id")}
    return {"object": "refund", "status": "succeeded", **shown, **references}


def audit_line(charge: Charge) -> dict[str, Any]:
    """A charge for the books. Units: all amounts in minor units; `captured` and `refunded` are amounts too."""
    return {
        "id": charge.id,
        "payment_intent": charge.intent_id,
        "amount": charge.amount,
        "currency": charge.currency,
        "captured": charge.amount_captured,
        "refunded": charge.amount_refunded,
        "released": charge.amount_released,
        "metadata": charge.metadata,
        "created": charge.created,
    }
