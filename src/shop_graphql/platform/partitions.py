"""Partitions made ahead of their time, so that no row ever finds its place missing.

Bounds are instants turned into the lowest UUIDv7 of that instant, or positions of the feed. The database's
`make_partition` does the work, as the owner of the tables; this module only says which are needed. Nothing is ever
dropped here.
Source: README, decision on partitions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import text

from shop_graphql.platform.db import WriteSession

BY_MONTH = ("audit_entries", "ledger_entries", "stock_movements")
MONTHS_AHEAD = 3
BY_YEAR = ("orders", "order_contacts", "sub_orders", "order_lines", "order_transitions")
"""A year is wide enough until it holds some 50 million orders. Parents come before what refers to them."""
YEARS_AHEAD = 1
BY_POSITION = "events"
POSITIONS = 10_000_000
"""Events in one partition of the feed."""
POSITIONS_AHEAD = 5_000_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
"""What is older lies in the partitions named `_history`."""

ONE_AT_A_TIME = 0x5061_7274
LOCK_TIMEOUT_MS = 500
"""Attaching keeps writers (of `users` too, which orders refer to) out for milliseconds. While it waits for one
of them all others wait behind it, so it soon gives up with an error, and the job is tried again."""


@dataclass(frozen=True, slots=True)
class Partition:
    parent: str
    name: str
    low: str
    """The first key inside."""
    high: str
    """The first key beyond."""


def uuid_floor(at: datetime) -> str:
    """The lowest UUIDv7 of an instant, as the database's function of that name gives it."""
    digits = f"{int(at.timestamp() * 1000):012x}".ljust(32, "0")
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def needed(now: datetime, last_position: int) -> list[Partition]:
    """The partitions for `now` and the time and positions ahead of it, in the order in which they can be made."""
    at = max(now.astimezone(UTC), FIRST)
    found: list[Partition] = []
    for parent in BY_MONTH:
        found += (_month(parent, at.year * 12 + at.month - 1 + ahead) for ahead in range(MONTHS_AHEAD + 1))
    for parent in BY_YEAR:
        found += (_year(parent, at.year + ahead) for ahead in range(YEARS_AHEAD + 1))
    return [*found, *_feed(last_position)]


async def ensure_partitions(session: WriteSession, *, now: datetime) -> list[str]:
    """Whatever the next three months, the next year and the next five million events need is there.

    Shape: the names of those that were missing. Safe to repeat, and to run twice at once.
    """
    await session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    await session.execute(text(f"set local lock_timeout = {LOCK_TIMEOUT_MS}"))
    last_position = await session.scalar(text("select last_position from event_sequencer"))
    # Asked first, because make_partition costs a round trip and nearly always there is nothing to do.
    there = set(await session.scalars(text("select relname from pg_class where relispartition and relkind = 'r'")))
    missing = [partition for partition in needed(now, last_position or 0) if partition.name not in there]
    add = text("select make_partition(:parent, :name, :low, :high)")
    for partition in missing:
        values = {"parent": partition.parent, "name": partition.name, "low": partition.low, "high": partition.high}
        await session.execute(add, values)
    return [partition.name for partition in missing]


def _month(parent: str, months: int) -> Partition:
    """`months` counts from the year 0."""
    low, high = (datetime(count // 12, count % 12 + 1, 1, tzinfo=UTC) for count in (months, months + 1))
    return Partition(parent, f"{parent}_{low:%Y_%m}", uuid_floor(low), uuid_floor(high))


def _year(parent: str, year: int) -> Partition:
    low, high = (datetime(january, 1, 1, tzinfo=UTC) for january in (year, year + 1))
    return Partition(parent, f"{parent}_{year}", uuid_floor(low), uuid_floor(high))


def _feed(last_position: int) -> Iterator[Partition]:
    for number in range(last_position // POSITIONS, (last_position + POSITIONS_AHEAD) // POSITIONS + 1):
        low, high = number * POSITIONS, (number + 1) * POSITIONS
        yield Partition(BY_POSITION, f"{BY_POSITION}_p{number}", str(low), str(high))
