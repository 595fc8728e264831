"""Results as server-sent events: one request, one subscription, until either side closes.

Lines end in LF alone and every event has a `data` line, because that is all that clients in use understand.
Source: GraphQL over SSE, distinct connections; HTML, 9.2.6.
"""

import asyncio
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from shop_graphql.api.masking import formatted
from shop_graphql.api.negotiation import EVENT_STREAM
from shop_graphql.api.streams import ResultStream, StreamEnded
from shop_graphql.platform.observability import log

PING_SECONDS = 12.0
"""Proxies close what is silent for a minute, some for less."""
SEND_SECONDS_MAX = 20.0
"""A client that takes nothing for so long is gone or wants to tie up memory."""
PING = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
HEADERS = {
    "Content-Type": f"{EVENT_STREAM}; charset=utf-8",
    "Cache-Control": "no-store",
    "Vary": "Accept",
    # nginx would keep small events back until there are enough of them.
    "X-Accel-Buffering": "no",
}


class EventStream:
    """An ASGI response that lasts as long as the subscription; it closes `results` whatever happens."""

    def __init__(self, results: ResultStream) -> None:
        self._results = results

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_hung_up(receive))
        try:
            headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
            await _send(send, {"type": "http.response.start", "status": 200, "headers": headers})
            await self._pass_on(send, gone)
        except TimeoutError:
            log.info("live.client_stuck")
        finally:
            gone.cancel()
            await self._results.aclose()

    async def _pass_on(self, send: Send, gone: asyncio.Future[None]) -> None:
        # The first ping tells the client that whatever happens from now on will be told.
        await _write(send, PING)
        upcoming = asyncio.ensure_future(self._next())
        try:
            while True:
                waited_for: set[asyncio.Future[Any]] = {upcoming, gone}
                await asyncio.wait(waited_for, timeout=PING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                if gone.done():
                    return
                if not upcoming.done():
                    await _write(send, PING)
                    continue
                event, is_last = upcoming.result()
                await _write(send, event, more=not is_last)
                if is_last:
                    return
                upcoming = asyncio.ensure_future(self._next())
        finally:
            upcoming.cancel()
            await asyncio.wait([upcoming])

    async def _next(self) -> tuple[bytes, bool]:
        """What is to be written next, and whether it is the last."""
        try:
            return next_event(await anext(self._results)), False
        except StopAsyncIteration:
            return COMPLETE, True
        except StreamEnded as end:
            return next_event({"errors": [formatted(error) for error in end.errors]}) + COMPLETE, True


def next_event(body: dict[str, Any]) -> bytes:
    """One result; JSON holds no line ends."""
    return b"event: next\ndata: " + orjson.dumps(body) + b"\n\n"


def as_event(answer: Response) -> Response:
    """An answer for a client that takes nothing but events."""
    body = b"event: next\ndata: " + bytes(answer.body) + b"\n\n" + COMPLETE
    return Response(body, headers=HEADERS)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, body: bytes, *, more: bool = True) -> None:
    await _send(send, {"type": "http.response.body", "body": body, "more_body": more})


async def _send(send: Send, message: Message) -> None:
    async with asyncio.timeout(SEND_SECONDS_MAX):
        await send(message)
