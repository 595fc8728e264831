"""The page at `/`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shop_graphql.api.context import Services
from shop_graphql.api.front import NO_EXTRAS, Extras, Link, Login, front_page
from shop_graphql.app import build_app

FINE = {"database": True, "migrations": True, "clock": True, "redis": True}
EXTRAS = Extras(
    links=[Link("A & B", '/a"b', "<i>both</i>")], logins=lambda: [Login("Ada", "ada@example.com", "<secret>")]
)


@asynccontextmanager
async def site(
    checks: dict[str, bool], status: int = 200, *, extras: Extras = NO_EXTRAS, is_production: bool = False
) -> AsyncIterator[httpx.AsyncClient]:
    async def ready(_request: Request) -> Response:
        return JSONResponse({"checks": checks}, status)

    app = Starlette(routes=[Route("/", front_page(ready, extras=extras, is_production=is_production))])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as http:
        yield http


async def test_an_open_shop_says_so() -> None:
    async with site(FINE) as http:
        page = (await http.get("/")).text

    assert "The shop is open." in page
    assert page.count('class="fine"') == len(FINE)
    assert 'class="amiss"' not in page


async def test_a_missing_cache_leaves_the_shop_open() -> None:
    async with site(FINE | {"redis": False}) as http:
        page = (await http.get("/")).text

    assert "The shop is open." in page
    assert page.count('class="amiss"') == 1


async def test_a_shop_that_is_not_ready_says_so() -> None:
    async with site(FINE | {"database": False}, 503) as http:
        answer = await http.get("/")

    assert answer.status_code == 200
    assert "cannot serve" in answer.text
    assert "PostgreSQL does not answer" in answer.text


async def test_what_is_shown_is_escaped() -> None:
    async with site(FINE, extras=EXTRAS) as http:
        page = (await http.get("/")).text

    assert "&lt;i&gt;both" in page
    assert "&lt;secret&gt;" in page
    assert 'href="/a&quot;b"' in page


async def test_production_shows_the_state_alone() -> None:
    async with site(FINE, extras=EXTRAS, is_production=True) as http:
        page = (await http.get("/")).text

    assert "The shop is open." in page
    assert "href" not in page
    assert "ada@example.com" not in page


@pytest.mark.parametrize("path", ["/graphiql/graphiql.js", "/graphiql/tokens/ada", "/README.md"])
async def test_without_extras_nothing_of_development_is_served(services: Services, path: str) -> None:
    transport = httpx.ASGITransport(app=build_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
        assert (await http.get(path)).status_code == 404
        assert (await http.post(path)).status_code == 404
        assert (await http.get("/graphql", headers={"Accept": "text/html"})).status_code == 406
