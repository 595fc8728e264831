"""Subscriptions over one WebSocket, as the subprotocol graphql-transport-ws has them. Queries and mutations go by POST.

A browser sends no header of ours with a handshake, so who asks is said in `connection_init`: its payload holds what
would be the headers `Authorization` and `X-Cart-Token`. It is looked up anew for each subscription.
Source: the protocol's own page (graphql-ws, PROTOCOL.md); OWASP on WebSockets: origin, size and number are bounded.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from shop_graphql.api.documents import GuardedSchema
from shop_graphql.api.masking import formatted
from shop_graphql.api.middleware import request_id
from shop_graphql.api.requests import GraphQLRequest, Refused, parsed, request_in
from shop_graphql.api.streams import Patient, ResultStream, StreamEnded, ended, open_stream
from shop_graphql.platform.errors import RateLimited, ServiceUnavailable, Unauthenticated
from shop_graphql.platform.observability import SOCKETS, log
from shop_graphql.platform.settings import Settings

SUBPROTOCOL = "graphql-transport-ws"
MESSAGE_BYTES_MAX = 65_536
SOCKETS_MAX = 5_000
"""In one process."""
SUBSCRIPTIONS_MAX = 20
"""On one socket."""
ID_LENGTH_MAX = 128
INIT_SECONDS = 10.0
OPENING_SECONDS_MAX = 30.0
SEND_SECONDS_MAX = 20.0
REASON_LENGTH_MAX = 120
"""A close frame has room for 123 bytes."""
CREDENTIALS = ("authorization", "x-cart-token")

MakeContext = Callable[[Headers, str, str], Awaitable[Patient]]
"""From credentials in the form of headers, the client's address and the request's id."""


class Closing(Exception):
    """The socket is closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Terms(NamedTuple):
    """What sockets of one endpoint have in common."""

    schema: GuardedSchema
    make_context: MakeContext


class SocketEndpoint:
    """An ASGI application for the WebSockets of one path."""

    def __init__(self, terms: Terms, *, settings: Settings) -> None:
        self._terms = terms
        self._origin = origin_of(settings.shop_public_url)
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        socket = WebSocket(scope, receive, send)
        await socket.receive()
        origin = socket.headers.get("origin")
        # A page of another origin could speak for nobody, having no token; it has no business here all the same.
        if (origin is not None and origin_of(origin) != self._origin) or self._open >= SOCKETS_MAX:
            await socket.close()
            return
        self._open += 1
        SOCKETS.inc()
        try:
            await self._serve(socket)
        except (WebSocketDisconnect, TimeoutError):
            log.info("live.socket_gone")
        finally:
            self._open -= 1
            SOCKETS.dec()

    async def _serve(self, socket: WebSocket) -> None:
        offered = socket.scope["subprotocols"]
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in offered else None)
        connection = Connection(socket, self._terms)
        try:
            if SUBPROTOCOL not in offered:
                raise Closing(4406, "Subprotocol not acceptable")
            await connection.serve()
        except Closing as closing:
            await socket.close(closing.code, closing.reason)
        finally:
            await connection.stop()


