"""A small HTTP client that keeps its connections busy: each sends the next request when it has its answer."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

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


def http(method: str, path: str, *, body: bytes = b"", cart_secret: str = "") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: shop.test", "Accept: application/json"]
    if cart_secret:
        lines.append(f"X-Cart-Token: {cart_secret}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def ask(port: int, request: bytes) -> tuple[int, bytes]:
    """Status and body of one answer, on a connection of its own."""
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        return await _exchange(reader, writer, request)
    finally:
        writer.close()


async def run_load(port: int, requests: Iterator[bytes], *, clients: int, seconds: float, sign: bytes) -> Load:
    """`clients` connections have sent requests for so long, or until there were none left.

    Raises: WrongAnswer for the first answer that has another status than 200 or does not hold `sign`.
    """
    load = Load()
    started = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(clients):
                group.create_task(_client(port, requests, load, started + seconds, sign))
    except* WrongAnswer as wrong:
        first = wrong.exceptions[0]
        raise WrongAnswer(str(first)) from None
    load.seconds = time.perf_counter() - started
    return load


async def _client(port: int, requests: Iterator[bytes], load: Load, until: float, sign: bytes) -> None:
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    try:
        for request in requests:
            sent = time.perf_counter()
            if sent >= until:
                return
            status, body = await _exchange(reader, writer, request)
            load.latencies.append(time.perf_counter() - sent)
            if status != 200 or sign not in body:
                raise WrongAnswer(f"{status} {body[:500]!r} for {request[:500]!r}")
    finally:
        writer.close()


async def _exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> tuple[int, bytes]:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    at = head.lower().index(LENGTH) + len(LENGTH)
    body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
    return int(head[9:12]), body
