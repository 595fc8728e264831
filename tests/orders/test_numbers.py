"""Order numbers: the day in front, no order twice, no volume to read."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from shop_graphql.orders.numbers import MODULUS, MULTIPLIER, OFFSET, order_number

DAY = datetime(2026, 11, 23, 12, tzinfo=UTC)


@given(st.integers(0, MODULUS - 1))
def test_every_number_leads_back_to_its_place(n: int) -> None:
    digits = order_number(DAY, n) % MODULUS

    assert (digits - OFFSET) * pow(MULTIPLIER, -1, MODULUS) % MODULUS == n


def test_neighbours_share_the_day_and_nothing_else() -> None:
    numbers = [order_number(DAY, n) for n in range(1, 1000)]

    assert len(set(numbers)) == 999
    assert {number // MODULUS for number in numbers} == {261123}
    assert all(abs(one - two) > 1_000_000 for one, two in itertools.pairwise(numbers))


def test_the_day_is_the_one_in_utc() -> None:
    late_in_lisbon = datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))

    assert order_number(late_in_lisbon, 1) // MODULUS == 261231
