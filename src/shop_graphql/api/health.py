"""What an operator's machines ask: is the process alive, may it be given requests, what has it counted."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from shop_graphql.events import queries as events
from shop_graphql.platform.cache import Cache
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.observability import BACKLOG, POOL_IN_USE, REGISTRY, log
from shop_graphql.platform.readiness import Readiness

CHECK_SECONDS_MAX = 3.0
CLOCK_SECONDS_MAX = 1.0
"""Deadlines of holds and tokens are the application's time against rows: a second is what they can bear."""


async def livez(_request: Request) -> Response:
    """200 as long as the process answers at all; nothing outside it is asked."""
    return _json({"status": "alive"}, 200)


def metrics(db: Database, clock: Clock) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that gives every counter in Prometheus' text form, and how far behind the relay and the worker are.

    While the database is away the backlog is simply not told.
    """

    async def tell(_request: Request) -> Response:
        POOL_IN_USE.set(db.connections_in_use)
        BACKLOG.clear()
        try:
            now = await events.figures(db.reader, now=clock.now())
        except ServiceUnavailable as away:
            log.warning("metrics.backlog_unknown", error=str(away))
        else:
            for name in now.__struct_fields__:
                BACKLOG.labels(name).set(getattr(now, name))
        return Response(generate_latest(REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return tell


def readyz(db: Database, cache: Cache, clock: Clock) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that gives 200 while the database answers, is migrated and agrees on the time; else 503.

    Redis is reported but not required: the shop sells without it.
    """
    readiness = Readiness(db)

    async def clock_agrees() -> bool:
        return abs((clock.now() - await readiness.database_time()).total_seconds()) <= CLOCK_SECONDS_MAX

    async def ready(_request: Request) -> Response:
        async with asyncio.TaskGroup() as group:
            database = group.create_task(_passes("database", readiness.database_answers))
            migrated = group.create_task(_passes("migrations", readiness.is_migrated))
            agrees = group.create_task(_passes("clock", clock_agrees))
            redis = group.create_task(_passes("redis", cache.is_there))
        checks = {
            "database": database.result(),
            "migrations": migrated.result(),
            "clock": agrees.result(),
            "redis": redis.result(),
        }
        is_ready = all(passed for name, passed in checks.items() if name != "redis")
        return _json({"status": "ready" if is_ready else "not ready", "checks": checks}, 200 if is_ready else 503)

    return ready


async def _passes(name: str, check: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS_MAX):
            return await check()
    except Exception as error:
        # Whatever it is, the machine that asks wants a no, not a broken answer.
        log.warning("readiness.check_failed", check=name, error=type(error).__name__)
        return False


def _json(body: dict[str, Any], status: int) -> Response:
    return Response(orjson.dumps(body), status, {"Cache-Control": "no-store"}, "application/json")
