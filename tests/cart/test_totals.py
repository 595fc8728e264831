"""Sums and problems of a cart: the rules alone."""

from uuid import UUID

import pytest

from shop_graphql.cart.rows import QuotedLine
from shop_graphql.cart.totals import line_id, problems, subtotal
from shop_graphql.platform.errors import ErrorCode

CART, OFFER, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)


def a_line(*, offer_id: UUID = OFFER, quantity: int = 2, price: int | None = 1000, **changes: object) -> QuotedLine:
    given = {"seen_price_minor": 1000, "is_sellable": True, "max_per_order": None, "available": 5} | changes
    return QuotedLine(
        cart_id=CART,
        offer_id=offer_id,
        quantity=quantity,
        currency="EUR",
        unit_price_minor=price,
        **given,  # type: ignore[arg-type]  # each test names what it changes
    )


def test_a_line_without_problems_has_none() -> None:
    assert problems([a_line(quantity=5, max_per_order=5)]) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (a_line(is_sellable=False, price=None, available=0), ErrorCode.OFFER_UNAVAILABLE),
        (a_line(price=None, available=0), ErrorCode.CURRENCY_MISMATCH),
        (a_line(max_per_order=1, available=0), ErrorCode.QUANTITY_INVALID),
        (a_line(available=1, price=900), ErrorCode.OUT_OF_STOCK),
        (a_line(price=900), ErrorCode.PRICE_CHANGED),
    ],
)
def test_the_gravest_problem_of_a_line_is_named(line: QuotedLine, code: ErrorCode) -> None:
    [problem] = problems([a_line(offer_id=OTHER), line])

    assert (problem.code, problem.line_id) == (code, line_id(CART, OFFER))


def test_a_subtotal_adds_up_what_is_sold_today() -> None:
    lines = [a_line(price=750), a_line(is_sellable=False), a_line(price=None), a_line(quantity=3, price=1)]

    assert subtotal(lines) == 1503


def test_one_offer_has_another_line_in_every_cart() -> None:
    assert line_id(CART, OFFER) == line_id(CART, OFFER)
    assert len({line_id(CART, OFFER), line_id(CART, OTHER), line_id(OTHER, OFFER)}) == 3
