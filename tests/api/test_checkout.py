"""Checking out, as a client does it."""

from typing import Any

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.api.shopping import ADDRESS, NOBODYS, a_checkout, offer_id, open_cart, refused, sign_in, top_level_code
from tests.client import Shop
from tests.factories.shelves import levels, make_shelf, rows, run, set_price


async def test_a_guest_checks_out(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 2))

    payload = await shop.do("checkout", a_checkout(cart_id), **guest)

    order = payload["order"]
    assert payload["replayed"] is False
    assert order["status"] == "PENDING_PAYMENT"
    assert order["number"].startswith("261123")
    assert len(order["number"]) == 16
    assert order["expiresAt"] == "2026-11-23T12:30:00.000Z"
    assert order["total"] == {"amount": "20.00", "currency": "EUR"}
    assert await levels(db, shelf) == [(5, 2)]


async def test_a_member_checks_out_with_their_own_address(shop: Shop, db: Database, services: Services) -> None:
    ada = await sign_in(db, services)
    cart_id, _ = await open_cart(shop, (await make_shelf(db), 1), **ada)

    await shop.do("checkout", a_checkout(cart_id, email=None), **ada)

    own = "select c.email = u.email from order_contacts c join orders o on o.id = c.order_id"
    assert await rows(db, own + " join users u on u.id = o.buyer_id") == [(True,)]
    fresh = await shop.do("cartCreate", {}, **ada)
    assert fresh["cart"]["id"] != cart_id


async def test_a_replay_shows_the_order_as_it_is_now(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))
    first = await shop.do("checkout", a_checkout(cart_id), **guest)
    await run(db, "update orders set status = 'cancelled'")

    again = await shop.do("checkout", a_checkout(cart_id), **guest)

    assert again["replayed"] is True
    assert again["order"] == first["order"] | {"status": "CANCELLED"}


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"contact": {"email": "ada"}}, "EMAIL_INVALID", ["contact", "email"]),
        ({"contact": None}, "EMAIL_INVALID", ["contact", "email"]),
        ({"contact": {"email": "a@example.com", "phone": "12"}}, "INVALID", ["contact", "phone"]),
        ({"shippingAddress": ADDRESS | {"line1": " "}}, "INVALID", ["shippingAddress", "line1"]),
        ({"shippingAddress": ADDRESS | {"country": "XX"}}, "INVALID", ["shippingAddress", "country"]),
        ({"idempotencyKey": ""}, "INVALID", ["idempotencyKey"]),
        ({"cartId": global_id("Cart", NOBODYS)}, "NOT_FOUND", ["cartId"]),
        (
            {"expectedTotal": {"amount": "10.00", "currency": "USD"}},
            "CURRENCY_MISMATCH",
            ["expectedTotal", "currency"],
        ),
    ],
)
async def test_a_bad_request_is_a_user_error(
    shop: Shop, db: Database, changes: dict[str, Any], code: str, field: list[str]
) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))

    error = await refused(shop, "checkout", a_checkout(cart_id) | changes, **guest)

    assert (error["code"], error["field"]) == (code, field)
    assert await rows(db, "select count(*) from orders") == [(0,)]


async def test_what_is_sold_out_says_how_much_is_left(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db, units=[3])
    cart_id, guest = await open_cart(shop, (shelf, 3))
    other, rival = await open_cart(shop, (shelf, 2))
    await shop.do("checkout", a_checkout(other), **rival)

    error = await refused(shop, "checkout", a_checkout(cart_id), **guest)

    assert (error["code"], error["field"], error["available"]) == ("OUT_OF_STOCK", ["cartId"], 1)
    assert error["offer"] == {"id": offer_id(shelf)}


async def test_a_changed_price_says_was_and_now(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 2))
    await set_price(db, shelf, 1250)

    error = await refused(shop, "checkout", a_checkout(cart_id), **guest)

    assert (error["code"], error["offer"]) == ("PRICE_CHANGED", {"id": offer_id(shelf)})
    assert error["was"] == {"amount": "10.00", "currency": "EUR"}
    assert error["now"] == {"amount": "12.50", "currency": "EUR"}
    agreed = a_checkout(cart_id, expectedTotal={"amount": "25.00", "currency": "EUR"})
    assert (await shop.do("checkout", agreed, **guest))["order"]["total"]["amount"] == "25.00"


async def test_another_total_than_expected_is_refused(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 2))
    wrong = a_checkout(cart_id, expectedTotal={"amount": "19.99", "currency": "EUR"})

    error = await refused(shop, "checkout", wrong, **guest)

    assert (error["code"], error["field"], error["offer"]) == ("PRICE_CHANGED", ["expectedTotal"], None)
    assert (error["was"]["amount"], error["now"]["amount"]) == ("19.99", "20.00")


async def test_the_same_key_for_another_address_is_refused(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))
    await shop.do("checkout", a_checkout(cart_id), **guest)

    other = a_checkout(cart_id, shippingAddress=ADDRESS | {"city": "Hamburg"})
    error = await refused(shop, "checkout", other, **guest)

    assert (error["code"], error["field"]) == ("IDEMPOTENCY_KEY_MISMATCH", ["idempotencyKey"])


async def test_an_ordered_or_empty_cart_is_refused(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))
    await shop.do("checkout", a_checkout(cart_id), **guest)
    empty, other = await open_cart(shop)

    again = await refused(shop, "checkout", a_checkout(cart_id, key="new"), **guest)
    nothing = await refused(shop, "checkout", a_checkout(empty), **other)

    assert (again["code"], nothing["code"]) == ("CART_NOT_OPEN", "CART_EMPTY")


async def test_what_is_withdrawn_or_limited_is_refused(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    cart_id, guest = await open_cart(shop, (shelf, 2))

    await run(db, "update offers set max_per_order = 1")
    limited = await refused(shop, "checkout", a_checkout(cart_id), **guest)
    await run(db, "update offers set status = 'archived'")
    withdrawn = await refused(shop, "checkout", a_checkout(cart_id), **guest)

    assert (limited["code"], withdrawn["code"]) == ("QUANTITY_INVALID", "OFFER_UNAVAILABLE")


async def test_somebody_elses_cart_cannot_be_bought(shop: Shop, db: Database, services: Services) -> None:
    shelf, ada = await make_shelf(db), await sign_in(db, services)
    guests, guest = await open_cart(shop, (shelf, 1))
    adas, _ = await open_cart(shop, (shelf, 1), **ada)

    _, other_guest = await open_cart(shop)

    for cart_id, stranger in ((guests, ada), (adas, guest), (guests, other_guest)):
        assert (await refused(shop, "checkout", a_checkout(cart_id), **stranger))["code"] == "NOT_FOUND"
    assert await top_level_code(shop, "checkout", a_checkout(guests)) == "UNAUTHENTICATED"
    assert await rows(db, "select count(*) from orders") == [(0,)]


async def test_a_malformed_amount_is_the_clients_fault(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 1))
    fine = a_checkout(cart_id, expectedTotal={"amount": "10.001", "currency": "EUR"})

    assert await top_level_code(shop, "checkout", fine, **guest) == "BAD_USER_INPUT"
