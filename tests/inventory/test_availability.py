"""How stock is shown."""

from uuid import UUID

import pytest

from shop_graphql.catalogue.states import StockPolicy
from shop_graphql.inventory.availability import Availability, availability_of, best_of, shown
from shop_graphql.inventory.rows import OfferStock


def stock(
    available: int, on_shelf: int, low_at: int | None = None, policy: StockPolicy = StockPolicy.DENY
) -> OfferStock:
    return OfferStock(UUID(int=1), policy, available, on_shelf, low_at)


@pytest.mark.parametrize(
    ("of", "availability"),
    [
        (None, Availability.OUT),
        (stock(0, 0), Availability.OUT),
        (stock(6, 6), Availability.IN_STOCK),
        (stock(5, 5), Availability.LOW),
        (stock(1, 1), Availability.LOW),
        (stock(6, 6, low_at=6), Availability.LOW),
        (stock(1, 1, low_at=0), Availability.IN_STOCK),
        (stock(3, 0, policy=StockPolicy.BACKORDER), Availability.BACKORDER),
        (stock(3, 0, policy=StockPolicy.PREORDER), Availability.PREORDER),
        (stock(9, 6, policy=StockPolicy.PREORDER), Availability.IN_STOCK),
    ],
)
def test_stock_is_shown_in_words(of: OfferStock | None, availability: Availability) -> None:
    assert availability_of(of) is availability


def test_the_best_offer_speaks_for_the_variant() -> None:
    assert best_of([Availability.OUT, Availability.BACKORDER, Availability.LOW]) is Availability.LOW
    assert best_of([]) is Availability.OUT


def test_no_more_than_ten_are_shown() -> None:
    assert (shown(9), shown(10), shown(1_000)) == (9, 10, 10)
