"""To whom an order goes: checked and brought into the one form in which it is kept. Pure."""

import hashlib
import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

import phonenumbers

from shop_graphql.accounts.details import canonical_email
from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.platform.errors import Invalid

PHONE_MAX = 40
"""Characters as typed; a number has 15 digits at most."""
LENGTHS = {"full_name": 100, "line1": 200, "line2": 200, "city": 100, "region": 100, "postal_code": 20}
"""The most characters of each part of an address."""
REQUIRED = ("full_name", "line1", "city")
ADDRESS, CONTACT = "shippingAddress", "contact"


@dataclass(frozen=True, slots=True)
class ShippingAddress:
    """Where the parcels go. `country` is ISO 3166-1 alpha-2."""

    full_name: str
    line1: str
    city: str
    country: str
    line2: str | None = None
    region: str | None = None
    postal_code: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The parts that there are."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True, slots=True)
class Contact:
    """How the buyer is reached, and where the parcels go."""

    shipping: ShippingAddress
    email: str | None = None
    phone: str | None = None


def canonical_contact(typed: Contact) -> Contact:
    """The contact as it is kept: blanks trimmed, the e-mail address in lower case, the phone number as E.164.

    Raises: EmailInvalid, Invalid; each names the part at fault.
    """
    address = canonical_address(typed.shipping)
    phone = canonical_phone(typed.phone, country=address.country) if typed.phone and typed.phone.strip() else None
    return Contact(shipping=address, email=_email(typed.email) if typed.email else None, phone=phone)


def canonical_address(typed: ShippingAddress) -> ShippingAddress:
    """The address with its parts trimmed; an optional part without a letter is none.

    Raises: Invalid.
    """
    if typed.country not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(field=(ADDRESS, "country"), message="This is not a country that parcels go to.")
    return ShippingAddress(
        full_name=_part("full_name", typed.full_name),
        line1=_part("line1", typed.line1),
        city=_part("city", typed.city),
        country=typed.country,
        line2=_part("line2", typed.line2) or None,
        region=_part("region", typed.region) or None,
        postal_code=_part("postal_code", typed.postal_code) or None,
    )


def canonical_phone(typed: str, *, country: str) -> str:
    """The number as E.164, read as one of `country` unless it begins with a plus.

    Raises: Invalid.
    """
    refusal = Invalid(field=(CONTACT, "phone"), message="This is not a phone number.")
    if len(typed) > PHONE_MAX:
        raise refusal
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        raise refusal from None
    if not phonenumbers.is_valid_number(number):
        raise refusal
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_hash(email: str) -> bytes:
    """How a guest's orders are found again without writing the address into another table."""
    return hashlib.sha256(email.lower().encode()).digest()


def _email(typed: str) -> str:
    try:
        return canonical_email(typed)
    except EmailInvalid:
        raise EmailInvalid(field=(CONTACT, "email")) from None


def _part(name: str, typed: str | None) -> str:
    words = " ".join(unicodedata.normalize("NFC", typed or "").split())
    spelled = "".join(part if place == 0 else part.title() for place, part in enumerate(name.split("_")))
    if len(words) > LENGTHS[name]:
        raise Invalid(field=(ADDRESS, spelled), message=f"This has at most {LENGTHS[name]} characters.")
    if name in REQUIRED and not words:
        raise Invalid(field=(ADDRESS, spelled), message="This must not be empty.")
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in words):
        raise Invalid(field=(ADDRESS, spelled), message="This holds characters that cannot be printed.")
    return words
