"""Windows: how fast and how costly one side is for a few seconds, the other side right before and after."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
import orjson

from shop_graphql.dev.bench.carts import make_carts
from shop_graphql.dev.bench.counting import logging_statements, statements_of
from shop_graphql.dev.bench.cpu import Used, used
from shop_graphql.dev.bench.goods import Goods
from shop_graphql.dev.bench.load import Load, WrongAnswer, ask, run_load
from shop_graphql.dev.bench.operations import Cart, Operation, numbers
from shop_graphql.dev.bench.stage import CLIENTS, Process, Stage

ROUNDS = 2
"""Each side has so many windows, in turns, so that a busy moment of the machine does not fall on one side alone."""
COMPARED = 12
WARM_UP_SECONDS = 2.0
WARM_UP_CARTS = 400
SPARE = 1.5
"""More carts than the warm-up says are needed; a window without carts ends early and stays right."""


class Figures(msgspec.Struct, frozen=True):
    """One side of one operation. Units: milliseconds per request but for `rps`, shares from 0 to 1."""

    statements: int
    server_ms: float
    postgres_ms: float
    rps: float
    p50_ms: float
    p99_ms: float
    requests: int
    others: float
    """How much of the machine somebody else used meanwhile."""

    @property
    def total_ms(self) -> float:
        return self.server_ms + self.postgres_ms


class Side:
    """The shop or the raw routes while one operation is measured."""

    def __init__(self, stage: Stage, goods: Goods, operation: Operation, *, is_shop: bool) -> None:
        self.stage = stage
        self.process: Process = stage.shop if is_shop else stage.raw
        self.load, self.used, self.statements = Load(), Used(0, 0, 0, 0, 0), 0
        self._goods, self._operation = goods, operation
        self._ask = operation.shop if is_shop else operation.raw
        self._purpose = f"{operation.name} {'shop' if is_shop else 'raw'} "
        self._next_cart = 1

    async def requests(self, connection: Any, count: int) -> Iterator[bytes]:
        """Requests for new targets; where carts are used, exactly `count` of them, each with a cart of its own."""
        if not self._operation.uses_carts:
            return (self._ask(self._goods, number) for number in numbers(self._next_cart))
        first, self._next_cart = self._next_cart, self._next_cart + count
        keys = await make_carts(connection, self._purpose, first, first + count - 1, now=datetime.now(UTC))
        carts = (Cart(self._purpose, number, key) for number, key in zip(itertools.count(first), keys, strict=False))
        # Made before the window: encoding them is no work of the servers.
        return iter([self._ask(self._goods, cart) for cart in carts])

    async def window(self, connection: Any, seconds: float, rate: float) -> Load:
        """One window; its requests and its CPU count."""
        requests = await self.requests(connection, int(seconds * rate * SPARE) + WARM_UP_CARTS)
        before = self._used()
        load = await self._run(requests, seconds)
        after = self._used()
        self.used = Used(*(a + y - x for a, x, y in zip(_parts(self.used), _parts(before), _parts(after), strict=True)))
        self.load.seconds += load.seconds
        self.load.latencies += load.latencies
        return load

    async def warm_up(self, connection: Any, seconds: float) -> float:
        """The caches are filled and the statements prepared. Shape: requests per second."""
        load = await self._run(await self.requests(connection, WARM_UP_CARTS), seconds)
        return load.requests / load.seconds

    async def answers(self, connection: Any, count: int) -> list[Any]:
        """What `count` requests are answered, without what was made for the answer."""
        requests = await self.requests(connection, count)
        bodies = [(await ask(self.process.port, request))[1] for request in itertools.islice(requests, count)]
        return [_data(body, self._operation.own_ids) for body in bodies]

    def figures(self) -> Figures:
        count, spent = self.load.requests, self.used
        ours = spent.server + spent.postgres + spent.client
        return Figures(
            statements=self.statements,
            server_ms=round(spent.server / count * 1000, 3),
            postgres_ms=round(spent.postgres / count * 1000, 3),
            rps=round(count / self.load.seconds, 1),
            p50_ms=round(self.load.percentile(0.5) * 1000, 2),
            p99_ms=round(self.load.percentile(0.99) * 1000, 2),
            requests=count,
            others=round(max(spent.machine - ours, 0) / max(spent.possible, 1), 3),
        )

    def _used(self) -> Used:
        return used(server=self.process.pid, postgres=self.stage.postgres.pid)

    async def _run(self, requests: Iterator[bytes], seconds: float) -> Load:
        sign = self._operation.sign
        return await run_load(self.process.port, requests, clients=CLIENTS, seconds=seconds, sign=sign)


async def measure(stage: Stage, goods: Goods, operation: Operation, *, seconds: float) -> tuple[Figures, Figures]:
    """The shop's figures and the raw route's, from windows of `seconds` each in turns.

    Raises: WrongAnswer where the two do not answer the same.
    """
    shop = Side(stage, goods, operation, is_shop=True)
    raw = Side(stage, goods, operation, is_shop=False)
    connection = await asyncpg.connect(stage.postgres.url)
    try:
        _compare(operation, await shop.answers(connection, COMPARED), await raw.answers(connection, COMPARED))
        rates = {side: await side.warm_up(connection, max(seconds, WARM_UP_SECONDS)) for side in (raw, shop)}
        for side in (raw, shop) * ROUNDS:
            load = await side.window(connection, seconds, rates[side])
            rates[side] = load.requests / load.seconds
        for side in (raw, shop):
            requests = await side.requests(connection, COMPARED)
            async with logging_statements(stage.postgres):
                side.statements = await statements_of(stage.postgres, side.process.port, requests)
    finally:
        await connection.close()
    return shop.figures(), raw.figures()


def _compare(operation: Operation, shop: list[Any], raw: list[Any]) -> None:
    for ours, theirs in zip(shop, raw, strict=True):
        if ours != theirs:
            raise WrongAnswer(f"{operation.name}: the shop answers {ours!s:.900}, the raw route {theirs!s:.900}")


def _data(body: bytes, made: tuple[str, ...]) -> Any:
    """The `data` of an answer, less what a mutation has `made`: keys two levels below its name."""
    data = orjson.loads(body).get("data") or {}
    payloads = [payload for payload in data.values() if isinstance(payload, dict)]
    if len(payloads) != 1 or payloads[0].get("userErrors"):
        raise WrongAnswer(f"{body[:900]!r}")
    for part in payloads[0].values():
        for key in made if isinstance(part, dict) else ():
            part.pop(key, None)
    return data


def _parts(spent: Used) -> tuple[float, ...]:
    return spent.server, spent.postgres, spent.client, spent.machine, spent.possible
