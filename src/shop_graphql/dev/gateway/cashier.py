"""What happens to payments: created, tried, settled, captured, cancelled, refunded.

The only writer of intents, charges and refunds. Every function runs inside the caller's `State.transaction()`, uses no
network and leaves the facts to be told in `notices`. Raises ApiError where Stripe would refuse.
"""

import secrets
import time
from typing import Any

import msgspec

from shop_graphql.dev.gateway import notices, shapes
from shop_graphql.dev.gateway.cards import CARDS, Card, Notice, Outcome, When
from shop_graphql.dev.gateway.forms import ApiError, Fields, invalid, missing
from shop_graphql.dev.gateway.state import Charge, Intent, Refund, State

DECLINE_MESSAGES = {
    "generic_decline": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
}
CANCELLABLE = {"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}
CONFIRMABLE = {"requires_payment_method", "requires_confirmation", "requires_action"}


class Timing(msgspec.Struct, kw_only=True):
    """How long things take. Units: seconds."""

    delay_seconds: float = 1.0
    """From `processing` to the end of it."""
    latency_seconds: float = 0.0
    """Before any answer."""
    slow_seconds: float = 10.0
    late_seconds: float = 60.0
    retry_seconds: float = 0.5
    """Before the second try of a webhook; doubles from try to try."""


class Cashier:
    """The rules over one `State`."""

    def __init__(self, state: State, timing: Timing) -> None:
        self.state = state
        self.timing = timing

    def create(self, fields: Fields, base_url: str) -> dict[str, Any]:
        amount, currency = fields.amount("amount"), fields.required("currency").lower()
        if amount is None:
            raise invalid("Missing required param: amount.", code="parameter_missing", param="amount")
        if len(currency) != 3 or not currency.isalpha():
            raise invalid(f"Invalid currency: {currency}", code="parameter_invalid", param="currency")
        id = f"pi_{secrets.token_hex(12)}"
        intent = Intent(
            id=id,
            amount=amount,
            currency=currency,
            created=int(time.time()),
            client_secret=f"{id}_secret_{secrets.token_hex(12)}",
            capture_method=fields.choice("capture_method", ("automatic", "manual", "automatic_async")),
            description=fields.text("description"),
            metadata=fields.metadata(),
        )
        self._take_method(intent, fields)
        if fields.flag("confirm"):
            self._try(intent, base_url)
        self.state.put(intent)
        return self.shown(intent, fields)

    def confirm(self, id: str, fields: Fields, base_url: str) -> dict[str, Any]:
        intent = self.find(id)
        self._expect(intent, CONFIRMABLE, "confirm")
        self._take_method(intent, fields)
        self._try(intent, base_url)
        return self.shown(intent, fields)

    def cancel(self, id: str, fields: Fields) -> dict[str, Any]:
        intent = self.find(id)
        self._expect(intent, CANCELLABLE, "cancel")
        if charge := self._charge_of(intent):
            charge.amount_released = charge.amount
            self.state.put(charge)
        intent.status, intent.canceled_at = "canceled", int(time.time())
        intent.cancellation_reason = fields.text("cancellation_reason")
        intent.amount_capturable, intent.action_url = 0, None
        self._tell(intent, "payment_intent.canceled")
        return self.shown(intent, fields)

    def capture(self, id: str, fields: Fields) -> dict[str, Any]:
        intent = self.find(id)
        self._expect(intent, {"requires_capture"}, "capture")
        amount = fields.amount("amount_to_capture") or intent.amount_capturable
        if amount > intent.amount_capturable:
            message = f"The amount to capture ({amount}) is greater than the capturable {intent.amount_capturable}."
            raise ApiError(400, message, code="amount_too_large", param="amount_to_capture")
        charge = self._charge_of(intent)
        assert charge, "_succeed holds money before it asks for a capture"
        charge.amount_captured, charge.amount_released = amount, charge.amount - amount
        self.state.put(charge)
        intent.status, intent.amount_received, intent.amount_capturable = "succeeded", amount, 0
        self._tell(intent, "payment_intent.succeeded")
        return self.shown(intent, fields)

    def refund(self, fields: Fields) -> dict[str, Any]:
        intent = self.find(fields.required("payment_intent"), param="payment_intent", status=400)
        charge = self._charge_of(intent)
        if charge is None or not charge.amount_captured:
            message = f"This PaymentIntent ({intent.id}) does not have a successful charge to refund."
            raise ApiError(400, message, param="payment_intent")
        left = charge.amount_captured - charge.amount_refunded
        if left == 0:
            raise ApiError(400, f"Charge {charge.id} has already been refunded.", code="charge_already_refunded")
        amount = fields.amount("amount") or left
        if amount > left:
            message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
            raise ApiError(400, message, param="amount")
        charge.amount_refunded += amount
        refund = Refund(
            id=f"re_{secrets.token_hex(12)}",
            intent_id=intent.id,
            charge_id=charge.id,
            amount=amount,
            currency=charge.currency,
            created=int(time.time()),
            reason=fields.text("reason"),
            metadata=fields.metadata(),
        )
        self.state.put(charge)
        self.state.put(refund)
        notices.tell(self.state, "charge.refunded", shapes.as_charge(charge))
        return shapes.refund(refund)

    def settle(self, id: str) -> None:
        """A payment in `processing` has its outcome now."""
        self.state.clear_timer(id)
        intent = self.find(id)
        card = CARDS[intent.payment_method or ""]
        if intent.status != "processing":
            return
        if card.outcome is Outcome.DECLINE:
            self._fail(intent, "card_declined", card.decline_code)
        else:
            self._succeed(intent, card)
        self.state.put(intent)

    def authenticate(self, id: str, *, approved: bool) -> Intent:
        """The cardholder has answered on the 3-D Secure page; a second answer changes nothing."""
        intent = self.find(id)
        if intent.status == "requires_action":
            intent.action_url = None
            if approved:
                self._succeed(intent, CARDS[intent.payment_method or ""])
            else:
                self._fail(intent, "payment_intent_authentication_failure", None)
            self.state.put(intent)
        return intent

    def find(self, id: str, *, param: str = "intent", status: int = 404) -> Intent:
        intent = self.state.get(Intent, id)
        if intent is None:
            raise missing("payment_intent", id, param=param, status=status)
        return intent

    def shown(self, intent: Intent, fields: Fields, *, prefix: str = "") -> dict[str, Any]:
        wants_charge = f"{prefix}latest_charge" in fields.texts("expand")
        return shapes.intent(intent, self._charge_of(intent) if wants_charge else None)

    def _take_method(self, intent: Intent, fields: Fields) -> None:
        token = fields.text("payment_method")
        return_url = fields.text("return_url")
        if token and token not in CARDS:
            raise missing("PaymentMethod", token, param="payment_method", status=400)
        if return_url and not return_url.startswith(("http://", "https://")):
            raise invalid("Invalid URL: return_url", code="url_invalid", param="return_url")
        intent.payment_method = token or intent.payment_method
        intent.return_url = return_url or intent.return_url
        if intent.payment_method:
            intent.status = "requires_confirmation"

    def _try(self, intent: Intent, base_url: str) -> None:
        if intent.payment_method is None:
            message = "You cannot confirm this PaymentIntent because it's missing a payment method."
            raise ApiError(400, message, code="payment_intent_unexpected_state")
        card = CARDS[intent.payment_method]
        intent.error = intent.action_url = None
        if card.outcome is Outcome.AUTHENTICATE:
            intent.status, intent.action_url = "requires_action", f"{base_url}3ds/{intent.id}"
            self._tell(intent, "payment_intent.requires_action")
        elif card.when is When.NOW and card.outcome is Outcome.DECLINE:
            self._fail(intent, "card_declined", card.decline_code)
            raise _declined(intent)
        elif card.when is When.NOW:
            self._succeed(intent, card)
        else:
            self._wait_for_bank(intent, card)

    def _wait_for_bank(self, intent: Intent, card: Card) -> None:
        intent.status = "processing"
        delay = self.timing.late_seconds if card.when is When.LATE else self.timing.delay_seconds
        if card.outcome is not Outcome.NEVER:
            self.state.set_timer(intent.id, time.time() + delay)
        # A duplicated notice also comes in the wrong order: the outcome is told before the wait for it.
        hold = delay + notices.STAGGER_SECONDS if card.notice is Notice.THRICE else 0.0
        self._tell(intent, "payment_intent.processing", hold_seconds=hold)

    def _succeed(self, intent: Intent, card: Card) -> None:
        charge = Charge(
            id=f"ch_{secrets.token_hex(12)}",
            intent_id=intent.id,
            amount=intent.amount,
            currency=intent.currency,
            created=int(time.time()),
            payment_method=intent.payment_method or "",
            metadata=intent.metadata,
            amount_captured=0 if intent.capture_method == "manual" else intent.amount,
        )
        self.state.put(charge)
        intent.charge_id, intent.error = charge.id, None
        if charge.amount_captured:
            intent.status, intent.amount_received = "succeeded", intent.amount
            self._tell(intent, "payment_intent.succeeded")
        else:
            intent.status, intent.amount_capturable = "requires_capture", intent.amount
            self._tell(intent, "payment_intent.amount_capturable_updated")

    def _fail(self, intent: Intent, code: str, decline_code: str | None) -> None:
        assert intent.payment_method, "only a payment with a card is tried"
        message = DECLINE_MESSAGES.get(decline_code or "", "The cardholder could not be authenticated.")
        method = shapes.payment_method(intent.payment_method)
        intent.status, intent.payment_method = "requires_payment_method", None
        intent.error = {"type": "card_error", "code": code, "message": message, "payment_method": method}
        if decline_code:
            intent.error["decline_code"] = decline_code
        self._tell(intent, "payment_intent.payment_failed")

    def _tell(self, intent: Intent, kind: str, *, hold_seconds: float = 0.0) -> None:
        """Keep the intent, and the fact for the webhook in the manner of its card."""
        self.state.put(intent)
        token = intent.payment_method or (intent.error or {}).get("payment_method", {}).get("id")
        notices.tell(self.state, kind, shapes.intent(intent), card=CARDS.get(token or ""), hold_seconds=hold_seconds)

    def _charge_of(self, intent: Intent) -> Charge | None:
        return self.state.get(Charge, intent.charge_id) if intent.charge_id else None

    def _expect(self, intent: Intent, statuses: set[str], verb: str) -> None:
        if intent.status not in statuses:
            message = f"You cannot {verb} this PaymentIntent because it has a status of {intent.status}."
            shown = shapes.intent(intent)
            raise ApiError(400, message, code="payment_intent_unexpected_state", payment_intent=shown)


def _declined(intent: Intent) -> ApiError:
    error = dict(intent.error or {})
    return ApiError(402, error.pop("message"), **error, payment_intent=shapes.intent(intent))
