"""The bench: its client, its figures, its table, and a whole small run."""

import asyncio
import io
import itertools
import os
import time
from collections.abc import Iterator

import msgspec
import pytest
from rich.console import Console
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from shop_graphql.dev.bench.cpu import Pids, apart, megabytes, used
from shop_graphql.dev.bench.load import Load, WrongAnswer, ask, http, run_load
from shop_graphql.dev.bench.machine import machine_name
from shop_graphql.dev.bench.measuring import Figures
from shop_graphql.dev.bench.operations import OPERATIONS
from shop_graphql.dev.bench.report import LAST, Row, Run, as_json, last_run, table_of
from shop_graphql.dev.bench.running import Size, run_bench
from shop_graphql.dev.places import place_for
from tests.client import OPERATIONS as DOCUMENTS
from tests.dev.processes import ROOT
from tests.dev.running import serving

FIGURES = Figures(
    statements=4,
    server_ms=1.0,
    postgres_ms=0.5,
    cache_ms=0.5,
    rps=100,
    p50_ms=9,
    p99_ms=20,
    requests=300,
    client_ms=0.05,
    others=0.25,
)
HALF = msgspec.structs.replace(FIGURES, statements=1, server_ms=0.75, postgres_ms=0.25, cache_ms=0)
RUN = Run(
    products=100,
    seconds=1.0,
    clients=16,
    machine="a machine",
    shop_mb=120,
    raw_mb=30,
    rows=[Row(operation="Q1", document="products", what="a page", budget=1.0, shop=FIGURES, raw=HALF)],
)
SMALL = [operation for operation in OPERATIONS if operation.name in {"M2", "category", "orders"}]
"""One of each kind: written, kept by both sides, asked by somebody signed in."""


@pytest.fixture
def echo() -> Iterator[int]:
    """A port that answers with the body it was sent, and 404 elsewhere."""

    async def same(request: Request) -> Response:
        return PlainTextResponse(await request.body())

    with serving(Starlette(routes=[Route("/same", same, methods=["POST"])])) as base:
        yield int(base.rpartition(":")[2])


async def test_client_sends_until_requests_run_out(echo: int) -> None:
    requests = itertools.repeat(http("POST", "/same", body=b"hello"), 40)

    load = await run_load(echo, requests, clients=4, seconds=30, sign=b"hello")

    assert load.requests == 40
    assert 0 < load.percentile(0.5) <= load.percentile(0.99) < load.seconds < 30


async def test_client_stops_when_its_time_is_up(echo: int) -> None:
    requests = itertools.repeat(http("POST", "/same", body=b"hello"))

    load = await run_load(echo, requests, clients=2, seconds=0.2, sign=b"hello")

    assert load.requests > 2
    assert 0.2 <= load.seconds < 2


@pytest.mark.parametrize("request_sent", [http("POST", "/same", body=b"other"), http("GET", "/nowhere")])
async def test_client_refuses_to_time_wrong_answers(echo: int, request_sent: bytes) -> None:
    with pytest.raises(WrongAnswer):
        await run_load(echo, itertools.repeat(request_sent), clients=2, seconds=5, sign=b"hello")


async def test_client_gives_status_and_body(echo: int) -> None:
    assert await ask(echo, http("POST", "/same", body=b"a\r\n\r\nb")) == (200, b"a\r\n\r\nb")


def test_percentiles_are_latencies_that_happened() -> None:
    load = Load(latencies=[5.0, 1.0, 3.0, 2.0])

    assert (load.percentile(0.5), load.percentile(0.99)) == (3.0, 5.0)


async def test_client_refuses_a_server_that_hangs_up() -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(WrongAnswer, match="hung up"):
            await run_load(port, itertools.repeat(http("GET", "/")), clients=2, seconds=5, sign=b"")


def test_cpu_counts_work_of_this_process() -> None:
    pids = Pids(server=os.getpid(), postgres=os.getpid(), cache=os.getpid())
    before = used(pids)

    until = time.process_time() + 0.2
    while time.process_time() < until:
        sum(range(1000))
    after = used(pids)

    assert 0.15 < after.server - before.server < 2
    assert after.machine - before.machine >= 0.15
    assert after.possible > before.possible


def test_memory_is_this_process() -> None:
    before = megabytes(os.getpid())
    held = bytearray(b"x" * 50_000_000)

    assert 40 < megabytes(os.getpid()) - before < 70
    assert len(held) == 50_000_000


def test_servers_have_a_processor_to_themselves() -> None:
    allowed = os.sched_getaffinity(0)

    with apart() as servers:
        inside = os.sched_getaffinity(0)

    assert os.sched_getaffinity(0) == allowed
    assert inside == allowed - (servers or set())
    assert (servers is None) == (len(allowed) < 2)


def printed(run: Run, last: Run | None) -> str:
    text = io.StringIO()
    Console(width=160, file=text).print(table_of(run, last))
    return text.getvalue()


def test_report_divides_the_shop_by_the_raw_route() -> None:
    shop = next(line for line in printed(RUN, RUN).splitlines() if "Q1" in line)

    # The total and the ratio, now and then.
    assert shop.count("2.00") == 3
    assert "1.00" in shop
    assert b'"Q1": 2.0' in as_json(RUN)


def test_report_says_what_the_last_run_cannot_be_compared_in() -> None:
    other = msgspec.structs.replace(RUN, machine="another machine", products=50_000)

    assert "last" not in printed(RUN, RUN).split("Machine:")[1]
    assert "another machine" in printed(RUN, other)
    assert "50,000 products" in printed(RUN, other)
    assert "-" in next(line for line in printed(RUN, None).splitlines() if "Q1" in line)


def test_machine_is_named_by_what_does_the_work() -> None:
    assert f"{os.cpu_count()} CPUs" in machine_name()
    assert "PostgreSQL 18" in machine_name()


def test_committed_run_covers_every_operation() -> None:
    last = last_run()

    assert LAST.exists()
    assert last is not None
    assert [row.operation for row in last.rows] == [operation.name for operation in OPERATIONS]
    assert [row.document for row in last.rows] == [operation.document for operation in OPERATIONS]


@pytest.mark.slow
def test_small_run_measures_both_sides() -> None:
    said: list[str] = []

    run = run_bench(place_for(ROOT), Size(60, 0.2), documents=DOCUMENTS, say=said.append, operations=SMALL)

    rows = {row.operation: row for row in run.rows}
    assert list(rows) == [operation.name for operation in SMALL]
    assert [rows[name].raw.statements for name in rows] == [1, 0, 1]
    assert rows["M2"].shop.statements > rows["orders"].shop.statements > 1
    assert all(side.requests > 0 and side.server_ms > 0 for row in run.rows for side in (row.shop, row.raw))
    assert all(row.ratio > 0 for row in run.rows)
    assert 10 < run.raw_mb < run.shop_mb
    assert len(said) == 2 + len(SMALL)
