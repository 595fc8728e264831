"""Windows: how fast and how costly one side is for a few seconds, the other side right before and after."""

import itertools
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import orjson

from shop_graphql.dev.bench.carts import make_carts
from shop_graphql.dev.bench.counting import logging_statements, statements_of
from shop_graphql.dev.bench.cpu import Pids, Used, used
from shop_graphql.dev.bench.load import Load, WrongAnswer, ask, run_load
from shop_graphql.dev.bench.operations import Cart, Operation, Question, World
from shop_graphql.dev.bench.stage import CLIENTS, Stage

ROUNDS = 3
"""Each side has so many windows, in turns. The one in which a request cost least is shown: whoever else works on the
machine makes requests dearer and never cheaper."""
PATIENCE = 9.0
"""Windows' lengths after which no further round begins: what is under way when a window ends has to be waited for,
and where requests take seconds three rounds would take minutes."""
COMPARED = 12
WARM_UP_REQUESTS, WARM_UP_SECONDS = 300, 2.0
"""Each connection plans each of its statements anew a few times before it keeps the plan."""
SPARE = 1.5
"""More carts than the warm-up says are needed; a window without carts ends early and stays right."""
STRIDE = 7919
"""What is read is walked through in steps of a prime, which come back to none of it soon."""


class Figures(msgspec.Struct, frozen=True):
    """One side of one operation. Units: milliseconds per request but for `rps`, shares from 0 to 1."""

    statements: int
    server_ms: float
    postgres_ms: float
    cache_ms: float
    rps: float
    p50_ms: float
    p99_ms: float
    requests: int
    client_ms: float
    """What asking took, which is nobody's but the bench's."""
    others: float
    """How much of the machine somebody else used meanwhile."""

    @property
    def total_ms(self) -> float:
        return self.server_ms + self.postgres_ms + self.cache_ms


class Side:
    """The shop or the raw routes while one operation is measured. `document` is empty for the raw routes."""

    def __init__(self, stage: Stage, world: World, operation: Operation, *, document: str = "") -> None:
        self.port = (stage.shop if document else stage.raw).port
        self.statements = 0
        self._world, self._operation, self._document = world, operation, document
        self._windows: list[tuple[Load, Used]] = []
        server = (stage.shop if document else stage.raw).pid
        self._pids = Pids(server=server, postgres=stage.postgres.pid, cache=stage.valkey.pid)
        self._purpose = f"{operation.name} {'shop' if document else 'raw'} "
        self._next_cart = 1

    async def requests(self, connection: Any, count: int) -> Iterator[bytes]:
        """Requests for new targets; where carts are used, exactly `count` of them, each with a cart of its own."""
        if not self._operation.uses_carts:
            return (self._encoded(self._operation.ask(self._world, n * STRIDE)) for n in itertools.count(1))
        first, self._next_cart = self._next_cart, self._next_cart + count
        keys = await make_carts(connection, self._purpose, first, first + count - 1, now=datetime.now(UTC))
        carts = (Cart(self._purpose, number, key) for number, key in zip(itertools.count(first), keys, strict=False))
        # Made before the window: encoding them is no work of the servers.
        return iter([self._encoded(self._operation.ask(self._world, cart)) for cart in carts])

    async def window(self, connection: Any, seconds: float, rate: float) -> float:
        """One window. Shape: requests per second."""
        requests = await self.requests(connection, int(seconds * rate * SPARE) + WARM_UP_REQUESTS)
        before = used(self._pids)
        load = await self._run(requests, seconds)
        self._windows.append((load, used(self._pids).since(before)))
        return load.requests / load.seconds

    async def warm_up(self, connection: Any, seconds: float) -> float:
        """The caches are filled and the statements planned, as far as the time reaches. Shape: requests per second."""
        requests = await self.requests(connection, WARM_UP_REQUESTS)
        load = await self._run(itertools.islice(requests, WARM_UP_REQUESTS), seconds)
        return load.requests / load.seconds

    async def answers(self, connection: Any, count: int) -> list[Any]:
        """What `count` requests are answered, without what was made for the answer."""
        requests = await self.requests(connection, count)
        bodies = [(await ask(self.port, request))[1] for request in itertools.islice(requests, count)]
        return [data_of(body, self._operation.own) for body in bodies]

    def figures(self) -> Figures:
        """Those of the best window."""
        load, spent = min(self._windows, key=lambda window: window[1].ours / window[0].requests)
        count = load.requests
        per_request = {
            f"{name}_ms": round(getattr(spent, name) / count * 1000, 4)
            for name in ("server", "postgres", "cache", "client")
        }
        return Figures(
            statements=self.statements,
            **per_request,
            rps=round(count / load.seconds, 1),
            p50_ms=round(load.percentile(0.5) * 1000, 2),
            p99_ms=round(load.percentile(0.99) * 1000, 2),
            requests=count,
            others=round(max(spent.machine - spent.ours - spent.client, 0) / max(spent.possible, 1), 3),
        )

    def _encoded(self, question: Question) -> bytes:
        return question.to_shop(self._document) if self._document else question.to_raw()

    async def _run(self, requests: Iterator[bytes], seconds: float) -> Load:
        sign = self._operation.sign
        return await run_load(self.port, requests, clients=CLIENTS, seconds=seconds, sign=sign)


async def measure(
    stage: Stage, world: World, operation: Operation, document: str, *, seconds: float
) -> tuple[Figures, Figures]:
    """The shop's figures and the raw route's, from windows of `seconds` each in turns.

    Raises: WrongAnswer where the two do not answer the same.
    """
    shop = Side(stage, world, operation, document=document)
    raw = Side(stage, world, operation)
    connection = await asyncpg.connect(stage.postgres.url)
    try:
        compare(operation.name, await shop.answers(connection, COMPARED), await raw.answers(connection, COMPARED))
        rates = {side: await side.warm_up(connection, min(2 * seconds, WARM_UP_SECONDS)) for side in (raw, shop)}
        started = time.monotonic()
        for number in range(ROUNDS):
            if number and time.monotonic() - started > PATIENCE * seconds:
                break
            for side in (raw, shop):
                rates[side] = await side.window(connection, seconds, rates[side])
        asked = {side: await side.requests(connection, COMPARED) for side in (raw, shop)}
        async with logging_statements(stage.postgres):
            for side, requests in asked.items():
                side.statements = await statements_of(stage.postgres, side.port, requests)
        if operation.writes:
            # What it has left behind would be tidied up in the background, had that not been turned off.
            await connection.execute("vacuum (analyze)")
    finally:
        await connection.close()
    return shop.figures(), raw.figures()


def compare(name: str, shop: list[Any], raw: list[Any]) -> None:
    """Raises: WrongAnswer unless both sides have answered the same."""
    for ours, theirs in zip(shop, raw, strict=True):
        if ours != theirs:
            raise WrongAnswer(f"{name}: the shop answers {ours!s:.3000}, the raw route {theirs!s:.3000}")


def data_of(body: bytes, own: tuple[str, ...]) -> Any:
    """The one field of an answer, less what may differ between two right ones.

    Raises: WrongAnswer for errors, refusals and an empty field.
    """
    payload = next(iter((orjson.loads(body).get("data") or {"": None}).values()))
    if payload is None or (isinstance(payload, dict) and payload.get("userErrors")):
        raise WrongAnswer(f"{body[:900]!r}")
    for path in own:
        _drop(payload, path.split("."))
    return payload


def _drop(value: Any, path: list[str]) -> None:
    for part in value if isinstance(value, list) else [value]:
        if len(path) > 1:
            _drop(part[path[0]], path[1:])
        else:
            del part[path[0]]
