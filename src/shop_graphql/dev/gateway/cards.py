"""What each test card does: the scripted outcomes, by payment method token. Data only; the list is in `dev.gateway`."""

from enum import Enum, auto
from hashlib import sha256

import msgspec


class Outcome(Enum):
    """What the card's bank says in the end."""

    SUCCEED = auto()
    DECLINE = auto()
    AUTHENTICATE = auto()
    NEVER = auto()


class When(Enum):
    """When the bank says it: in the answer, or after the seconds of that name in `Timing`."""

    NOW = auto()
    SETTLE = auto()
    LATE = auto()


class Manner(Enum):
    """How the gateway answers, its work done."""

    PLAINLY = auto()
    SLOWLY = auto()
    WITH_ERROR = auto()
    NEVER = auto()


class Notice(Enum):
    """How the gateway tells by webhook."""

    ONCE = auto()
    NOT_AT_ALL = auto()
    THRICE = auto()


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One test card. Shape: `decline_code` where the outcome is a decline."""

    outcome: Outcome = Outcome.SUCCEED
    when: When = When.SETTLE
    decline_code: str | None = None
    manner: Manner = Manner.PLAINLY
    notice: Notice = Notice.ONCE
    brand: str = "visa"
    last4: str = "4242"


_DECLINED = Card(outcome=Outcome.DECLINE, when=When.NOW, decline_code="generic_decline", last4="0002")
_NO_FUNDS = Card(outcome=Outcome.DECLINE, when=When.NOW, decline_code="insufficient_funds", last4="9995")

CARDS: dict[str, Card] = {
    "pm_card_visa": Card(),
    "pm_card_mastercard": Card(brand="mastercard", last4="4444"),
    "pm_card_chargeDeclined": _DECLINED,
    "pm_card_visa_chargeDeclined": _DECLINED,
    "pm_card_chargeDeclinedInsufficientFunds": _NO_FUNDS,
    "pm_card_visa_chargeDeclinedInsufficientFunds": _NO_FUNDS,
    "pm_card_authenticationRequired": Card(outcome=Outcome.AUTHENTICATE, when=When.NOW, last4="3184"),
    "pm_sim_slow": Card(when=When.NOW, manner=Manner.SLOWLY),
    "pm_sim_never": Card(outcome=Outcome.NEVER, notice=Notice.NOT_AT_ALL),
    "pm_sim_silent": Card(notice=Notice.NOT_AT_ALL),
    "pm_sim_error_after_charge": Card(when=When.NOW, manner=Manner.WITH_ERROR),
    "pm_sim_hang": Card(when=When.NOW, manner=Manner.NEVER),
    "pm_sim_late": Card(when=When.LATE),
    "pm_sim_fails_later": Card(outcome=Outcome.DECLINE, decline_code="generic_decline", last4="0341"),
    "pm_sim_duplicate": Card(notice=Notice.THRICE),
}


def fingerprint(token: str) -> str:
    """The same for the same card number, whatever token stands for it."""
    card = CARDS[token]
    return sha256(f"{token if card.last4 == '4242' else card.last4}{card.brand}".encode()).hexdigest()[:16]
