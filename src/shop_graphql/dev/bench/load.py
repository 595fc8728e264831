"""A small HTTP client that keeps its connections busy: each sends the next request when it has its answer.

It reads no more of an answer than tells whether it is the right one, so that it costs little beside any server: it
runs inside the bench itself, and the figures say what it has used.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shop_graphql.dev.processes import LOOPBACK

LENGTH = b"content-length:"


class WrongAnswer(Exception):
    """A server answered something else than was asked for: its speed means nothing."""


@dataclass
class Load:
    """What came of a window. Units: seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def requests(self) -> int:
        return len(self.latencies)

    def percentile(self, share: float) -> float:
        """The latency that this share of the requests did not exceed."""
        ordered = sorted(self.latencies)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def http(method: str, path: str, *, body: bytes = b"", headers: dict[str, str] | None = None) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: shop.test", "Accept: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of one answer, on a connection of its own."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        return int(head[9:12]), await reader.readexactly(_length(head))
    finally:
        writer.close()


async def run_load(port: int, requests: Iterator[bytes], *, clients: int, seconds: float, sign: bytes) -> Load:
    """`clients` connections have sent requests for so long, or until there were none left.

    Raises: WrongAnswer for the first answer that has another status than 200 or does not hold `sign`.
    """
    loop, load = asyncio.get_running_loop(), Load()
    started = time.perf_counter()
    connections = [_Connection(load, requests, started + seconds, sign) for _ in range(clients)]
    try:
        for connection in connections:
            await loop.create_connection(lambda made=connection: made, LOOPBACK, port)  # type: ignore[misc]
        await asyncio.gather(*(connection.done for connection in connections))
    finally:
        for connection in connections:
            connection.close()
    load.seconds = time.perf_counter() - started
    return load


class _Connection(asyncio.Protocol):
    def __init__(self, load: Load, requests: Iterator[bytes], until: float, sign: bytes) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._load, self._requests, self._until, self._sign = load, requests, until, sign
        self._transport: Any = None
        self._request = self._received = b""
        self._sent = 0.0
        self._whole = 0
        """How long the answer is with its head; 0 until that has been read."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send(time.perf_counter())

    def data_received(self, data: bytes) -> None:
        self._received = received = self._received + data if self._received else data
        if not self._whole:
            end = received.find(b"\r\n\r\n")
            if end < 0:
                return
            self._whole = end + 4 + _length(received[: end + 2])
        if len(received) < self._whole:
            return
        if received[9:12] != b"200" or self._sign not in received:
            self._fail(WrongAnswer(f"{received[:500]!r} for {self._request[:500]!r}"))
            return
        now = time.perf_counter()
        self._load.latencies.append(now - self._sent)
        self._received, self._whole = b"", 0
        self._send(now)

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(WrongAnswer(f"The server hung up ({exc}) on {self._request[:500]!r}"))

    def close(self) -> None:
        self.done.cancel()
        if self._transport is not None:
            self._transport.close()

    def _send(self, now: float) -> None:
        request = next(self._requests, None) if now < self._until else None
        if request is not None:
            self._request, self._sent = request, now
            self._transport.write(request)
        elif not self.done.done():
            self.done.set_result(None)

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)


def _length(head: bytes) -> int:
    at = head.lower().index(LENGTH) + len(LENGTH)
    return int(head[at : head.index(b"\r\n", at)])
