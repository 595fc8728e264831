"""The routes that the shop is compared with: Starlette, a tuned pool, one statement, the database's JSON as it comes.

Runs as a process of its own. No GraphQL, no rules, no mapping: what a patient person writes by hand for four pages.
"""

import hashlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.dev.bench import raw_sql

POOL = 16
"""Connections to PostgreSQL: a request has one, and so many clients ask."""


class Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """Goes back to the pool without a word to the server: these routes leave nothing behind on a connection."""

    __slots__ = ()

    def get_reset_query(self) -> str:
        return ""


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
CHECKOUT = msgspec.json.Decoder(CheckoutBody)


def make_app(database_url: str) -> Starlette:
    """The four routes over one pool."""
    pools: list[Any] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pool = await asyncpg.create_pool(database_url, min_size=POOL, max_size=POOL, connection_class=Connection)
        pools.append(pool)
        yield
        await pool.close()

    async def answer(statement: str, *args: object) -> Response:
        body = await pools[0].fetchval(statement, *args)
        return Response(body or '{"data":null}', 200 if body else 409, media_type="application/json")

    async def page(request: Request) -> Response:
        return await answer(raw_sql.PAGE, UUID(request.query_params["category"]))

    async def product(request: Request) -> Response:
        return await answer(raw_sql.PRODUCT, request.path_params["slug"], datetime.now(UTC))

    async def add_line(request: Request) -> Response:
        body = ADD.decode(await request.body())
        return await answer(raw_sql.ADD_LINE, _secret(request), body.offer, body.quantity, datetime.now(UTC))

    async def checkout(request: Request) -> Response:
        raw = await request.body()
        body = CHECKOUT.decode(raw)
        return await answer(
            raw_sql.CHECKOUT,
            _secret(request),
            body.key,
            hashlib.sha256(raw).digest(),
            datetime.now(UTC),
            body.email,
            hashlib.sha256(body.email.encode()).digest(),
            orjson.dumps(msgspec.to_builtins(body.address)).decode(),
        )

    return Starlette(
        routes=[
            Route("/page", page),
            Route("/product/{slug}", product),
            Route("/cart-lines", add_line, methods=["POST"]),
            Route("/checkout", checkout, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


def _secret(request: Request) -> bytes:
    return hashlib.sha256(request.headers["x-cart-token"].encode()).digest()


if __name__ == "__main__":
    uvicorn.run(
        make_app(os.environ["DATABASE_URL"]),
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
