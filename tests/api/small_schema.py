"""A schema of a few fields, one for each way in which an operation can end, behind the real endpoint."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import strawberry
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route

from shop_graphql.api.http import GraphQLEndpoint
from shop_graphql.api.middleware import RequestMiddleware, http_error
from shop_graphql.api.pagination import Connection, Edge, PageInfo
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.errors import BadUserInput, ServiceUnavailable
from shop_graphql.platform.settings import Settings

SECRET = "postgresql://shop:hunter2@db"
SETTINGS = Settings(database_url="x", redis_url="x", shop_signing_key="x")
PRODUCTION = Settings(database_url="x", redis_url="x", shop_signing_key="x", shop_env="production")


class Calls:
    """The context of these tests: who asks, and how often each resolver has run."""

    def __init__(self) -> None:
        self.actor = Actor()
        self.ran: Counter[str] = Counter()
        self.released = asyncio.Event()

    async def sit_out(self) -> None:
        self.ran["sat out"] += 1


Info = strawberry.Info[Calls, None]


@strawberry.type
class Product:
    name: str = "Lamp"

    @strawberry.field
    def next(self) -> "Product":
        return Product()

    @strawberry.field
    def images(self) -> list["Product"]:
        return []

    @strawberry.field
    def related(self, first: int = 20, last: int | None = None) -> Connection["Product"]:
        return empty()

    @strawberry.field
    def rating(self) -> int | None:
        raise ServiceUnavailable("The rating store")


def empty() -> Connection[Any]:
    info = PageInfo(has_next_page=False, has_previous_page=False, start_cursor=None, end_cursor=None)
    edges: list[Edge[Any]] = []
    return Connection(edges=edges, nodes=[], page_info=info)


@strawberry.type
class Query:
    @strawberry.field
    def product(self, info: Info, slug: str = "lamp") -> Product | None:
        info.context.ran["product"] += 1
        return Product()

    @strawberry.field
    def products(self, first: int = 20) -> Connection[Product]:
        return empty()

    @strawberry.field
    def nodes(self, ids: list[strawberry.ID]) -> list[Product]:
        return []

    @strawberry.field
    def number(self, of: int) -> int:
        return of

    @strawberry.field
    def bug(self) -> int | None:
        raise RuntimeError(SECRET)

    @strawberry.field
    def null_where_there_must_be_none(self) -> int:
        return None  # type: ignore[return-value]  # the bug under test

    @strawberry.field
    def wrong_input(self) -> int | None:
        raise BadUserInput("This is not an id.")

    @strawberry.field
    def away(self) -> int:
        raise ServiceUnavailable("The database")

    @strawberry.field(extensions=[Needs(Access.SIGNED_IN)])
    async def mine(self) -> int | None:
        return 1

    @strawberry.field
    async def slow(self) -> int | None:
        await asyncio.sleep(60)
        return 1


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def buy(self, info: Info, wait: bool = False) -> Product | None:
        info.context.ran["begun"] += 1
        if wait:
            await info.context.released.wait()
        info.context.ran["bought"] += 1
        return Product()


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def lamps(self, info: Info, count: int = 2) -> AsyncIterator[Product]:
        for _ in range(count):
            info.context.ran["message"] += 1
            yield Product()

    @strawberry.subscription
    async def broken(self) -> AsyncIterator[int]:
        yield 1
        raise RuntimeError(SECRET)

    @strawberry.subscription
    async def never(self) -> AsyncIterator[int]:
        raise RuntimeError(SECRET)
        yield 1


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, subscription=Subscription)


class Api:
    """The endpoint as a client sees it."""

    def __init__(self, http: httpx.AsyncClient, endpoint: GraphQLEndpoint, calls: Calls) -> None:
        self.http = http
        self.endpoint = endpoint
        self.calls = calls

    async def ask(
        self, query: str, *, accept: str = "application/graphql-response+json", **body: Any
    ) -> httpx.Response:
        return await self.http.post("/graphql", json={"query": query, **body}, headers={"Accept": accept})

    async def error(self, query: str, **body: Any) -> dict[str, Any]:
        """The only error of an answer."""
        (error,) = (await self.ask(query, **body)).json()["errors"]
        return dict(error)


def build(settings: Settings, calls: Calls, **options: Any) -> tuple[Starlette, GraphQLEndpoint]:
    async def make_context(_request: Request, _request_id: str) -> Calls:
        return calls

    chosen: dict[str, Any] = {"settings": settings, "make_context": make_context} | options
    endpoint = GraphQLEndpoint(SCHEMA, **chosen)
    app = Starlette(
        routes=[Route("/graphql", endpoint)],
        middleware=[Middleware(RequestMiddleware)],
        exception_handlers={HTTPException: http_error},
    )
    return app, endpoint


@asynccontextmanager
async def small_api(settings: Settings = SETTINGS, **options: Any) -> AsyncIterator[Api]:
    calls = Calls()
    app, endpoint = build(settings, calls, **options)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http, asyncio.timeout(30):
        yield Api(http, endpoint, calls)
