"""Keys sort by time; money never loses a cent."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_graphql.api.ids import global_id, key_of, part_of, split_id
from shop_graphql.platform.errors import BadUserInput
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.money import to_major, to_minor
from tests.clock import NOON


def test_keys_of_later_instants_sort_later() -> None:
    ids = TimeOrderedIds()

    keys = [ids.new(NOON + timedelta(milliseconds=step)) for step in range(50)]

    assert keys == sorted(keys)
    assert {(key.version, key.variant) for key in keys} == {(7, UUID(int=0x8 << 60).variant)}


def test_keys_of_one_instant_differ() -> None:
    ids = TimeOrderedIds()

    assert len({ids.new(NOON) for _ in range(1_000)}) == 1_000


def test_keys_are_foreseeable_with_chosen_randomness() -> None:
    assert TimeOrderedIds(lambda n: b"\0" * n).new(NOON) == TimeOrderedIds(lambda n: b"\0" * n).new(NOON)


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_money_survives_the_way_out_and_back(minor: int, currency: str) -> None:
    assert to_minor(to_major(minor, currency), currency) == minor


@pytest.mark.parametrize(("amount", "currency"), [("12.505", "EUR"), ("1.5", "JPY"), ("NaN", "EUR"), ("1e30", "EUR")])
def test_amounts_a_currency_does_not_have_are_refused(amount: str, currency: str) -> None:
    assert to_minor(Decimal(amount), currency) is None


@given(st.uuids(), st.none() | st.integers(min_value=0, max_value=65_535))
def test_global_ids_lead_back_to_their_key(key: UUID, number: int | None) -> None:
    assert split_id(global_id("Order", key, number)) == ("Order", key, number)


@given(st.text(max_size=60))
def test_whatever_is_no_id_is_refused_as_bad_input(text: str) -> None:
    try:
        type_name, key, number = split_id(text)
    except BadUserInput:
        return

    assert global_id(type_name, key, number) == text


def test_an_id_of_another_type_is_refused() -> None:
    product = global_id("Product", UUID(int=1))

    with pytest.raises(BadUserInput, match="Order"):
        key_of(product, "Order")
    with pytest.raises(BadUserInput, match="OrderLine"):
        part_of(product, "OrderLine")
