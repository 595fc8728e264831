from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from shop_graphql.api.health import livez, metrics, readyz
from shop_graphql.dev.servers import ValkeyServer
from shop_graphql.platform.cache import Cache, connect
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.observability import REQUESTS
from tests.clock import FixedClock
from tests.conftest import NOWHERE

FINE = {"database": True, "migrations": True, "clock": True, "redis": True}


@pytest.fixture
async def redis_url(valkey: ValkeyServer) -> str:
    return valkey.url


@pytest.fixture
async def cache(redis_url: str) -> AsyncIterator[Cache]:
    redis = connect(redis_url)
    yield Cache(redis)
    await redis.aclose()


async def ask(path: str, db: Database, cache: Cache, clock: Any) -> httpx.Response:
    routes = [
        Route("/livez", livez),
        Route("/readyz", readyz(db, cache, clock)),
        Route("/metrics", metrics(db, clock)),
    ]
    app = Starlette(routes=routes)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as http:
        return await http.get(path)


async def test_a_shop_with_all_its_stores_is_ready(db: Database, cache: Cache) -> None:
    response = await ask("/readyz", db, cache, SystemClock())

    assert (response.status_code, response.json()) == (200, {"status": "ready", "checks": FINE})


async def test_a_database_that_is_not_migrated_is_not_ready(own_database_url: str, cache: Cache) -> None:
    connection = await asyncpg.connect(own_database_url)
    await connection.execute("update alembic_version set version_num = '0001'")
    await connection.close()
    db = Database(own_database_url, ids=TimeOrderedIds())

    response = await ask("/readyz", db, cache, SystemClock())

    await db.close()
    assert (response.status_code, response.json()["checks"]) == (503, FINE | {"migrations": False})


@pytest.mark.parametrize(("seconds", "status"), [(0.0, 200), (3.0, 503), (-3.0, 503)])
async def test_clocks_that_disagree_are_not_ready(db: Database, cache: Cache, seconds: float, status: int) -> None:
    clock = FixedClock(SystemClock().now() + timedelta(seconds=seconds))

    response = await ask("/readyz", db, cache, clock)

    assert (response.status_code, response.json()["checks"]["clock"]) == (status, status == 200)


async def test_a_shop_without_redis_is_ready_and_says_so(db: Database) -> None:
    redis = connect(NOWHERE.replace("http", "redis"))

    response = await ask("/readyz", db, Cache(redis), SystemClock())

    await redis.aclose()
    assert (response.status_code, response.json()["checks"]) == (200, FINE | {"redis": False})


async def test_a_shop_without_its_database_is_alive_but_not_ready(cache: Cache) -> None:
    away = Database(NOWHERE.replace("http", "postgresql") + "/shop", ids=TimeOrderedIds())

    ready = await ask("/readyz", away, cache, SystemClock())
    alive = await ask("/livez", away, cache, SystemClock())

    assert (ready.status_code, ready.json()["status"], alive.status_code) == (503, "not ready", 200)
    assert ready.json()["checks"] == {"database": False, "migrations": False, "clock": False, "redis": True}


async def test_metrics_are_text_for_prometheus(db: Database, cache: Cache) -> None:
    REQUESTS.labels("/graphql", "200").inc()

    response = await ask("/metrics", db, cache, SystemClock())

    assert response.headers["Content-Type"].startswith("text/plain; version=")
    assert 'shop_http_requests_total{route="/graphql",status="200"}' in response.text
    assert 'shop_backlog{of="outbox_depth"} 0.0' in response.text


async def test_metrics_of_a_shop_without_its_database_are_told(cache: Cache) -> None:
    away = Database(NOWHERE.replace("http", "postgresql") + "/shop", ids=TimeOrderedIds())

    response = await ask("/metrics", away, cache, SystemClock())

    assert response.status_code == 200
    assert 'shop_backlog{of="outbox_depth"}' not in response.text
