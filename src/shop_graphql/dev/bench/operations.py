"""The measured operations: the documented ones, and how the shop and the raw routes are asked for the same thing.

Left out, because a raw twin would do other work or none: `userRegister` and `userLogin` (what they cost is the hash of
the password, by intention), `paymentInitiate` and `paymentVerify` (the gateway's answer), the sellers' writes
(`productCreate`, `productUpdate`, `offerCreate`, `offerUpdate`, `inventorySet`, `fulfillmentCreate`: rare, and mostly
rules), `cartLinesUpdate` and `cartLinesRemove` (the work of `cartLinesAdd`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

import orjson

from shop_graphql.api.ids import global_id
from shop_graphql.dev.bench.carts import SHOWN, fourth_offer, secret
from shop_graphql.dev.bench.goods import MATERIALS, THINGS, Goods
from shop_graphql.dev.bench.load import http
from shop_graphql.dev.bench.people import Person
from shop_graphql.dev.bench.statements import carts, listings, orders, products
from shop_graphql.dev.bench.statements.checkout import CHECKOUT
from shop_graphql.dev.places import LocalError

ADDRESS = {
    "full_name": "Ada Example",
    "line1": "Lindenweg 1",
    "city": "Berlin",
    "postal_code": "10115",
    "country": "DE",
}
EMAIL = "ada@example.com"


@dataclass(frozen=True)
class World:
    """What can be asked about, and by whom."""

    goods: Goods
    tokens: dict[UUID, str]
    """Access tokens by user."""


@dataclass(frozen=True)
class Cart:
    """An open guest cart, by its number and key."""

    purpose: str
    number: int
    key: UUID


class Question(NamedTuple):
    """One request: the variables of the document, and what the raw routes are asked instead."""

    variables: dict[str, Any]
    path: str
    body: Any = None
    headers: dict[str, str] | None = None

    def to_shop(self, document: str) -> bytes:
        body = orjson.dumps({"query": document, "variables": self.variables})
        return http("POST", "/graphql", body=body, headers=self.headers)

    def to_raw(self) -> bytes:
        if self.body is None:
            return http("GET", self.path, headers=self.headers)
        return http("POST", self.path, body=orjson.dumps(self.body), headers=self.headers)


@dataclass(frozen=True)
class Operation:
    """`ask` turns a target into a question: a number for what is read, an unused cart for what is written to one."""

    name: str
    what: str
    document: str
    sql: str
    ask: Callable[[World, Any], Question]
    sign: bytes
    """In every right answer."""
    budget: float | None = None
    """How many times the raw route's CPU it may cost."""
    writes: bool = False
    uses_carts: bool = False
    own: tuple[str, ...] = ()
    """Paths below the field to what may differ between two right answers: what was made for it, and ids of lines in
    carts, which the shop works out from two keys and the raw routes take from the offer."""


def read_document(folder: Path, operation: Operation) -> str:
    """The operation's document, as it is documented.

    Raises: LocalError outside of a checkout.
    """
    path = folder / f"{operation.document}.graphql"
    try:
        return path.read_text()
    except OSError:
        raise LocalError(
            f"{path} cannot be read: the bench needs a checkout, an installed wheel has no tests."
        ) from None


def _category_page(world: World, number: int) -> Question:
    key = _nth(world.goods.categories, number)
    return Question({"filter": {"categoryId": global_id("Category", key)}}, f"/products?category={key}")


def _search(_world: World, number: int) -> Question:
    thing = _nth(THINGS, number)
    # Every other shopper has not finished the last word.
    words = f"{_nth(MATERIALS, number // len(THINGS))} {thing[:3] if number % 2 else thing}".lower()
    return Question({"query": words}, f"/search?words={quote(words)}")


def _product(world: World, number: int) -> Question:
    slug = _nth(world.goods.slugs, number)
    return Question({"slug": slug}, f"/products/{slug}")


def _inventory(world: World, number: int) -> Question:
    key = _nth(world.goods.products, number)
    return Question({"productId": global_id("Product", key)}, f"/products/{key}/inventory")


def _categories(_world: World, _number: int) -> Question:
    return Question({}, "/categories")


def _category(_world: World, number: int) -> Question:
    slug = f"category-{number % 20 + 1}" if number % 3 else f"department-{number % 5 + 1}"
    return Question({"slug": slug}, f"/categories/{slug}")


def _seller(_world: World, number: int) -> Question:
    slug = f"seller-{number % 10 + 1}"
    return Question({"slug": slug}, f"/sellers/{slug}")


def _cart(world: World, number: int) -> Question:
    place = number % len(world.goods.carts)
    key = world.goods.carts[place]
    return Question({"id": global_id("Cart", key)}, f"/carts/{key}", headers=_holding(SHOWN, place + 1))


