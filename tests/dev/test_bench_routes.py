"""The bench's raw routes: they do the work that the shop does, on goods that are made for both."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest
from cryptography.exceptions import InvalidSignature

from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.dev.bench.carts import LINES, fourth_offer, make_carts, secret
from shop_graphql.dev.bench.goods import VARIANTS_EACH, Goods, fill
from shop_graphql.dev.bench.load import WrongAnswer
from shop_graphql.dev.bench.measuring import STRIDE, compare, data_of
from shop_graphql.dev.bench.operations import OPERATIONS, Cart, Operation, World, read_document
from shop_graphql.dev.bench.passes import Passes
from shop_graphql.dev.bench.people import ORDERS_EACH
from shop_graphql.dev.bench.raw import make_app
from shop_graphql.dev.bench.statements.checkout import CHECKOUT
from shop_graphql.dev.places import LocalError
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.service.place import place
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.client import OPERATIONS as DOCUMENTS
from tests.client import Shop

PRODUCTS = 60
NOW = datetime.now(UTC)
ISSUER = "http://shop.test"


@pytest.fixture
def database_url(own_database_url: str) -> str:
    """Tables of the bench's own are made in it."""
    return own_database_url


@pytest.fixture
def clock() -> SystemClock:
    """The raw routes know no other."""
    return SystemClock()


