"""Carts, as shoppers fill them."""

import hashlib

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.api.shopping import NOBODYS, add, offer_id, open_cart, refused, sign_in, top_level_code
from tests.client import Shop, operation
from tests.factories.shelves import make_shelf, rows, run, set_price


async def look(shop: Shop, cart_id: str, **who: str | None) -> dict[str, object] | None:
    found: dict[str, object] | None = (await shop.data(operation("cart"), {"id": cart_id}, **who))["cart"]
    return found


async def test_a_guests_secret_is_told_once_and_kept_as_a_hash(shop: Shop, db: Database) -> None:
    made = await shop.do("cartCreate", {"currency": "SEK"})

    assert made["cart"] | {"id": None} == {"id": None, "currency": "SEK", "itemCount": 0}
    assert len(made["token"]) == 43
    digest = hashlib.sha256(made["token"].encode()).digest()
    assert await rows(db, "select guest_secret_hash, user_id from carts") == [(digest, None)]
    assert await look(shop, made["cart"]["id"], cart_token=made["token"]) is not None


async def test_a_member_has_one_open_cart(shop: Shop, db: Database, services: Services) -> None:
    ada = await sign_in(db, services)

    first, again = await shop.do("cartCreate", {}, **ada), await shop.do("cartCreate", {}, **ada)

    assert first["token"] is again["token"] is None
    assert first["cart"]["id"] == again["cart"]["id"]
    assert first["cart"]["currency"] == services.settings.shop_currency
    assert await rows(db, "select count(*) from carts") == [(1,)]


async def test_an_empty_cart_takes_the_currency_asked_for(shop: Shop, db: Database, services: Services) -> None:
    ada = await sign_in(db, services)
    await shop.do("cartCreate", {"currency": "EUR"}, **ada)

    made = await shop.do("cartCreate", {"currency": "SEK"}, **ada)

    assert made["cart"]["currency"] == "SEK"


async def test_a_full_cart_keeps_its_currency(shop: Shop, db: Database, services: Services) -> None:
    ada = await sign_in(db, services)
    await open_cart(shop, (await make_shelf(db), 1), currency="EUR", **ada)

    error = await refused(shop, "cartCreate", {"currency": "SEK"}, **ada)

    assert (error["code"], error["field"]) == ("CURRENCY_MISMATCH", ["currency"])


async def test_a_cart_shows_lines_sums_and_offers(shop: Shop, db: Database) -> None:
    kettle, pan = await make_shelf(db, title="Kettle"), await make_shelf(db, title="Pan", prices={"EUR": 250})
    cart_id, guest = await open_cart(shop, (kettle, 2), (pan, 3), currency="EUR")

    cart = await look(shop, cart_id, **guest)

    assert cart is not None
    assert (cart["itemCount"], cart["subtotal"]) == (5, {"amount": "27.50", "currency": "EUR"})
    assert cart["problems"] == []
    lines = cart["lines"]
    assert isinstance(lines, list)
    assert [(line["quantity"], line["unitPrice"], line["total"]) for line in lines] == [
        (2, {"amount": "10.00"}, {"amount": "20.00"}),
        (3, {"amount": "2.50"}, {"amount": "7.50"}),
    ]
    assert [line["offer"]["variant"]["product"]["title"] for line in lines] == ["Kettle", "Pan"]


async def test_adding_the_same_offer_adds_up(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 1), (shelf, 1))

    cart = await add(shop, cart_id, (shelf, 2), **guest)

    assert [line["quantity"] for line in cart["lines"]] == [4]


@pytest.mark.parametrize("quantity", [0, -1, 10_000])
async def test_a_line_has_1_to_9999_units(shop: Shop, db: Database, quantity: int) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    lines = [{"offerId": offer_id(shelf), "quantity": 1}, {"offerId": offer_id(shelf), "quantity": quantity}]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("QUANTITY_INVALID", ["lines", "1", "quantity"])
    assert await rows(db, "select count(*) from cart_lines") == [(0,)]


async def test_more_than_an_order_may_hold_is_refused(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db, max_per_order=2)
    cart_id, guest = await open_cart(shop, (shelf, 2))
    lines = [{"offerId": offer_id(shelf), "quantity": 1}]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("QUANTITY_INVALID", ["lines", "0", "quantity"])


async def test_more_than_there_is_is_refused_with_the_rest(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db, units=[2, 1])
    cart_id, guest = await open_cart(shop, (shelf, 2))
    lines = [{"offerId": offer_id(shelf), "quantity": 2}]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("OUT_OF_STOCK", ["lines", "0", "quantity"])
    assert (error["available"], error["offer"]) == (3, {"id": offer_id(shelf)})


