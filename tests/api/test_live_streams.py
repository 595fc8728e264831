"""Streams that last: through outages, with clients that take nothing, until the server stops."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from shop_graphql.api import event_stream, live
from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.api.live import Follower
from shop_graphql.api.pagination import encode_cursor
from shop_graphql.app import build_app, services_of
from shop_graphql.dev.servers import PostgresServer
from shop_graphql.platform.db import Database, PoolReader
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.settings import Settings
from tests.api.streaming import SECONDS, closed, events, followed, happen, introduce, serving, subscribe, websocket
from tests.client import operation
from tests.clock import NOON, FixedClock
from tests.factories.orders import Bought, pay_for, place_order
from tests.factories.unpaid import token_of
from tests.waiting import until
from workers import relay


async def order_and_token(services: Services, db: Database) -> tuple[Bought, str]:
    order = await place_order(db)
    await relay.turn(db, FixedClock())
    return order, await token_of(db, services.tokens, order.buyer, now=NOON)


def of_order(order: Bought, after: str | None = None) -> dict[str, Any]:
    return {"id": global_id("Order", order.id), "after": after}


async def test_a_stream_outlives_an_outage_of_the_database(settings: Settings, own_postgres: PostgresServer) -> None:
    db = Database(own_postgres.url, ids=TimeOrderedIds(), pool_size=5)
    own = msgspec.structs.replace(settings, database_url=own_postgres.url)
    with capture_logs() as logs:
        async with services_of(own, db=db, clock=FixedClock()) as services, serving(services) as server:
            order, token = await order_and_token(services, db)
            async with events(server, "orderUpdated", of_order(order), token=token) as stream:
                own_postgres.stop()
                await until(lambda: said(logs, "live.waiting"))
                own_postgres.start()
                await pay_for(db, order)
                await relay.turn(db, FixedClock())

                assert (await stream.message())["event"] == "PAID"
    await db.close()


async def said(logs: list[Any], event: str) -> bool:
    return any(entry["event"] == event for entry in logs)


async def test_a_message_waits_for_the_database_to_be_whole(
    services: Services, db: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, token = await order_and_token(services, db)
    fails = {"from orders": 2, "from fulfillments": 2}
    real = PoolReader.fetch

    async def fetch(self: PoolReader, statement: Any, *args: Any, **options: Any) -> Any:
        sql = " ".join(str(statement).lower().split())
        for part, left in fails.items():
            if left and part in sql and reading:
                fails[part] -= 1
                raise ServiceUnavailable("The database")
        return await real(self, statement, *args, **options)

    reading = False
    monkeypatch.setattr(PoolReader, "fetch", fetch)
    async with serving(services) as server, events(server, "orderUpdated", of_order(order), token=token) as stream:
        reading = True
        await pay_for(db, order)
        await relay.turn(db, clock)
        message = await stream.message()

    assert fails == {"from orders": 0, "from fulfillments": 0}
    assert (message["event"], message["order"]["fulfillments"]) == ("PAID", [])


class Stuck:
    """A client that has asked and then takes nothing, until it is released."""

    def __init__(self, services: Services, order: Bought, token: str, after: str | None) -> None:
        self.app = build_app(services)
        self.body = json.dumps({"query": operation("orderUpdated"), "variables": of_order(order, after)}).encode()
        self.token = token
        self.released = asyncio.Event()
        self.asked = False
        self.got = b""

    async def run(self) -> None:
        headers = {"accept": "text/event-stream", "content-type": "application/json", "host": "x"}
        headers["authorization"] = f"Bearer {self.token}"
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": raw}
        await self.app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if not self.asked:
            self.asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError("waits for ever")

    async def _send(self, message: Any) -> None:
        self.got += message.get("body", b"")
        if b"event: next" in self.got:
            await self.released.wait()

    def told(self) -> list[Any]:
        return [json.loads(line[6:]) for line in self.got.decode().splitlines() if line.startswith("data: ")]


@asynccontextmanager
async def stuck(services: Services, order: Bought, token: str, after: str | None) -> AsyncIterator[Stuck]:
    client = Stuck(services, order, token, after)
    task = asyncio.create_task(client.run())
    yield client
    await asyncio.wait_for(task, SECONDS)


async def test_a_client_that_was_too_slow_resumes_behind_its_cursor(
    services: Services, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEHIND_MAX", 20)
    order, token = await order_and_token(services, db)
    async with stuck(services, order, token, None) as client:
        await followed(services, 1)
        await happen(db, 30, key=order.id, type="order.expired")
        [follower] = services.live._followers
        await until(lambda: ended(follower))
        client.released.set()
    *first, reason = client.told()
    assert [error["extensions"]["code"] for error in reason["errors"]] == ["READ_TOO_SLOWLY"]
    assert client.got.endswith(b"event: complete\ndata:\n\n")

    cursors = [body["data"]["orderUpdated"]["cursor"] for body in first]
    cursor = cursors[-1] if cursors else encode_cursor((1,))
    async with (
        serving(services) as server,
        events(server, "orderUpdated", of_order(order, cursor), token=token) as stream,
    ):
        rest = [(await stream.message())["cursor"] for _ in range(30 - len(cursors))]

    assert len({*cursors, *rest}) == 30


async def ended(follower: Follower) -> bool:
    return follower._end is not None


async def test_a_client_that_takes_nothing_is_not_waited_for(
    services: Services, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_stream, "SEND_SECONDS_MAX", 0.1)
    order, token = await order_and_token(services, db)

    async with stuck(services, order, token, None):
        await followed(services, 1)
        await happen(db, 1, key=order.id, type="order.expired")

    await followed(services, 0)


async def test_a_silent_stream_is_kept_alive(services: Services, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "PING_SECONDS", 0.05)
    order, token = await order_and_token(services, db)
    async with serving(services) as server, events(server, "orderUpdated", of_order(order), token=token) as stream:
        lines = [await anext(stream._lines) for _ in range(4)]

    assert lines == ["", ":", "", ":"]


async def test_a_server_that_stops_ends_its_streams_at_once(services: Services, db: Database) -> None:
    order, token = await order_and_token(services, db)
    async with (
        serving(services) as server,
        events(server, "orderUpdated", of_order(order), token=token) as stream,
        websocket(server) as socket,
    ):
        await introduce(socket, token)
        await subscribe(socket, "a", "orderUpdated", of_order(order))
        await followed(services, 2)
        began = time.monotonic()
        server.should_exit = True

        assert await stream.code() == "SERVICE_UNAVAILABLE"
        assert await closed(socket) == 1012
    assert time.monotonic() - began < 4
    assert len(services.live) == 0
