"""`shop bench`: measure, show, keep."""

from pathlib import Path

from rich.console import Console

from shop_graphql.cli.environment import ROOT, console, fail
from shop_graphql.dev.bench.load import WrongAnswer
from shop_graphql.dev.bench.operations import OPERATIONS
from shop_graphql.dev.bench.report import as_json, last_run, table_of
from shop_graphql.dev.bench.running import FULL, QUICK, USUAL, run_bench
from shop_graphql.dev.places import LocalError, place_for

DOCUMENTS = ROOT / "tests" / "operations"
TABLE_WIDTH = 150
"""Wide enough for every column, also where the output is a file."""


def bench(*, quick: bool, full: bool, json: Path | None, sql: bool) -> None:
    """The table is on the console, and in the file if one is named."""
    size = QUICK if quick else FULL if full else USUAL
    try:
        run = run_bench(place_for(ROOT), size, documents=DOCUMENTS, say=console.print)
    except (LocalError, WrongAnswer) as error:
        fail(str(error))
    wide = console if console.width >= TABLE_WIDTH else Console(width=TABLE_WIDTH)
    wide.print(table_of(run, last_run()), markup=True)
    if json is not None:
        json.write_bytes(as_json(run))
    if sql:
        print_sql()


def print_sql() -> None:
    """Each raw route's one statement is on the console."""
    for operation in OPERATIONS:
        console.print(f"-- {operation.name}: {operation.document}, {operation.what}", markup=False, highlight=False)
        console.print(operation.sql.strip() + ";\n", markup=False, highlight=False, soft_wrap=True)