@pytest.mark.parametrize(
    "withdraw",
    [
        "update offers set status = 'paused'",
        "update products set status = 'archived'",
        "update variants set status = 'archived'",
        "update sellers set status = 'suspended'",
    ],
)
async def test_what_is_not_sold_is_refused(shop: Shop, db: Database, withdraw: str) -> None:
    good = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (good, 1))
    await run(db, withdraw)
    lines = [{"offerId": offer_id(good), "quantity": 1}]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("OFFER_UNAVAILABLE", ["lines", "0", "offerId"])


async def test_an_unknown_offer_refuses_all_lines(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    offers = [offer_id(shelf), global_id("Offer", NOBODYS)]
    lines = [{"offerId": offer, "quantity": 1} for offer in offers]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("OFFER_UNAVAILABLE", ["lines", "1", "offerId"])
    assert await rows(db, "select count(*) from cart_lines") == [(0,)]


async def test_prices_are_never_converted(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db, prices={"EUR": 1000})
    cart_id, guest = await open_cart(shop, currency="SEK")
    lines = [{"offerId": offer_id(shelf), "quantity": 1}]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("CURRENCY_MISMATCH", ["lines", "0", "offerId"])


async def test_a_cart_has_at_most_100_lines(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 1))
    lines = [{"offerId": global_id("Offer", type(NOBODYS)(int=number)), "quantity": 1} for number in range(100)]

    error = await refused(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("TOO_MANY", ["lines"])


@pytest.mark.parametrize("count", [0, 101])
async def test_a_list_of_lines_holds_1_to_100(shop: Shop, db: Database, count: int) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    lines = [{"offerId": offer_id(shelf), "quantity": 1}] * count

    assert await top_level_code(shop, "cartLinesAdd", {"cartId": cart_id, "lines": lines}, **guest) == "BAD_USER_INPUT"


async def test_update_sets_a_quantity_and_sees_todays_price(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 1))
    [line] = (await add(shop, cart_id, (shelf, 1), **guest))["lines"]
    await set_price(db, shelf, 1200)

    lines = [{"id": line["id"], "quantity": 3}]
    cart = (await shop.do("cartLinesUpdate", {"cartId": cart_id, "lines": lines}, **guest))["cart"]

    assert (cart["itemCount"], cart["subtotal"]["amount"]) == (3, "36.00")
    assert await rows(db, "select quantity, seen_price_minor from cart_lines") == [(3, 1200)]


@pytest.mark.parametrize(
    ("quantity", "code"), [(0, "QUANTITY_INVALID"), (10_000, "QUANTITY_INVALID"), (6, "OUT_OF_STOCK")]
)
async def test_update_refuses_what_cannot_be_had(shop: Shop, db: Database, quantity: int, code: str) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    [line] = (await add(shop, cart_id, (shelf, 1), **guest))["lines"]

    lines = [{"id": line["id"], "quantity": quantity}]
    error = await refused(shop, "cartLinesUpdate", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == (code, ["lines", "0", "quantity"])
    assert await rows(db, "select quantity from cart_lines") == [(1,)]


async def test_update_refuses_what_is_not_sold_any_more(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    [line] = (await add(shop, cart_id, (shelf, 1), **guest))["lines"]
    await run(db, "update offers set status = 'paused'")

    lines = [{"id": line["id"], "quantity": 2}]
    error = await refused(shop, "cartLinesUpdate", {"cartId": cart_id, "lines": lines}, **guest)

    assert (error["code"], error["field"]) == ("OFFER_UNAVAILABLE", ["lines", "0", "id"])


async def test_lines_of_another_cart_are_not_there(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    other, _ = await open_cart(shop)
    cart_id, guest = await open_cart(shop)
    [line] = (await add(shop, cart_id, (shelf, 1), **guest))["lines"]
    other, stranger = await open_cart(shop, (shelf, 1))

    lines = [{"id": line["id"], "quantity": 2}]
    update = await refused(shop, "cartLinesUpdate", {"cartId": other, "lines": lines}, **stranger)
    remove = await refused(shop, "cartLinesRemove", {"cartId": other, "lineIds": [line["id"]]}, **stranger)

    assert (update["code"], update["field"]) == ("NOT_FOUND", ["lines", "0", "id"])
    assert (remove["code"], remove["field"]) == ("NOT_FOUND", ["lineIds", "0"])


async def test_remove_takes_lines_out(shop: Shop, db: Database) -> None:
    kettle, pan = await make_shelf(db), await make_shelf(db)
    cart_id, guest = await open_cart(shop)
    lines = (await add(shop, cart_id, (kettle, 1), (pan, 2), **guest))["lines"]

    cart = (await shop.do("cartLinesRemove", {"cartId": cart_id, "lineIds": [lines[0]["id"]]}, **guest))["cart"]

    assert cart["lines"] == [{"id": lines[1]["id"]}]
    assert cart["itemCount"] == 2
