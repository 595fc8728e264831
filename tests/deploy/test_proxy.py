"""The proxy before two real APIs: requests are spread, a killed API costs nobody an order, figures are there."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.api.shopping import a_checkout
from tests.client import Shop
from tests.deploy.buying import buy, filled_cart, shelf_of, sign_up
from tests.deploy.conftest import Stack
from tests.deploy.proxies import Proxy, proxying
from tests.deploy.test_monitoring import used
from tests.deploy.test_proxy_rules import UNCHECKED
from tests.factories.shelves import Shelf
from tests.waiting import until

pytestmark = [pytest.mark.needs("haproxy", "haproxy"), pytest.mark.timeout(300)]

BUYERS = 4


@pytest.fixture(scope="module")
def proxy(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    folder: Path = tmp_path_factory.mktemp("proxy")
    with proxying(folder, stack.api(1).port, stack.api(2).port) as proxy:
        yield proxy


@pytest.fixture
async def shelf(stack: Stack) -> AsyncIterator[Shelf]:
    db = Database(stack.database_url, ids=TimeOrderedIds(), pool_size=2)
    yield await shelf_of(db)
    await db.close()


@asynccontextmanager
async def client(proxy: Proxy) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=proxy.url, verify=UNCHECKED, timeout=20) as http:
        yield http


async def test_requests_are_spread_over_both_apis(proxy: Proxy) -> None:
    def answered() -> dict[str, float]:
        name = "haproxy_server_http_responses_total"
        return {api: proxy.figure(name, server=api, code="2xx") for api in ("api-1", "api-2")}

    before = answered()
    async with client(proxy) as http:
        for _ in range(20):
            assert "errors" not in await Shop(http).ask("{ categories { name } }")

    assert all(count - before[api] >= 5 for api, count in answered().items())


async def test_every_figure_that_is_watched_is_told(proxy: Proxy, stack: Stack, shelf: Shelf) -> None:
    async with client(proxy) as http:
        shop, token = await sign_up(http)
        await buy(shop, shelf, token)
        await shop.ask("{ nothingOfTheKind }")
        unknown = "mutation ($i: UserLoginInput!) { userLogin(input: $i) { userErrors { code } } }"
        await shop.ask(unknown, {"i": {"email": "nobody@example.com", "password": "a long enough pass phrase"}})
        assert (await http.post("/webhooks/stripe", json={})).status_code == 400
        told = proxy.figures()
        for number in (1, 2):
            told += (await http.get(f"http://127.0.0.1:{stack.api(number).port}/metrics")).text

    samples = set(re.findall(r"^(\w+)[{ ]", told, re.MULTILINE))

    assert used() - samples == set()


async def test_a_killed_api_loses_no_answered_order(proxy: Proxy, stack: Stack, shelf: Shelf) -> None:
    numbers: list[str] = []
    refused: list[int] = []
    killed = asyncio.Event()
    after_kill = asyncio.Event()

    async def shopping(http: httpx.AsyncClient) -> None:
        """Orders until the shop has gone on for a while without its first API; a cart that failed is begun anew."""
        shop, token = await sign_up(http)
        while not after_kill.is_set():
            try:
                cart = await filled_cart(shop, shelf, token)
            except (ValueError, httpx.RemoteProtocolError):
                # Making a cart has no key, so whoever met the kill is told and not repeated: by 502, or by the end of
                # a connection that has carried requests before.
                assert killed.is_set()
                continue
            # Checking out has one: here nothing may fail, killed or not.
            order = (await shop.do("checkout", a_checkout(cart, key=str(uuid4())), token=token))["order"]
            numbers.append(order["number"])

    async def killing() -> None:
        await until(lambda: _enough(numbers, 4), seconds=30)
        stack.api(1).kill()
        killed.set()
        async with client(proxy) as http:
            refused.append((await http.post("/graphql", json={"query": "{ categories { name } }"})).status_code)
        so_far = len(numbers)
        await until(lambda: _enough(numbers, so_far + 8), seconds=30)
        after_kill.set()

    try:
        async with client(proxy) as http, asyncio.TaskGroup() as group:
            for _ in range(BUYERS):
                group.create_task(shopping(http))
            group.create_task(killing())
        await until(lambda: _is_ready(proxy, 1), seconds=10)
    finally:
        stack.api(1).kill()
        stack.api(1).start()
        await until(lambda: _is_ready(proxy, 2), seconds=40)

    owner = await asyncpg.connect(stack.owner_url)
    kept = await owner.fetchval("select count(*) from orders where number::text = any($1)", numbers)
    await owner.close()
    assert refused == [200]
    assert kept == len(set(numbers)) == len(numbers)


async def _enough(numbers: list[str], count: int) -> bool:
    return len(numbers) >= count


async def _is_ready(proxy: Proxy, count: int) -> bool:
    return await asyncio.to_thread(proxy.ready) == count
