"""`shop bench`: measure, show, keep."""

from pathlib import Path

from rich.console import Console

from shop_graphql.cli.environment import ROOT, console, fail
from shop_graphql.dev.bench.load import WrongAnswer
from shop_graphql.dev.bench.operations import OPERATIONS
from shop_graphql.dev.bench.report import as_json, last_run, table_of
from shop_graphql.dev.bench.running import FULL, QUICK, USUAL, run_bench
from shop_graphql.dev.places import LocalError, place_for

TABLE_WIDTH = 150
"""Wide enough for every column, also where the output is a file."""


def bench(*, quick: bool, full: bool, json: Path | None, sql: bool) -> None:
    """The table is on the console, and in the file if one is named."""
    size = QUICK if quick else FULL if full else USUAL
    try:
        run = run_bench(place_for(ROOT), size, say=console.print)
    except (LocalError, WrongAnswer) as error:
        fail(str(error))
    wide = console if console.width >= TABLE_WIDTH else Console(width=TABLE_WIDTH)
    wide.print(table_of(run, last_run()))
    if sql:
        for operation in OPERATIONS:
            console.print(
                f"-- {operation.name}, {operation.what}: the raw route's statement{operation.sql}", markup=False
            )
    if json is not None:
        json.write_bytes(as_json(run))
