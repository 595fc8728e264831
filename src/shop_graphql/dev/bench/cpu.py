"""What processes have used of the processors and hold of the memory, as Linux counts it; and where they may run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

PROC = Path("/proc")
PARENT, USER, SYSTEM, ENDED_USER, ENDED_SYSTEM = 1, 11, 12, 13, 14
"""Places in `/proc/<pid>/stat` after the program's name. Source: proc_pid_stat(5), counted from its field 3."""
IDLE = slice(3, 5)
"""Idle and waiting for a disk, in the first line of `/proc/stat`."""


@dataclass(frozen=True)
class Pids:
    """The processes of one side."""

    server: int
    postgres: int
    cache: int


@dataclass(frozen=True)
class Used:
    """CPU seconds since the start of each. `machine` counts everybody."""

    server: float = 0.0
    postgres: float = 0.0
    cache: float = 0.0
    client: float = 0.0
    machine: float = 0.0
    possible: float = 0.0
    """What all processors could have done since the machine started."""

    @property
    def ours(self) -> float:
        """What is held against a side."""
        return self.server + self.postgres + self.cache

    def since(self, before: "Used") -> "Used":
        """What was used between two moments."""
        return Used(*(now - then for now, then in zip(astuple(self), astuple(before), strict=True)))


def used(pids: Pids) -> Used:
    """What the server process, PostgreSQL with all its children, the cache and this process have used so far."""
    tick = os.sysconf("SC_CLK_TCK")
    counts = [int(count) for count in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return Used(
        server=_own(pids.server, tick),
        postgres=_family(pids.postgres, tick),
        cache=_own(pids.cache, tick),
        client=_own(os.getpid(), tick),
        machine=(sum(counts) - sum(counts[IDLE])) / tick,
        possible=sum(counts) / tick,
    )


def megabytes(pid: int) -> float:
    """The process's memory, what it shares with others counted in equal parts (PSS)."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def apart() -> Iterator[set[int] | None]:
    """Inside, this process and its children leave one processor alone, which is given: there the servers go.

    So neither side's caches are swept by PostgreSQL or by the client, and a process's CPU time says the same from run
    to run. The two sides never work at once, so they share the processor. With one processor alone nothing is moved.
    """
    allowed = os.sched_getaffinity(0)
    if len(allowed) < 2:
        yield None
        return
    servers = {min(allowed)}
    os.sched_setaffinity(0, allowed - servers)
    try:
        yield servers
    finally:
        os.sched_setaffinity(0, allowed)


def _family(parent: int, tick: int) -> float:
    """A process, its children, and those that have ended."""
    fields = _fields(parent)
    total = _own(parent, tick) + (int(fields[ENDED_USER]) + int(fields[ENDED_SYSTEM])) / tick
    for path in PROC.glob("[0-9]*"):
        fields = _fields(int(path.name))
        if fields and int(fields[PARENT]) == parent:
            total += _own(int(path.name), tick)
    return total


def _own(pid: int, tick: int) -> float:
    # Many servers of PostgreSQL each work for less than a tick of the coarser count, which kernels may have alone.
    try:
        threads = [path.read_text().split()[0] for path in (PROC / str(pid) / "task").glob("*/schedstat")]
    except OSError:
        threads = []
    if threads:
        return sum(int(nanoseconds) for nanoseconds in threads) / 1e9
    fields = _fields(pid)
    return (int(fields[USER]) + int(fields[SYSTEM])) / tick if fields else 0.0


def _fields(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
