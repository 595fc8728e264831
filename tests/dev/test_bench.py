"""The bench: its client, its CPU figures, that both sides do the same work, and a whole small run."""

import io
import itertools
import os
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import asyncpg
import pytest
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shop_graphql.dev.bench import raw_sql
from shop_graphql.dev.bench.carts import LINES, fourth_offer, make_carts, secret
from shop_graphql.dev.bench.cpu import used
from shop_graphql.dev.bench.goods import VARIANTS_EACH, Goods, fill
from shop_graphql.dev.bench.load import Load, WrongAnswer, ask, http, run_load
from shop_graphql.dev.bench.measuring import Figures
from shop_graphql.dev.bench.operations import OPERATIONS
from shop_graphql.dev.bench.report import LAST, Row, Run, as_json, last_run, table_of
from shop_graphql.dev.bench.running import Size, run_bench
from shop_graphql.dev.places import place_for
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.service.place import place
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.dev.processes import ROOT
from tests.dev.running import serving

PRODUCTS = 60
NOW = datetime.now(UTC)
FIGURES = Figures(statements=4, server_ms=1.0, postgres_ms=0.5, rps=100, p50_ms=9, p99_ms=20, requests=300, others=0.25)
HALF = Figures(statements=1, server_ms=0.5, postgres_ms=0.25, rps=200, p50_ms=4, p99_ms=9, requests=600, others=0.25)


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that answers with the body it was sent, and 404 elsewhere."""

    async def same(request: Request) -> Response:
        return PlainTextResponse(await request.body())

    with serving(Starlette(routes=[Route("/same", same, methods=["POST"])])) as base:
        yield int(base.rpartition(":")[2])


@pytest.fixture
async def connection(own_database_url: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(own_database_url)
    yield connection
    await connection.close()


async def test_client_sends_until_requests_run_out(echo: int) -> None:
    requests = itertools.repeat(http("POST", "/same", body=b"hello"), 40)

    load = await run_load(echo, requests, clients=4, seconds=30, sign=b"hello")

    assert load.requests == 40
    assert 0 < load.percentile(0.5) <= load.percentile(0.99) < load.seconds < 30


async def test_client_stops_when_its_time_is_up(echo: int) -> None:
    requests = itertools.repeat(http("POST", "/same", body=b"hello"))

    load = await run_load(echo, requests, clients=2, seconds=0.2, sign=b"hello")

    assert load.requests > 2
    assert 0.2 <= load.seconds < 2


@pytest.mark.parametrize("request_sent", [http("POST", "/same", body=b"other"), http("GET", "/nowhere")])
async def test_client_refuses_to_time_wrong_answers(echo: int, request_sent: bytes) -> None:
    with pytest.raises(WrongAnswer):
        await run_load(echo, itertools.repeat(request_sent), clients=2, seconds=5, sign=b"hello")


async def test_client_gives_status_and_body(echo: int) -> None:
    assert await ask(echo, http("POST", "/same", body=b"a\r\n\r\nb")) == (200, b"a\r\n\r\nb")


def test_percentiles_are_latencies_that_happened() -> None:
    load = Load(latencies=[5.0, 1.0, 3.0, 2.0])

    assert (load.percentile(0.5), load.percentile(0.99)) == (3.0, 5.0)


def test_cpu_counts_work_of_this_process() -> None:
    before = used(server=os.getpid(), postgres=os.getpid())

    until = time.process_time() + 0.2
    while time.process_time() < until:
        sum(range(1000))
    after = used(server=os.getpid(), postgres=os.getpid())

    assert 0.15 < after.server - before.server < 2
    assert after.machine - before.machine >= 0.15
    assert after.possible > before.possible


@pytest.mark.parametrize("number", [1, 7, 4_999])
def test_fourth_offer_is_new_to_its_cart(number: int) -> None:
    offers = PRODUCTS * VARIANTS_EACH
    held = {(number * 7919 + line * (offers // 4)) % offers for line in range(LINES)}

    assert len(held) == LINES
    assert fourth_offer(number, offers) not in held


def test_report_divides_the_shop_by_the_raw_route() -> None:
    run = Run(100, 1.0, 16, "a machine", [Row("Q1", "page", FIGURES, HALF)])
    printed = io.StringIO()

    Console(width=150, file=printed).print(table_of(run, run))

    shop = next(line for line in printed.getvalue().splitlines() if "Q1" in line)
    assert shop.count("2.00") == 2
    assert b'"Q1": 2.0' in as_json(run)


def test_committed_run_covers_every_operation() -> None:
    last = last_run()

    assert LAST.exists()
    assert last is not None
    assert [row.operation for row in last.rows] == [operation.name for operation in OPERATIONS]


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
    answer = await connection.fetchval(
        raw_sql.CHECKOUT, hashes[0], "k", hashes[1], NOW, "ada@example.com", hashes[2], shipping
    )

    theirs = await connection.fetchval("select id from orders where id <> $1", placed.order_id)
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
        raw_sql.CHECKOUT, sha256(secret("raw", 1).encode()).digest(), "k", bytes(32), NOW, "a@example.com", b"", "{}"
    )

    assert answer is None
    assert await connection.fetchval("select count(*) from orders") == 0
    assert await connection.fetchval("select sum(reserved) from stock_items") == 0


async def test_filled_goods_are_listed_and_balanced(own_database_url: str, connection: Any) -> None:
    goods: Goods = await fill(own_database_url, products=PRODUCTS, now=NOW)

    assert len(goods.slugs) == PRODUCTS
    assert len(goods.offers) == PRODUCTS * VARIANTS_EACH
    assert await connection.fetchval("select count(*) from product_listings where rating_count > 0") == PRODUCTS
    assert await connection.fetchval("select count(*) from product_search") == PRODUCTS
    assert await connection.fetchval("select count(*) from featured_offers") == len(goods.offers)
    unequal = (
        "select count(*) from stock_items i where on_hand <>"
        " (select sum(on_hand_delta) from stock_movements m where m.stock_item_id = i.id)"
    )
    assert await connection.fetchval(unequal) == 0


@pytest.mark.slow
def test_small_run_measures_both_sides() -> None:
    said: list[str] = []

    run = run_bench(place_for(ROOT), Size(PRODUCTS, 0.2), say=said.append)

    assert [row.operation for row in run.rows] == ["Q1", "Q2", "M1", "M2"]
    assert all(row.raw.statements == 1 < row.shop.statements for row in run.rows)
    assert all(side.requests > 0 and side.server_ms > 0 for row in run.rows for side in (row.shop, row.raw))
    assert all(row.ratio > 0 for row in run.rows)
    assert len(said) == 2 + len(OPERATIONS)
