"""What a run found: a table to read, a file to keep, and what the kept one said."""

from pathlib import Path

import msgspec
from rich.table import Table

from shop_graphql.dev.bench.measuring import Figures

LAST = Path(__file__).with_name("last.json")
"""The run that is committed."""
COLUMNS = (
    "SQL",
    "server ms",
    "PG ms",
    "cache ms",
    "total ms",
    "x raw",
    "budget",
    "last",
    "req/s",
    "p50",
    "p99",
    "others",
)
LEFT_OUT = (
    "Not measured: sign-in and registration (the password's hash), payments (the gateway's time), the sellers' writes,"
    " cartLinesUpdate and cartLinesRemove (as cartLinesAdd)."
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    operation: str
    document: str
    what: str
    budget: float | None = None
    shop: Figures
    raw: Figures

    @property
    def ratio(self) -> float:
        """CPU of server, PostgreSQL and cache per request, over the raw route's."""
        return self.shop.total_ms / self.raw.total_ms


class Run(msgspec.Struct, frozen=True, kw_only=True):
    products: int
    seconds: float
    """Of each window."""
    clients: int
    machine: str
    shop_mb: float
    """Memory of the server after all of it."""
    raw_mb: float
    rows: list[Row]
    ratios: dict[str, float] = {}
    """What the rows come to, for whoever reads the file."""


def last_run() -> Run | None:
    """The committed run, if there is one."""
    return msgspec.json.decode(LAST.read_bytes(), type=Run) if LAST.exists() else None


def as_json(run: Run) -> bytes:
    """The run as it is kept."""
    ratios = {row.operation: round(row.ratio, 2) for row in run.rows}
    return msgspec.json.format(msgspec.json.encode(msgspec.structs.replace(run, ratios=ratios)), indent=2) + b"\n"


def table_of(run: Run, last: Run | None) -> Table:
    """Two lines for each operation, the shop's with its ratio, now and in the committed run."""
    before = {row.operation: row for row in last.rows} if last else {}
    table = Table(
        title=f"{run.products:,} products, {run.clients} clients, windows of {run.seconds:g} s; ms of CPU per request,"
        " p50 and p99 in ms",
        caption="\n".join(remarks(run, last)),
        caption_justify="left",
    )
    for name in ("operation", "", *COLUMNS):
        table.add_column(name, justify="left" if name in {"operation", ""} else "right", no_wrap=True)
    for row in run.rows:
        was = before.get(row.operation)
        ratio = f"{row.ratio:.2f}"
        if row.budget is not None and row.ratio > row.budget:
            ratio = f"[red]{ratio}[/red]"
        budget = "" if row.budget is None else f"{row.budget:.2f}"
        title = row.operation if row.operation == row.document else f"{row.operation} {row.document}"
        table.add_row(title, "shop", *_cells(row.shop, ratio, budget, f"{was.ratio:.2f}" if was else "-"))
        table.add_row(f"  {row.what}", "raw", *_cells(row.raw, "1.00", "", ""), end_section=True)
    return table


def remarks(run: Run, last: Run | None) -> list[str]:
    """What the figures are to be read with."""
    asking = sorted(row.raw.client_ms for row in run.rows)
    lines = [
        f"Machine: {run.machine}.",
        f"Memory after the run (PSS): shop {run.shop_mb:.0f} MB, raw routes {run.raw_mb:.0f} MB.",
        f"Asking the raw routes took {asking[0]:.3f} to {asking[-1]:.3f} ms a request, which are in no column."
        " `others` is what everybody else had of the machine.",
        LEFT_OUT,
    ]
    if last is None:
        return lines
    if last.machine != run.machine:
        lines.append(f"`last` was measured on another machine ({last.machine}): compare with care.")
    if (last.products, last.seconds, last.clients) != (run.products, run.seconds, run.clients):
        lines.append(
            f"`last` had {last.products:,} products, {last.clients} clients and windows of {last.seconds:g} s."
        )
    return lines


def _cells(figures: Figures, ratio: str, budget: str, last: str) -> list[str]:
    return [
        str(figures.statements),
        f"{figures.server_ms:.3f}",
        f"{figures.postgres_ms:.3f}",
        f"{figures.cache_ms:.3f}",
        f"{figures.total_ms:.3f}",
        ratio,
        budget,
        last,
        f"{figures.rps:.0f}",
        f"{figures.p50_ms:.1f}",
        f"{figures.p99_ms:.1f}",
        f"{figures.others:.0%}",
    ]