def _order(world: World, number: int) -> Question:
    people = world.goods.people
    key = _nth(_nth(people.orders, number), number // len(people.orders))
    return Question({"id": global_id("Order", key)}, f"/orders/{key}", headers=_as(world, _nth(people.buyers, number)))


def _orders(world: World, number: int) -> Question:
    return Question({}, "/orders", headers=_as(world, _nth(world.goods.people.buyers, number)))


def _seller_orders(world: World, number: int) -> Question:
    people = world.goods.people
    key = _nth(people.sellers, number)
    variables = {"sellerId": global_id("Seller", key)}
    return Question(variables, f"/sellers/{key}/orders", headers=_as(world, _nth(people.owners, number)))


def _me(world: World, number: int) -> Question:
    return Question({}, "/me", headers=_as(world, _nth(world.goods.people.owners, number)))


def _cart_create(_world: World, _number: int) -> Question:
    return Question({"input": {}}, "/carts", {})


def _cart_lines_add(world: World, cart: Cart) -> Question:
    offer = world.goods.offers[fourth_offer(cart.number, len(world.goods.offers))]
    lines = [{"offerId": global_id("Offer", offer), "quantity": 2}]
    variables = {"input": {"cartId": global_id("Cart", cart.key), "lines": lines}}
    body = {"offer": str(offer), "quantity": 2}
    return Question(variables, "/cart-lines", body, _holding(cart.purpose, cart.number))


def _checkout(_world: World, cart: Cart) -> Question:
    given = {
        "cartId": global_id("Cart", cart.key),
        "idempotencyKey": str(cart.key),
        "contact": {"email": EMAIL},
        "shippingAddress": {
            "fullName": ADDRESS["full_name"],
            "postalCode": ADDRESS["postal_code"],
            **{name: ADDRESS[name] for name in ("line1", "city", "country")},
        },
    }
    body = {"key": str(cart.key), "email": EMAIL, "address": ADDRESS}
    return Question({"input": given}, "/checkout", body, _holding(cart.purpose, cart.number))


def _nth(of: Any, number: int) -> Any:
    return of[number % len(of)]


def _as(world: World, person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {world.tokens[person.user_id]}"}


def _holding(purpose: str, number: int) -> dict[str, str]:
    return {"X-Cart-Token": secret(purpose, number)}


LINE, MADE = ("lines.id",), ("cart.id", "cart.lines.id")
OPERATIONS = (
    Operation(
        "Q1", "a category's page of 20", "products", listings.CATEGORY_PAGE, _category_page, b'"endCursor"', budget=1.0
    ),
    Operation("Q2", "a product's page", "product", products.PRODUCT, _product, b'"variants"', budget=1.1),
    Operation(
        "M1",
        "a line into a cart of 3",
        "cartLinesAdd",
        carts.CART_LINES_ADD,
        _cart_lines_add,
        b'"itemCount"',
        budget=0.65,
        writes=True,
        uses_carts=True,
        own=MADE,
    ),
    Operation(
        "M2",
        "checkout of 3 lines",
        "checkout",
        CHECKOUT,
        _checkout,
        b"PENDING_PAYMENT",
        budget=0.5,
        writes=True,
        uses_carts=True,
        own=("order.id", "order.number", "order.expiresAt"),
    ),
    Operation("search", "20 products by two words", "products", listings.SEARCH_PAGE, _search, b'"endCursor"'),
    Operation("categories", "the tree", "categories", products.CATEGORIES, _categories, b'"productCount"'),
    Operation("category", "with its neighbours", "category", products.CATEGORY, _category, b'"productCount"'),
    Operation("inventory", "of a product", "inventory", products.INVENTORY, _inventory, b'"availableQuantity"'),
    Operation("seller", "a public profile", "seller", products.SELLER, _seller, b'"shipsInDays"'),
    Operation(
        "cartCreate",
        "a guest's",
        "cartCreate",
        carts.CART_CREATE,
        _cart_create,
        b'"itemCount"',
        writes=True,
        own=("cart.id", "token"),
    ),
    Operation("cart", "of 3 lines", "cart", carts.CART, _cart, b'"subtotal"', own=LINE),
    Operation("order", "with everything on it", "order", orders.ORDER, _order, b'"timeline"'),
    Operation("orders", "a buyer's last 20", "orders", orders.ORDERS, _orders, b'"endCursor"'),
    Operation(
        "sellerOrders", "a seller's last 20", "sellerOrders", orders.SELLER_ORDERS, _seller_orders, b'"endCursor"'
    ),
    Operation("me", "an owner of a seller", "me", orders.ME, _me, b'"isSeller"'),
)
