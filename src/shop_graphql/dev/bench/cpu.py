"""How much of the processors a process has used, as Linux counts it: in hundredths of a second."""

import os
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PARENT, USER, SYSTEM, ENDED_USER, ENDED_SYSTEM = 1, 11, 12, 13, 14
"""Places in `/proc/<pid>/stat` after the program's name. Source: proc_pid_stat(5), counted from its field 3."""
IDLE = slice(3, 5)
"""Idle and waiting for a disk, in the first line of `/proc/stat`."""


@dataclass(frozen=True)
class Used:
    """CPU seconds since the start of each. `machine` counts everybody."""

    server: float
    postgres: float
    client: float
    machine: float
    possible: float
    """What all processors could have done since the machine started."""


def used(*, server: int, postgres: int) -> Used:
    """What the server process, PostgreSQL with all its children, and this process have used so far."""
    tick = os.sysconf("SC_CLK_TCK")
    counts = [int(count) for count in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return Used(
        server=_own(_fields(server)) / tick,
        postgres=_family(postgres) / tick,
        client=_own(_fields(os.getpid())) / tick,
        machine=(sum(counts) - sum(counts[IDLE])) / tick,
        possible=sum(counts) / tick,
    )


def _family(parent: int) -> int:
    """Ticks of a process, of its children, and of those that have ended."""
    own = _fields(parent)
    total = _own(own) + int(own[ENDED_USER]) + int(own[ENDED_SYSTEM])
    for path in PROC.glob("[0-9]*"):
        fields = _fields(int(path.name))
        if fields and int(fields[PARENT]) == parent:
            total += _own(fields)
    return total


def _own(fields: list[str]) -> int:
    return int(fields[USER]) + int(fields[SYSTEM])


def _fields(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
