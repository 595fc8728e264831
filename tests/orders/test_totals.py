"""What an order costs: the rule alone."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shop_graphql.orders.totals import PricedLine, Totals, by_seller, totals_of

SELLERS = [UUID(int=number) for number in (3, 1, 2)]
LINES = st.lists(
    st.builds(PricedLine, st.uuids(), st.sampled_from(SELLERS), st.integers(1, 9999), st.integers(0, 10**9)), min_size=1
)


@given(LINES)
def test_parts_add_up_to_the_whole(lines: list[PricedLine]) -> None:
    parts = by_seller(lines)

    assert sum(totals_of(part).total_minor for part in parts.values()) == totals_of(lines).total_minor
    assert list(parts) == sorted(parts)
    assert [line for line in lines if line.seller_id == SELLERS[0]] == parts.get(SELLERS[0], [])


def test_a_total_is_made_of_all_its_parts() -> None:
    totals = Totals(items_minor=1000, discount_minor=150, shipping_minor=499, tax_minor=21)

    assert totals.total_minor == 1370
