"""Which places give which units: the rule alone, without a database."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from shop_graphql.inventory.totals import HoldLine, Place, Shortage, allot, wanted_by_offer

KEYS = [UUID(int=number) for number in range(1, 20)]
OFFERS = st.sampled_from(KEYS[:3])


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    owners = draw(st.lists(OFFERS, max_size=6))
    return [Place(KEYS[10 + at], offer, draw(st.integers(-3, 9))) for at, offer in enumerate(owners)]


LINES = st.lists(st.tuples(OFFERS, st.integers(1, 8)), min_size=1, max_size=5).map(
    lambda wanted: [HoldLine(number, offer, units) for number, (offer, units) in enumerate(wanted, start=1)]
)


@given(LINES, places())
def test_allot_gives_all_or_says_what_is_short(lines: list[HoldLine], shelves: list[Place]) -> None:
    free = {offer: sum(max(0, place.free) for place in shelves if place.offer_id == offer) for offer in KEYS[:3]}

    result = allot(lines, shelves)

    enough = all(free[offer] >= units for offer, units in wanted_by_offer(lines).items())
    if isinstance(result, Shortage):
        assert not enough
        assert result.available == free[result.line.offer_id]
        return
    assert enough
    for line in lines:
        assert sum(taking.quantity for taking in result if taking.line_no == line.line_no) == line.quantity
    for place in shelves:
        given_here = sum(taking.quantity for taking in result if taking.stock_item_id == place.stock_item_id)
        assert 0 <= given_here <= max(0, place.free)


def test_allot_uses_the_first_place_that_has_enough() -> None:
    shelves = [Place(KEYS[0], KEYS[9], 1), Place(KEYS[1], KEYS[9], 3), Place(KEYS[2], KEYS[9], 9)]

    takings = allot([HoldLine(1, KEYS[9], 3)], shelves)

    assert not isinstance(takings, Shortage)
    assert [(taking.stock_item_id, taking.quantity) for taking in takings] == [(KEYS[1], 3)]
