"""Order numbers: the day in front, then ten digits that do not tell how many orders there were."""

from datetime import UTC, datetime

MODULUS = 10**10
MULTIPLIER = 7_364_589_371
"""Shares no factor with the modulus: every n below the modulus gives digits of its own."""
OFFSET = 1_234_567_891


def order_number(at: datetime, n: int) -> int:
    """YYMMDD of `at` in UTC and ten digits made of `n`, the next value of the numbers' sequence.

    Unique as long as one day has fewer than 10^10 orders. The database checks the day against the order's id.
    """
    day = int(at.astimezone(UTC).strftime("%y%m%d"))
    return day * MODULUS + (n * MULTIPLIER + OFFSET) % MODULUS
