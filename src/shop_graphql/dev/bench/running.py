"""One run from the first server to the last figure."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from shop_graphql.dev.bench.cpu import megabytes
from shop_graphql.dev.bench.goods import Goods, fill
from shop_graphql.dev.bench.load import WrongAnswer
from shop_graphql.dev.bench.machine import machine_name
from shop_graphql.dev.bench.measuring import measure
from shop_graphql.dev.bench.operations import OPERATIONS, Operation, World, read_document
from shop_graphql.dev.bench.report import Row, Run
from shop_graphql.dev.bench.stage import CLIENTS, Stage, staged
from shop_graphql.dev.places import LocalError, Place
from shop_graphql.dev.processes import last_line


@dataclass(frozen=True)
class Size:
    """How much of it. Units: seconds of one window."""

    products: int
    seconds: float


QUICK, USUAL, FULL = Size(2_000, 0.5), Size(10_000, 1.2), Size(50_000, 6.0)


def run_bench(
    place: Place,
    size: Size,
    *,
    documents: Path,
    say: Callable[[str], None],
    operations: Sequence[Operation] = OPERATIONS,
) -> Run:
    """Every operation is measured on servers that are made for it and gone afterwards. From the main thread only.

    `documents` is the folder of the documented operations.
    Raises: LocalError where a server does not start, WrongAnswer where the shop and the raw route differ.
    """
    if not sys.platform.startswith("linux"):
        raise LocalError("CPU time is read from /proc: the bench runs on Linux only.")
    texts = [read_document(documents, operation) for operation in operations]
    machine = machine_name()
    say("Starting PostgreSQL, Valkey, the API and the raw routes")
    with staged(place) as stage:
        say(f"Making {size.products:,} products")
        goods = uvloop.run(fill(stage.postgres.url, products=size.products, now=datetime.now(UTC)))
        rows = []
        for operation, text in zip(operations, texts, strict=True):
            say(f"Measuring {operation.name}: {operation.document}, {operation.what}")
            try:
                rows.append(uvloop.run(_row(stage, goods, operation, text, size.seconds)))
            except WrongAnswer as error:
                # The logs go with their folder.
                ends = "; ".join(f"{side.log.name}: {last_line(side.log)}" for side in (stage.shop, stage.raw))
                raise WrongAnswer(f"{error}. The logs end: {ends}") from None
        memory = megabytes(stage.shop.pid), megabytes(stage.raw.pid)
    return Run(
        products=size.products,
        seconds=size.seconds,
        clients=CLIENTS,
        machine=machine,
        shop_mb=round(memory[0], 1),
        raw_mb=round(memory[1], 1),
        rows=rows,
    )


async def _row(stage: Stage, goods: Goods, operation: Operation, document: str, seconds: float) -> Row:
    # Access tokens live for half an hour, a full run for longer.
    now = datetime.now(UTC)
    people = (*goods.people.buyers, *goods.people.owners)
    tokens = {person.user_id: stage.tokens.issue(*person, now)[0] for person in people}
    shop, raw = await measure(stage, World(goods, tokens), operation, document, seconds=seconds)
    return Row(
        operation=operation.name,
        document=operation.document,
        what=operation.what,
        budget=operation.budget,
        shop=shop,
        raw=raw,
    )