class Connection:
    """One socket: who has been introduced, and the subscriptions that run."""

    def __init__(self, socket: WebSocket, terms: Terms) -> None:
        self._socket = socket
        self._terms = terms
        self._credentials: Headers | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Answers until the client is gone.

        Raises: Closing, WebSocketDisconnect.
        """
        try:
            async with asyncio.timeout(INIT_SECONDS):
                while self._credentials is None:
                    await self._take(await self._message())
        except TimeoutError:
            raise Closing(4408, "Connection initialisation timeout") from None
        while True:
            await self._take(await self._message())

    async def stop(self) -> None:
        """No subscription is left running."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    async def _message(self) -> dict[str, Any]:
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", 1005))
        try:
            message = parsed((received.get("text") or "").encode(), "A message")
        except Refused as refused:
            raise _malformed(refused) from None
        if not isinstance(message, dict):
            raise Closing(4400, "A message is one JSON object, sent as text")
        return message

    async def _take(self, message: dict[str, Any]) -> None:
        match message:
            case {"type": "connection_init"}:
                await self._introduce(message.get("payload"))
            case {"type": "ping"}:
                await self._send({"type": "pong"})
            case {"type": "pong"}:
                pass
            case {"type": "subscribe", "id": str(key), "payload": payload} if 0 < len(key) <= ID_LENGTH_MAX:
                await self._subscribe(key, payload)
            case {"type": "complete", "id": str(key)}:
                if key in self._running:
                    self._running.pop(key).cancel()
            case _:
                raise Closing(4400, "Not a message of this protocol")

    async def _introduce(self, payload: Any) -> None:
        if self._credentials is not None:
            raise Closing(4429, "Too many initialisation requests")
        given = payload if isinstance(payload, dict) else {}
        pairs = [(name.lower(), value) for name, value in given.items() if isinstance(value, str)]
        known = [(name.encode(), value.encode()) for name, value in pairs if name in CREDENTIALS]
        credentials = Headers(raw=known)
        try:
            await self._context(credentials)
        except Unauthenticated:
            raise Closing(4403, "Forbidden") from None
        except ServiceUnavailable as outage:
            raise Closing(1013, str(outage)) from None
        self._credentials = credentials
        await self._send({"type": "connection_ack"})

    async def _subscribe(self, key: str, payload: Any) -> None:
        if self._credentials is None:
            raise Closing(4401, "Unauthorized")
        if key in self._running:
            raise Closing(4409, f"Subscriber for {key[:80]} already exists")
        try:
            asked = request_in(payload)
        except Refused as refused:
            raise _malformed(refused) from None
        if len(self._running) >= SUBSCRIPTIONS_MAX:
            too_many = RateLimited(f"At most {SUBSCRIPTIONS_MAX} subscriptions run on one socket.")
            await self._send(_error(key, ended(self._terms.schema, [too_many])))
            return
        self._running[key] = asyncio.create_task(self._run(key, asked, self._credentials))

    async def _run(self, key: str, asked: GraphQLRequest, credentials: Headers) -> None:
        try:
            await self._send(await self._pass_on(key, asked, credentials))
        except (WebSocketDisconnect, TimeoutError):
            log.info("live.client_stuck")
        finally:
            if self._running.get(key) is asyncio.current_task():
                del self._running[key]

    async def _pass_on(self, key: str, asked: GraphQLRequest, credentials: Headers) -> dict[str, Any]:
        """Every result has been sent; gives the last message."""
        results: ResultStream | None = None
        try:
            results = await self._opened(asked, credentials)
            async for body in results:
                await self._send({"id": key, "type": "next", "payload": body})
        except StreamEnded as end:
            return _error(key, end)
        finally:
            if results is not None:
                await results.aclose()
        return {"id": key, "type": "complete"}

    async def _opened(self, asked: GraphQLRequest, credentials: Headers) -> ResultStream:
        schema = self._terms.schema
        try:
            async with asyncio.timeout(OPENING_SECONDS_MAX):
                context = await self._context(credentials)
                return await open_stream(schema, asked, context)
        except TimeoutError:
            raise ended(schema, [ServiceUnavailable("An answer in time")]) from None
        except (Unauthenticated, ServiceUnavailable) as error:
            raise ended(schema, [error]) from None

    async def _context(self, credentials: Headers) -> Patient:
        client = self._socket.client
        return await self._terms.make_context(credentials, client.host if client else "", request_id())

    async def _send(self, message: dict[str, Any]) -> None:
        async with asyncio.timeout(SEND_SECONDS_MAX):
            await self._socket.send_text(orjson.dumps(message).decode())


def origin_of(url: str) -> tuple[str, str]:
    """Scheme and authority, as browsers name the origin of a page."""
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _error(key: str, end: StreamEnded) -> dict[str, Any]:
    return {"id": key, "type": "error", "payload": [formatted(error) for error in end.errors]}


def _malformed(refused: Refused) -> Closing:
    return Closing(4400, str(refused)[:REASON_LENGTH_MAX])
