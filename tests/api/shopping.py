"""What tests of carts and orders do over and over, as a client would."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.factories.accounts import make_user, token_for
from tests.factories.shelves import Shelf

ADDRESS = {"fullName": "Ada Example", "line1": "Unter den Linden 1", "city": "Berlin", "country": "DE"}
Credentials = dict[str, str | None]


def offer_id(shelf: Shelf) -> str:
    return global_id("Offer", shelf.offer_id)


async def sign_in(db: Database, services: Services) -> Credentials:
    """A new member's credentials."""
    return {"token": await token_for(db, services.tokens, await make_user(db))}


async def open_cart(shop: Shop, *wanted: tuple[Shelf, int], currency: str | None = None, **who: str | None) -> Any:
    """The caller's open cart and, for a guest, its secret, with so many units of each offer in it."""
    made = await shop.do("cartCreate", {"currency": currency} if currency else {}, **who)
    secret = who or {"cart_token": made["token"]}
    if wanted:
        await add(shop, made["cart"]["id"], *wanted, **secret)
    return made["cart"]["id"], secret


async def add(shop: Shop, cart_id: str, *wanted: tuple[Shelf, int], **who: str | None) -> Any:
    lines = [{"offerId": offer_id(shelf), "quantity": quantity} for shelf, quantity in wanted]
    return (await shop.do("cartLinesAdd", {"cartId": cart_id, "lines": lines}, **who))["cart"]


async def refused(shop: Shop, mutation: str, input: dict[str, Any], **who: str | None) -> dict[str, Any]:
    """The one user error of a mutation that changed nothing."""
    payload = (await shop.data(operation(mutation), {"input": input}, **who))[mutation]
    assert payload.get("cart") is None
    assert payload.get("order") is None
    [error] = payload["userErrors"]
    return dict(error)


async def top_level_code(shop: Shop, mutation: str, input: dict[str, Any], **who: str | None) -> str:
    """The code of the one top-level error."""
    [error] = (await shop.ask(operation(mutation), {"input": input}, **who))["errors"]
    return str(error["extensions"]["code"])


def a_checkout(cart_id: str, *, key: str = "key", email: str | None = "ada@example.com", **more: Any) -> dict[str, Any]:
    """The input of a checkout that nothing is wrong with."""
    contact = {"contact": {"email": email}} if email else {}
    return {"cartId": cart_id, "idempotencyKey": key, "shippingAddress": ADDRESS, **contact, **more}


async def order_of(shop: Shop, *wanted: tuple[Shelf, int], **who: str | None) -> Any:
    """The caller's new order and the credentials that show it."""
    cart_id, secret = await open_cart(shop, *wanted, **who)
    payload = await shop.do("checkout", a_checkout(cart_id, key=f"for {cart_id}"), **secret)
    return payload["order"], secret


async def count_statements(statements: list[str], ask: Callable[[], Awaitable[Any]]) -> int:
    """How many statements one request takes."""
    statements.clear()
    await ask()
    return len(statements)


NOBODYS = UUID("01931c00-0000-7000-8000-000000000000")