@pytest.fixture
async def connection(own_database_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(own_database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def raw(own_database_url: str, signing_key: str) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(own_database_url, Passes(signing_key))
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://raw.test") as http,
    ):
        yield http


async def answers(shop: Shop, raw: httpx.AsyncClient, world: World, operation: Operation, target: Any) -> list[Any]:
    """The shop's and the raw route's; a cart for each where one is used up."""
    targets = target if isinstance(target, list) else [target, target]
    ours, theirs = (operation.ask(world, one) for one in targets)
    body = {"query": read_document(DOCUMENTS, operation), "variables": ours.variables}
    method = "GET" if theirs.body is None else "POST"
    answered = [
        await shop.http.post("/graphql", json=body, headers=ours.headers),
        await raw.request(method, theirs.path, json=theirs.body, headers=theirs.headers),
    ]
    return [data_of(one.content, operation.own) for one in answered]


async def test_raw_routes_answer_what_the_shop_answers(
    own_database_url: str, connection: Any, services: Any, shop: Shop, raw: httpx.AsyncClient
) -> None:
    goods = await fill(own_database_url, products=PRODUCTS, now=NOW)
    people = (*goods.people.buyers, *goods.people.owners)
    tokens = {person.user_id: services.tokens.issue(*person, datetime.now(UTC))[0] for person in people}
    world = World(goods, tokens)
    carts = {side: await make_carts(connection, side, 1, 2 * len(OPERATIONS), now=NOW) for side in ("shop", "raw")}

    for number, operation in enumerate(OPERATIONS):
        for turn in (1, 2):
            cart = 2 * number + turn
            pair = [Cart(side, cart, carts[side][cart - 1]) for side in ("shop", "raw")]
            target = pair if operation.uses_carts else turn * STRIDE
            ours, theirs = await answers(shop, raw, world, operation, target)
            assert ours == theirs, operation.name
            assert operation.sign.strip(b'"').decode() in json.dumps(ours), operation.name


def test_documents_are_those_of_a_checkout(tmp_path: Any) -> None:
    with pytest.raises(LocalError, match="checkout"):
        read_document(tmp_path, OPERATIONS[0])


def test_different_answers_are_no_measurement() -> None:
    compare("Q1", [{"id": 1}], [{"id": 1}])

    with pytest.raises(WrongAnswer, match="Q1"):
        compare("Q1", [{"id": 1}], [{"id": 2}])


def test_only_what_was_made_may_differ() -> None:
    answer = (
        b'{"data": {"cartLinesAdd": {"cart": {"id": "x", "lines": [{"id": "y", "quantity": 2}]}, "userErrors": []}}}'
    )

    assert data_of(answer, ("cart.id", "cart.lines.id")) == {"cart": {"lines": [{"quantity": 2}]}, "userErrors": []}


@pytest.mark.parametrize(
    "body", [b'{"data": {"product": null}}', b'{"errors": []}', b'{"data": {"checkout": {"userErrors": [{}]}}}']
)
def test_refusals_are_no_answers(body: bytes) -> None:
    with pytest.raises(WrongAnswer):
        data_of(body, ())


def test_raw_routes_know_who_is_signed_in(signing_key: str) -> None:
    person = TimeOrderedIds().new(NOW), TimeOrderedIds().new(NOW)
    token, expires_at = AccessTokens(signing_key, issuer=ISSUER).issue(*person, NOW)
    passes = Passes(signing_key)

    assert passes.read(f"Bearer {token}", NOW) == (person[1], person[0])
    with pytest.raises(ValueError, match="expired"):
        passes.read(f"Bearer {token}", expires_at + timedelta(seconds=1))
    with pytest.raises(InvalidSignature):
        passes.read(f"Bearer x{token}", NOW)


@pytest.mark.parametrize("number", [1, 7, 4_999])
def test_fourth_offer_is_new_to_its_cart(number: int) -> None:
    offers = PRODUCTS * VARIANTS_EACH
    held = {(number * 7919 + line * (offers // 4)) % offers for line in range(LINES)}

    assert len(held) == LINES
    assert fourth_offer(number, offers) not in held


async def rows_of(connection: Any, order_id: Any) -> dict[str, list[Any]]:
    """What an order has written, without keys and instants."""
    statements = {
        "orders": "select status, currency, items_minor, total_minor, expires_at - placed_at, version from orders"
        " where id = $1",
        "contacts": "select email, email_hash, phone, shipping from order_contacts where order_id = $1",
        "parts": "select seller_id, status, items_minor, total_minor from sub_orders where order_id = $1 order by 1",
        "lines": "select line_no, offer_id, variant_id, product_id, seller_id, title, variant_title, sku, quantity,"
        " unit_price_minor, total_minor from order_lines where order_id = $1 order by 1",
        "transitions": "select seq, sub_no, from_status, to_status, actor_kind from order_transitions"
        " where order_id = $1",
        "holds": "select line_no, stock_item_id, quantity, status, expires_at - created_at from stock_reservations"
        " where order_id = $1 order by 1",
        "movements": "select line_no, stock_item_id, on_hand_delta, reserved_delta, reason from stock_movements"
        " where order_id = $1 order by 1",
        "outbox": "select type, version, aggregate_type, seller_id, payload - 'number' from outbox_messages"
        " where aggregate_id = $1",
        "carts": "select status, version from carts where order_id = $1",
        "keys": "select operation from idempotency_keys where result ->> 'orderId' = $1::uuid::text",
        "buyers": "select is_guest, email from users where id = (select buyer_id from orders where id = $1)",
    }
    return {name: [tuple(row) for row in await connection.fetch(sql, order_id)] for name, sql in statements.items()}


async def test_both_checkouts_write_the_same_rows(own_database_url: str, connection: Any) -> None:
    await fill(own_database_url, products=PRODUCTS, now=NOW)
    mine = await make_carts(connection, "shop", 1, 1, now=NOW)
    await make_carts(connection, "raw", 1, 1, now=NOW)
    address = {"full_name": "Ada Example", "line1": "Lindenweg 1", "city": "Berlin", "country": "DE"}

    db = Database(own_database_url, ids=TimeOrderedIds())
    contact = Contact(shipping=ShippingAddress(**address), email="ada@example.com")
    async with db.write() as session:
        placed = await place(session, actor=Actor(cart_id=mine[0]), cart_id=mine[0], key="k", contact=contact, now=NOW)
    await db.close()
    shipping = '{"full_name": "Ada Example", "line1": "Lindenweg 1", "city": "Berlin", "country": "DE"}'
    hashes = [sha256(text.encode()).digest() for text in (secret("raw", 1), "request", "ada@example.com")]
    answer = await connection.fetchval(CHECKOUT, hashes[0], "k", hashes[1], NOW, "ada@example.com", hashes[2], shipping)

    theirs = await connection.fetchval("select id from orders where cart_id is not null and id <> $1", placed.order_id)
    assert answer is not None
    shop_rows, raw_rows = await rows_of(connection, placed.order_id), await rows_of(connection, theirs)
    assert shop_rows == raw_rows
    assert [len(rows) for rows in shop_rows.values()][:2] == [1, 1]
    assert len(shop_rows["lines"]) == len(shop_rows["movements"]) == LINES


async def test_raw_checkout_refuses_a_price_nobody_saw(own_database_url: str, connection: Any) -> None:
    await fill(own_database_url, products=PRODUCTS, now=NOW)
    await make_carts(connection, "raw", 1, 1, now=NOW)
    await connection.execute("update cart_lines set seen_price_minor = 1 where quantity = 2")

    answer = await connection.fetchval(
        CHECKOUT, sha256(secret("raw", 1).encode()).digest(), "k", bytes(32), NOW, "a@example.com", b"", "{}"
    )

    assert answer is None
    assert await connection.fetchval("select count(*) from orders where cart_id is not null") == 0
    assert await connection.fetchval("select sum(reserved) from stock_items") == 0


async def test_filled_goods_are_listed_and_balanced(own_database_url: str, connection: Any) -> None:
    goods: Goods = await fill(own_database_url, products=PRODUCTS, now=NOW)

    assert len(goods.slugs) == PRODUCTS
    assert len(goods.offers) == PRODUCTS * VARIANTS_EACH
    assert await connection.fetchval("select count(*) from product_listings where rating_count > 0") == PRODUCTS
    assert await connection.fetchval("select count(*) from product_search") == PRODUCTS
    assert await connection.fetchval("select count(*) from featured_offers") == len(goods.offers)
    assert (
        await connection.fetchval("select count(*) from order_lines") == len(goods.people.buyers) * ORDERS_EACH * LINES
    )
    unequal = (
        "select count(*) from stock_items i where on_hand <>"
        " (select sum(on_hand_delta) from stock_movements m where m.stock_item_id = i.id)"
    )
    assert await connection.fetchval(unequal) == 0
