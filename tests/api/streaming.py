"""Subscriptions as clients have them: over real sockets, as events and as messages of a WebSocket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import httpx
import msgspec
from sqlalchemy import text
from websockets.asyncio.client import ClientConnection, connect

from shop_graphql.api.context import Services
from shop_graphql.api.front import NO_EXTRAS
from shop_graphql.app import Server
from shop_graphql.platform.db import Database
from tests.client import operation
from tests.clock import NOON, FixedClock
from tests.waiting import until
from workers import relay

EVENTS = "text/event-stream"
SECONDS = 10.0


@asynccontextmanager
async def serving(services: Services) -> AsyncIterator[Server]:
    """The API on a free port, until the block ends or the server has been stopped inside of it."""
    server = Server(replace(services, settings=msgspec.structs.replace(services.settings, shop_port=0)), NO_EXTRAS)
    task = asyncio.create_task(server.serve())
    try:
        await until(lambda: _started(server), every=0.01)
        yield server
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, SECONDS)


async def _started(server: Server) -> bool:
    return server.started


def address_of(server: Server) -> str:
    """Host and port."""
    return f"127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


class Events:
    """One subscription over server-sent events, as far as it has been read."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> Any:
        """The next event's JSON, or None for the last event."""
        name = ""
        async with asyncio.timeout(SECONDS):
            async for line in self._lines:
                field, _, value = line.partition(":")
                if field == "event":
                    name = value.strip()
                if field == "data":
                    return json.loads(value) if name == "next" else None
        raise AssertionError("the stream has broken off")

    async def began(self) -> None:
        """What happens from now on is told: the first ping has come."""
        async with asyncio.timeout(SECONDS):
            assert await anext(self._lines) == ":"

    async def message(self) -> Any:
        """The only field of the next result."""
        body = await self.next()
        assert body is not None, "the stream is complete"
        assert "errors" not in body, body["errors"]
        [message] = body["data"].values()
        return message

    async def code(self) -> str:
        """The code of the error that the stream ends with."""
        [error] = (await self.next())["errors"]
        assert await self.next() is None
        return str(error["extensions"]["code"])


@asynccontextmanager
async def events(
    server: Server,
    name: str,
    variables: dict[str, Any],
    *,
    token: str | None = None,
    cart_token: str | None = None,
    accept: str = EVENTS,
    begins: bool = True,
) -> AsyncIterator[Events]:
    """The documented subscription `name`, once the server has answered."""
    headers = {"Accept": accept} | credentials(token, cart_token)
    async with (
        httpx.AsyncClient(base_url=f"http://{address_of(server)}", timeout=SECONDS) as http,
        http.stream(
            "POST", "/graphql", json={"query": operation(name), "variables": variables}, headers=headers
        ) as response,
    ):
        stream = Events(response)
        if begins:
            await stream.began()
        yield stream


def credentials(token: str | None, cart_token: str | None = None) -> dict[str, str]:
    """The headers, or the members of `connection_init`, that say who asks."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return headers | ({"X-Cart-Token": cart_token} if cart_token else {})


@asynccontextmanager
async def websocket(server: Server, **options: Any) -> AsyncIterator[ClientConnection]:
    """A socket before anything has been said."""
    chosen = {"subprotocols": ["graphql-transport-ws"], "compression": None} | options
    async with connect(f"ws://{address_of(server)}/graphql", **chosen) as socket:
        yield socket


async def say(socket: ClientConnection, **message: Any) -> None:
    await socket.send(json.dumps(message))


async def hear(socket: ClientConnection) -> Any:
    async with asyncio.timeout(SECONDS):
        return json.loads(await socket.recv())


async def introduce(socket: ClientConnection, token: str | None = None, cart_token: str | None = None) -> None:
    """The server has acknowledged who asks."""
    await say(socket, type="connection_init", payload=credentials(token, cart_token))
    assert await hear(socket) == {"type": "connection_ack"}


async def subscribe(socket: ClientConnection, key: str, name: str, variables: dict[str, Any]) -> None:
    """The documented subscription `name` is asked for."""
    payload = {"query": operation(name), "variables": variables}
    await say(socket, id=key, type="subscribe", payload=payload)


async def closed(socket: ClientConnection) -> int | None:
    """The code that the server closes with."""
    async with asyncio.timeout(SECONDS):
        await socket.wait_closed()
    return socket.close_code


async def followed(services: Services, count: int) -> None:
    """So many subscriptions are open."""

    async def has_count() -> bool:
        return len(services.live) == count

    await until(has_count, every=0.01)


FACTS = text(
    "insert into outbox_messages (id, type, version, aggregate_type, aggregate_id, payload, occurred_at)"
    " select gen_random_uuid(), :type, 1, 'test', :id, '{}', :now from generate_series(1, :count)"
)


async def happen(db: Database, count: int, *, key: UUID, type: str) -> None:
    """So many facts have their place in the feed."""
    async with db.write() as session:
        await session.execute(FACTS, {"id": key, "type": type, "now": NOON, "count": count})
    while await relay.turn(db, FixedClock()):
        pass
