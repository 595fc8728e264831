"""One run from the first server to the last figure."""

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import uvloop

from shop_graphql.dev.bench.goods import fill
from shop_graphql.dev.bench.measuring import measure
from shop_graphql.dev.bench.operations import OPERATIONS, Operation
from shop_graphql.dev.bench.report import Row, Run, machine_name
from shop_graphql.dev.bench.stage import CLIENTS, Stage, staged
from shop_graphql.dev.places import LocalError, Place


@dataclass(frozen=True)
class Size:
    """How much of it. Units: seconds of one window."""

    products: int
    seconds: float


QUICK, USUAL, FULL = Size(2_000, 1.0), Size(10_000, 3.0), Size(50_000, 10.0)


def run_bench(
    place: Place, size: Size, *, say: Callable[[str], None], operations: Sequence[Operation] = OPERATIONS
) -> Run:
    """Every operation is measured on servers that are made for it and gone afterwards. From the main thread only.

    Raises: LocalError where a server does not start, WrongAnswer where the shop and the raw route differ.
    """
    if not sys.platform.startswith("linux"):
        raise LocalError("CPU time is read from /proc: the bench runs on Linux only.")
    say("Starting PostgreSQL, Valkey, the API and the raw routes")
    with staged(place) as stage:
        rows = uvloop.run(_measured(stage, size, say, operations))
    return Run(size.products, size.seconds, CLIENTS, machine_name(os.cpu_count()), rows)


async def _measured(stage: Stage, size: Size, say: Callable[[str], None], operations: Sequence[Operation]) -> list[Row]:
    say(f"Making {size.products} products")
    goods = await fill(stage.postgres.url, products=size.products, now=datetime.now(UTC))
    rows = []
    for operation in operations:
        say(f"Measuring {operation.name}, {operation.what}")
        shop, raw = await measure(stage, goods, operation, seconds=size.seconds)
        rows.append(Row(operation.name, operation.what, shop, raw))
    return rows
