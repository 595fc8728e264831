"""Money is a whole number of minor units and a currency; floats never touch it."""

from decimal import Decimal

EXPONENTS = {
    "BHD": 3,
    "CLP": 0,
    "IQD": 3,
    "ISK": 0,
    "JOD": 3,
    "JPY": 0,
    "KRW": 0,
    "KWD": 3,
    "OMR": 3,
    "TND": 3,
    "VND": 0,
}
"""Minor-unit digits where they are not 2. Source: ISO 4217."""

MINOR_MAX = 10**15
"""The largest amount accepted anywhere, in minor units; sums of many stay far inside a bigint."""


def to_major(minor: int, currency: str) -> Decimal:
    """1250, "EUR" -> Decimal("12.50"); 1250, "JPY" -> Decimal("1250")."""
    return Decimal(minor).scaleb(-EXPONENTS.get(currency, 2))


def to_minor(major: Decimal, currency: str) -> int | None:
    """Decimal("12.50"), "EUR" -> 1250; None for more digits than the currency has, NaN or an absurd size."""
    if not major.is_finite() or abs(major) > MINOR_MAX:
        return None
    scaled = major.scaleb(EXPONENTS.get(currency, 2))
    return int(scaled) if scaled == scaled.to_integral_value() else None
