"""What a run found: a table to read, a file to keep, and what the kept one said."""

import platform
from pathlib import Path

import msgspec
from rich.table import Table

from shop_graphql.dev.bench.measuring import Figures

LAST = Path(__file__).with_name("last.json")
"""The run that is committed."""


class Row(msgspec.Struct, frozen=True):
    operation: str
    what: str
    shop: Figures
    raw: Figures

    @property
    def ratio(self) -> float:
        """CPU of server and PostgreSQL per request, over the raw route's."""
        return self.shop.total_ms / self.raw.total_ms


class Run(msgspec.Struct, frozen=True):
    products: int
    seconds: float
    """Of each window."""
    clients: int
    machine: str
    rows: list[Row]
    ratios: dict[str, float] = {}
    """What the rows come to, for whoever reads the file."""


def machine_name(processors: int | None) -> str:
    """What figures of two runs should have in common to be compared."""
    return f"{platform.machine()}, {processors} CPUs, Python {platform.python_version()}"


def last_run() -> Run | None:
    """The committed run, if there is one."""
    return msgspec.json.decode(LAST.read_bytes(), type=Run) if LAST.exists() else None


def as_json(run: Run) -> bytes:
    """The run as it is kept."""
    ratios = {row.operation: round(row.ratio, 2) for row in run.rows}
    return msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(run, ratios=ratios)), indent=2) + b"\n"


def table_of(run: Run, last: Run | None) -> Table:
    """Two lines for each operation, the shop's with its ratio, now and in the committed run."""
    before = {row.operation: row.ratio for row in last.rows} if last else {}
    table = Table(title=f"{run.products} products, {run.clients} clients, windows of {run.seconds:g} s; ms are CPU")
    for name in (
        "operation",
        "",
        "SQL",
        "server ms",
        "PG ms",
        "total ms",
        "x raw",
        "last",
        "req/s",
        "p50",
        "p99",
        "others",
    ):
        table.add_column(name, justify="left" if name in {"operation", ""} else "right", no_wrap=True)
    for row in run.rows:
        was = before.get(row.operation)
        table.add_row(
            f"{row.operation} {row.what}", "shop", *_cells(row.shop, f"{row.ratio:.2f}", f"{was:.2f}" if was else "-")
        )
        table.add_row("", "raw", *_cells(row.raw, "1.00", ""), end_section=True)
    return table


def _cells(figures: Figures, ratio: str, last: str) -> list[str]:
    return [
        str(figures.statements),
        f"{figures.server_ms:.3f}",
        f"{figures.postgres_ms:.3f}",
        f"{figures.total_ms:.3f}",
        ratio,
        last,
        f"{figures.rps:.0f}",
        f"{figures.p50_ms:.1f}",
        f"{figures.p99_ms:.1f}",
        f"{figures.others:.0%}",
    ]
