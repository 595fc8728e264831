"""Whose a cart is: its member's, or whoever sends its secret; nobody else's."""

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.api.shopping import NOBODYS, open_cart, refused, sign_in, top_level_code
from tests.client import Shop, operation
from tests.factories.shelves import make_shelf, run

NODE = "query ($id: ID!) { node(id: $id) { id } }"


async def look(shop: Shop, cart_id: str, **who: str | None) -> object:
    return (await shop.data(operation("cart"), {"id": cart_id}, **who))["cart"]


@pytest.mark.parametrize(
    ("mutation", "rest"),
    [
        ("cartLinesAdd", {"lines": [{"offerId": global_id("Offer", NOBODYS), "quantity": 1}]}),
        ("cartLinesUpdate", {"lines": [{"id": global_id("CartLine", NOBODYS), "quantity": 1}]}),
        ("cartLinesRemove", {"lineIds": [global_id("CartLine", NOBODYS)]}),
    ],
)
async def test_somebody_elses_cart_cannot_be_changed(
    shop: Shop, db: Database, services: Services, mutation: str, rest: dict[str, object]
) -> None:
    shelf, ada = await make_shelf(db), await sign_in(db, services)
    guest_cart, guest = await open_cart(shop, (shelf, 1))
    adas_cart, _ = await open_cart(shop, (shelf, 1), **ada)
    _, other_guest = await open_cart(shop)

    for cart_id, stranger in ((guest_cart, ada), (adas_cart, guest), (guest_cart, other_guest)):
        error = await refused(shop, mutation, {"cartId": cart_id, **rest}, **stranger)

        assert (error["code"], error["field"]) == ("NOT_FOUND", ["cartId"])
    assert await top_level_code(shop, mutation, {"cartId": guest_cart, **rest}) == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    ("mutation", "rest"),
    [
        ("cartLinesAdd", {"lines": [{"offerId": global_id("Offer", NOBODYS), "quantity": 1}]}),
        ("cartLinesUpdate", {"lines": [{"id": global_id("CartLine", NOBODYS), "quantity": 1}]}),
        ("cartLinesRemove", {"lineIds": [global_id("CartLine", NOBODYS)]}),
    ],
)
async def test_a_cart_that_is_over_cannot_be_changed(
    shop: Shop, db: Database, mutation: str, rest: dict[str, object]
) -> None:
    cart_id, guest = await open_cart(shop)
    await run(db, "update carts set status = 'expired'")

    error = await refused(shop, mutation, {"cartId": cart_id, **rest}, **guest)

    assert (error["code"], error["field"]) == ("CART_NOT_OPEN", ["cartId"])


async def test_a_cart_is_nothing_to_strangers(shop: Shop, db: Database, services: Services) -> None:
    ada, bob = await sign_in(db, services), await sign_in(db, services)
    guest_cart, guest = await open_cart(shop)
    adas_cart, _ = await open_cart(shop, **ada)
    _, other_guest = await open_cart(shop)

    for cart_id, strangers in ((guest_cart, [{}, ada, other_guest]), (adas_cart, [{}, bob, guest])):
        for stranger in strangers:
            assert await look(shop, cart_id, **stranger) is None
            assert (await shop.data(NODE, {"id": cart_id}, **stranger))["node"] is None

    assert (await shop.data(NODE, {"id": guest_cart}, **guest))["node"] == {"id": guest_cart}
    assert (await shop.data(NODE, {"id": adas_cart}, **ada))["node"] == {"id": adas_cart}
