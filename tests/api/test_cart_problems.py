"""What a cart warns of before a checkout would refuse it."""

from typing import Any

import pytest

from shop_graphql.platform.db import Database
from tests.api.shopping import add, count_statements, open_cart
from tests.client import Shop, operation
from tests.factories.shelves import make_shelf, run, set_price


async def look(shop: Shop, cart_id: str, **who: str | None) -> Any:
    return (await shop.data(operation("cart"), {"id": cart_id}, **who))["cart"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("update stock_items set on_hand = 1", "OUT_OF_STOCK"),
        ("update offers set status = 'paused'", "OFFER_UNAVAILABLE"),
        ("update offers set max_per_order = 1", "QUANTITY_INVALID"),
        ("update offer_prices set price_minor = 1001", "PRICE_CHANGED"),
        ("delete from offer_prices", "CURRENCY_MISMATCH"),
    ],
)
async def test_each_problem_names_its_line(shop: Shop, db: Database, change: str, code: str) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 2))
    before = await look(shop, cart_id, **guest)

    await run(db, change)
    cart = await look(shop, cart_id, **guest)

    assert before["problems"] == []
    [problem] = cart["problems"]
    assert (problem["code"], problem["lineId"]) == (code, cart["lines"][0]["id"])


async def test_a_new_price_is_shown_beside_the_one_seen(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 2))
    await set_price(db, shelf, 750)

    cart = await look(shop, cart_id, **guest)

    [line] = cart["lines"]
    assert (line["unitPrice"]["amount"], line["seenPrice"]["amount"]) == ("7.50", "10.00")
    assert cart["subtotal"]["amount"] == "15.00"


async def test_what_is_not_sold_any_more_costs_nothing(shop: Shop, db: Database) -> None:
    kettle, pan = await make_shelf(db), await make_shelf(db)
    cart_id, guest = await open_cart(shop, (kettle, 1), (pan, 1))
    await run(db, "update offers set status = 'paused' where id = :offer", offer=kettle.offer_id)

    cart = await look(shop, cart_id, **guest)

    assert cart["subtotal"]["amount"] == "10.00"
    assert [line["offer"] is None for line in cart["lines"]] == [True, False]


async def test_a_cart_takes_the_same_statements_for_any_lines(shop: Shop, db: Database, statements: list[str]) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))
    few = await count_statements(statements, lambda: look(shop, cart_id, **guest))

    await add(shop, cart_id, *[(await make_shelf(db), 1) for _ in range(7)], **guest)
    many = await count_statements(statements, lambda: look(shop, cart_id, **guest))

    assert few == many
