"""A buyer of the production shape, who knows nothing but an address."""

from typing import Any
from uuid import uuid4

import httpx

from shop_graphql.platform.db import Database
from tests.api.shopping import a_checkout, add
from tests.client import Shop
from tests.factories.shelves import Shelf, make_shelf
from tests.waiting import until

ORDER = "query ($id: ID!) { order(id: $id) { number status } }"


async def shelf_of(db: Database, units: int = 500) -> Shelf:
    return await make_shelf(db, units=(units,))


async def sign_up(http: httpx.AsyncClient) -> tuple[Shop, str]:
    """A new member's shop and access token."""
    shop = Shop(http)
    person = {"email": f"{uuid4().hex}@example.com", "password": "a long enough pass phrase", "displayName": "Ada"}
    return shop, (await shop.do("userRegister", person))["accessToken"]


async def filled_cart(shop: Shop, shelf: Shelf, token: str) -> str:
    cart = (await shop.do("cartCreate", {}, token=token))["cart"]["id"]
    await add(shop, cart, (shelf, 1), token=token)
    return str(cart)


async def buy(shop: Shop, shelf: Shelf, token: str) -> Any:
    """The order, paid."""
    cart = await filled_cart(shop, shelf, token)
    order = (await shop.do("checkout", a_checkout(cart, key=str(uuid4())), token=token))["order"]
    payment = {"orderId": order["id"], "paymentMethod": "pm_card_visa", "idempotencyKey": str(uuid4())}
    await shop.do("paymentInitiate", payment, token=token)

    async def is_paid() -> Any:
        found = (await shop.data(ORDER, {"id": order["id"]}, token=token))["order"]
        return found if found["status"] == "PAID" else None

    return await until(is_paid, seconds=20)
