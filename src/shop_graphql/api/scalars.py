"""Values with a meaning, and money."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, NewType, Self

import strawberry
from strawberry.types.scalar import ScalarDefinition

from shop_graphql.platform.errors import BadUserInput
from shop_graphql.platform.money import to_major, to_minor

CountryCode = NewType("CountryCode", str)
CurrencyCode = NewType("CurrencyCode", str)
EmailAddress = NewType("EmailAddress", str)
URL = NewType("URL", str)

DECIMAL_DIGITS_MAX = 40
URL_LENGTH_MAX = 2_000


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise BadUserInput(f"{what} is written as a string.")
    return value


def _parse_datetime(value: Any) -> datetime:
    try:
        parsed = datetime.fromisoformat(_text(value, "A DateTime"))
    except ValueError:
        raise BadUserInput("A DateTime is ISO 8601 with a zone, such as 2026-11-23T09:30:00Z.") from None
    if parsed.tzinfo is None:
        raise BadUserInput("A DateTime names its zone, such as 2026-11-23T09:30:00Z.")
    return parsed.astimezone(UTC)


def _serialize_datetime(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _parse_decimal(value: Any) -> Decimal:
    text = _text(value, "A Decimal")
    try:
        parsed = Decimal(text)
    except InvalidOperation:
        raise BadUserInput("A Decimal is written as digits in a string, such as 12.50.") from None
    if len(text) > DECIMAL_DIGITS_MAX or not parsed.is_finite():
        raise BadUserInput(f"A Decimal has at most {DECIMAL_DIGITS_MAX} characters and is finite.")
    return parsed


def _parse_code(pattern: str, what: str) -> Any:
    shape = re.compile(pattern)

    def parse(value: Any) -> str:
        text = _text(value, what)
        if shape.fullmatch(text) is None:
            raise BadUserInput(f"{what} looks like {'DE' if what == 'A CountryCode' else 'EUR'}.")
        return text

    return parse


def _parse_email(value: Any) -> str:
    return _text(value, "An EmailAddress")


def _parse_url(value: Any) -> str:
    text = _text(value, "A URL")
    if len(text) > URL_LENGTH_MAX or re.fullmatch(r"https?://[^\s]+", text) is None:
        raise BadUserInput(f"A URL begins with http:// or https:// and has at most {URL_LENGTH_MAX} characters.")
    return text


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, ISO 8601 with milliseconds: 2026-11-23T09:30:00.000Z.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_serialize_datetime,
        parse_value=_parse_datetime,
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description="A decimal number as a string, so that no digit is lost.",
        specified_by_url="https://scalars.graphql.org/chillicream/decimal.html",
        serialize=str,
        parse_value=_parse_decimal,
    ),
    CountryCode: strawberry.scalar(
        name="CountryCode",
        description="A country as ISO 3166-1 alpha-2: DE.",
        specified_by_url="https://www.iso.org/iso-3166-country-codes.html",
        serialize=str,
        parse_value=_parse_code(r"[A-Z]{2}", "A CountryCode"),
    ),
    CurrencyCode: strawberry.scalar(
        name="CurrencyCode",
        description="A currency as ISO 4217: EUR.",
        specified_by_url="https://www.iso.org/iso-4217-currency-codes.html",
        serialize=str,
        parse_value=_parse_code(r"[A-Z]{3}", "A CurrencyCode"),
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress",
        description="An e-mail address of at most 254 characters; a malformed one is a user error.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc5321#section-4.1.2",
        serialize=str,
        parse_value=_parse_email,
    ),
    URL: strawberry.scalar(
        name="URL",
        description="An absolute http or https address.",
        specified_by_url="https://url.spec.whatwg.org/",
        serialize=str,
        parse_value=_parse_url,
    ),
}


@strawberry.type(description="An amount of money in one currency. Never converted, never a float.")
class Money:
    amount: Decimal = strawberry.field(description="In major units with the currency's own digits: 12.50.")
    currency: CurrencyCode = strawberry.field(description="ISO 4217.")

    @classmethod
    def of(cls, minor: int, currency: str) -> Self:
        return cls(amount=to_major(minor, currency), currency=CurrencyCode(currency))


@strawberry.input(description="An amount of money in one currency.")
class MoneyInput:
    amount: Decimal = strawberry.field(description="In major units with at most the currency's own digits: 12.50.")
    currency: CurrencyCode = strawberry.field(description="ISO 4217.")

    def to_minor(self) -> int:
        """Raises: BadUserInput for more digits than the currency has or an absurd size."""
        minor = to_minor(self.amount, self.currency)
        if minor is None:
            raise BadUserInput(f"{self.amount} is not an amount of {self.currency}.")
        return minor
