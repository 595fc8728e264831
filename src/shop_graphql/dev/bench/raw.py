"""The routes that the shop is compared with: Starlette, kept statements, the database's JSON as it comes.

Runs as a process of its own. No GraphQL, no rules, no mapping: what a patient person writes by hand for these pages.
"""

import asyncio
import hashlib
import os
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.catalogue.search import taken_apart
from shop_graphql.dev.bench.passes import Passes
from shop_graphql.dev.bench.statements import carts, listings, orders, products
from shop_graphql.dev.bench.statements.checkout import CHECKOUT

POOL = 16
"""Connections to PostgreSQL: a request has one, and so many clients ask."""
TREE_SECONDS = 300
"""How long answers about categories are kept: as long as the shop keeps its tree."""
SETTINGS = {"jit": "off", "plan_cache_mode": "force_generic_plan", "random_page_cost": "1.1"}
"""Planning these statements costs more than running them, and each was written for one plan; the data is in memory, so
that an index is never the long way round."""

Arguments: TypeAlias = Callable[[Request], tuple[Any, ...]]
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


class Address(msgspec.Struct):
    full_name: str
    line1: str
    city: str
    postal_code: str
    country: str


class LineBody(msgspec.Struct):
    offer: UUID
    quantity: int


class CheckoutBody(msgspec.Struct):
    key: str
    email: str
    address: Address


ADD = msgspec.json.Decoder(LineBody)
CHECKED_OUT = msgspec.json.Decoder(CheckoutBody)


class Lane:
    """One connection with its statements, each prepared once."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self._prepared: dict[str, Any] = {}

    async def fetchval(self, statement: str, arguments: tuple[Any, ...]) -> Any:
        prepared = self._prepared.get(statement)
        if prepared is None:
            prepared = self._prepared[statement] = await self.connection.prepare(statement)
        return await prepared.fetchval(*arguments)


class Pool:
    """Connections that go back without a word to the server; the one used last goes out first, being warm."""

    def __init__(self) -> None:
        self._free: asyncio.LifoQueue[Lane] = asyncio.LifoQueue()

    async def open(self, url: str) -> None:
        for _ in range(POOL):
            self._free.put_nowait(Lane(await asyncpg.connect(url, server_settings=SETTINGS)))

    async def close(self) -> None:
        while not self._free.empty():
            await self._free.get_nowait().connection.close()

    async def fetchval(self, statement: str, *arguments: Any) -> Any:
        lane = await self._free.get()
        try:
            return await lane.fetchval(statement, arguments)
        finally:
            self._free.put_nowait(lane)


class Routes:
    """Every route, over one pool."""

    def __init__(self, passes: Passes) -> None:
        self.pool = Pool()
        self._passes = passes

    def all(self) -> list[Route]:
        read, kept, signed_in = self.read, self.kept, self.signed_in
        return [
            read("/products", listings.CATEGORY_PAGE, lambda asked: (now(), UUID(asked.query_params["category"]))),
            read("/search", listings.SEARCH_PAGE, lambda asked: (now(), *words_of(asked.query_params["words"]))),
            read("/products/{slug}", products.PRODUCT, lambda asked: (now(), asked.path_params["slug"])),
            read("/products/{id}/inventory", products.INVENTORY, lambda asked: (now(), key_of(asked))),
            kept("/categories", products.CATEGORIES, lambda _: ()),
            kept("/categories/{slug}", products.CATEGORY, lambda asked: (asked.path_params["slug"],)),
            read("/sellers/{slug}", products.SELLER, lambda asked: (asked.path_params["slug"],)),
            read("/carts/{id}", carts.CART, lambda asked: (now(), cart_secret(asked), key_of(asked))),
            Route("/carts", self.cart_create, methods=["POST"]),
            Route("/cart-lines", self.cart_lines_add, methods=["POST"]),
            Route("/checkout", self.checkout, methods=["POST"]),
            read("/orders", orders.ORDERS, signed_in),
            read("/orders/{id}", orders.ORDER, lambda asked: (key_of(asked), *signed_in(asked))),
            read("/sellers/{id}/orders", orders.SELLER_ORDERS, lambda asked: (key_of(asked), *signed_in(asked))),
            read("/me", orders.ME, signed_in),
        ]

    async def answer(self, statement: str, *arguments: Any) -> Response:
        body = await self.pool.fetchval(statement, *arguments)
        return Response(body or '{"data":null}', 200 if body else 404, media_type="application/json")

    def read(self, path: str, statement: str, arguments: Arguments) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self.answer(statement, *arguments(request))

        return Route(path, endpoint)

    def kept(self, path: str, statement: str, arguments: Arguments) -> Route:
        answers: dict[tuple[Any, ...], tuple[float, Response]] = {}

        async def endpoint(request: Request) -> Response:
            asked = arguments(request)
            known = answers.get(asked)
            if known is None or known[0] < time.monotonic():
                known = answers[asked] = (time.monotonic() + TREE_SECONDS, await self.answer(statement, *asked))
            return known[1]

        return Route(path, endpoint)

    def signed_in(self, request: Request) -> tuple[UUID, UUID, datetime]:
        at = now()
        return (*self._passes.read(request.headers["authorization"], at), at)

    async def cart_create(self, _request: Request) -> Response:
        secret = secrets.token_urlsafe(32)
        return await self.answer(carts.CART_CREATE, hashlib.sha256(secret.encode()).digest(), now(), secret)

    async def cart_lines_add(self, request: Request) -> Response:
        body = ADD.decode(await request.body())
        return await self.answer(carts.CART_LINES_ADD, cart_secret(request), body.offer, body.quantity, now())

    async def checkout(self, request: Request) -> Response:
        raw = await request.body()
        body = CHECKED_OUT.decode(raw)
        hashes = hashlib.sha256(raw).digest(), hashlib.sha256(body.email.encode()).digest()
        address = orjson.dumps(msgspec.to_builtins(body.address)).decode()
        return await self.answer(
            CHECKOUT, cart_secret(request), body.key, hashes[0], now(), body.email, hashes[1], address
        )


def make_app(database_url: str, passes: Passes) -> Starlette:
    """The routes with their connections open."""
    routes = Routes(passes)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await routes.pool.open(database_url)
        yield
        await routes.pool.close()

    return Starlette(routes=routes.all(), lifespan=lifespan)


def now() -> datetime:
    return datetime.now(UTC)


def key_of(request: Request) -> UUID:
    return UUID(request.path_params["id"])


def cart_secret(request: Request) -> bytes:
    return hashlib.sha256(request.headers["x-cart-token"].encode()).digest()


def words_of(typed: str) -> tuple[str, ...]:
    search = taken_apart(typed)
    return search.head, search.last, search.prefix, search.phrase, search.code


if __name__ == "__main__":
    uvicorn.run(
        make_app(os.environ["DATABASE_URL"], Passes(os.environ["SHOP_SIGNING_KEY"])),
        port=int(os.environ["RAW_PORT"]),
        http="httptools",
        loop="uvloop",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_keep_alive=75,
        backlog=4096,
    )
