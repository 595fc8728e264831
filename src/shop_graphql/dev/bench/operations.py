"""The four measured operations: how the shop is asked and how the raw routes are, for the same thing."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from shop_graphql.api.ids import global_id
from shop_graphql.dev.bench import raw_sql
from shop_graphql.dev.bench.carts import fourth_offer, secret
from shop_graphql.dev.bench.goods import Goods
from shop_graphql.dev.bench.load import http

MONEY = "{ amount currency }"
PAGE = f"""query($category: ID!) {{ products(first: 20, filter: {{ categoryId: $category }}) {{
  nodes {{ id slug title category {{ name }} seller {{ name }} priceRange {{ min {MONEY} }} rating {{ average count }}
    media {{ url alt }} }}
  pageInfo {{ hasNextPage endCursor }} }} }}"""
PRODUCT = f"""query($slug: String!) {{ product(slug: $slug) {{ id slug title description category {{ name }}
  seller {{ name }} rating {{ average count }} media {{ url alt }}
  variants {{ id title options {{ name value }} availability featuredOffer {{ id price {MONEY} }} }} }} }}"""
ADD_LINE = f"""mutation($input: CartLinesAddInput!) {{ cartLinesAdd(input: $input) {{
  cart {{ id itemCount subtotal {MONEY} lines {{ quantity unitPrice {MONEY} total {MONEY} offer {{ id }} }} }}
  userErrors {{ code message }} }} }}"""
CHECKOUT = f"""mutation($input: CheckoutInput!) {{ checkout(input: $input) {{
  order {{ id number status total {MONEY} }} replayed userErrors {{ code message }} }} }}"""

EMAIL = "ada@example.com"
STREET = {"line1": "Lindenweg 1", "city": "Berlin", "country": "DE"}


@dataclass(frozen=True)
class Cart:
    """An open guest cart, by its number and key."""

    purpose: str
    number: int
    key: UUID


Ask = Callable[[Goods, Any], bytes]


@dataclass(frozen=True)
class Operation:
    """`shop` and `raw` turn a target into a request: a number for what is read, an unused cart for what is written."""

    name: str
    what: str
    sql: str
    shop: Ask
    raw: Ask
    sign: bytes
    """In every right answer."""
    uses_carts: bool = False
    own_ids: tuple[str, ...] = ()
    """What may differ between two answers: keys that were made for it."""


def graphql(document: str, cart_secret: str = "", **variables: object) -> bytes:
    body = orjson.dumps({"query": document, "variables": variables})
    return http("POST", "/graphql", body=body, cart_secret=cart_secret)


def numbers(start: int = 0) -> Iterator[int]:
    """Targets of what is read: a walk that comes back to none of them soon."""
    return (number * 7919 for number in itertools.count(start))


def _page(goods: Goods, number: int) -> bytes:
    return graphql(PAGE, category=global_id("Category", goods.categories[number % len(goods.categories)]))


def _raw_page(goods: Goods, number: int) -> bytes:
    return http("GET", f"/page?category={goods.categories[number % len(goods.categories)]}")


def _product(goods: Goods, number: int) -> bytes:
    return graphql(PRODUCT, slug=goods.slugs[number % len(goods.slugs)])


def _raw_product(goods: Goods, number: int) -> bytes:
    return http("GET", f"/product/{goods.slugs[number % len(goods.slugs)]}")


def _offer(goods: Goods, cart: Cart) -> UUID:
    return goods.offers[fourth_offer(cart.number, len(goods.offers))]


def _add_line(goods: Goods, cart: Cart) -> bytes:
    lines = [{"offerId": global_id("Offer", _offer(goods, cart)), "quantity": 2}]
    given = {"cartId": global_id("Cart", cart.key), "lines": lines}
    return graphql(ADD_LINE, secret(cart.purpose, cart.number), input=given)


def _raw_add_line(goods: Goods, cart: Cart) -> bytes:
    body = orjson.dumps({"offer": str(_offer(goods, cart)), "quantity": 2})
    return http("POST", "/cart-lines", body=body, cart_secret=secret(cart.purpose, cart.number))


def _checkout(_goods: Goods, cart: Cart) -> bytes:
    address = {"fullName": "Ada Example", "postalCode": "10115", **STREET}
    given = {
        "cartId": global_id("Cart", cart.key),
        "idempotencyKey": str(cart.key),
        "contact": {"email": EMAIL},
        "shippingAddress": address,
    }
    return graphql(CHECKOUT, secret(cart.purpose, cart.number), input=given)


def _raw_checkout(_goods: Goods, cart: Cart) -> bytes:
    address = {"full_name": "Ada Example", "postal_code": "10115", **STREET}
    body = orjson.dumps({"key": str(cart.key), "email": EMAIL, "address": address})
    return http("POST", "/checkout", body=body, cart_secret=secret(cart.purpose, cart.number))


OPERATIONS = (
    Operation("Q1", "catalogue page of 20", raw_sql.PAGE, _page, _raw_page, b'"endCursor"'),
    Operation("Q2", "product page by slug", raw_sql.PRODUCT, _product, _raw_product, b'"variants"'),
    Operation("M1", "cartLinesAdd", raw_sql.ADD_LINE, _add_line, _raw_add_line, b'"itemCount"', True, ("id",)),
    Operation(
        "M2",
        "checkout of 3 lines",
        raw_sql.CHECKOUT,
        _checkout,
        _raw_checkout,
        b"PENDING_PAYMENT",
        True,
        ("id", "number"),
    ),
)
