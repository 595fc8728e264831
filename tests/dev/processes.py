"""Helpers for tests that start owners in order to kill them."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from shop_graphql.dev.processes import LOOPBACK, check_port, free_port, started_at, wait_until
from shop_graphql.dev.servers import LocalError

ROOT = Path(__file__).parents[2]

GONE_SECONDS = 2.0
"""What `kill -9` of the owner leaves behind must have ended by then."""


def python(*arguments: str, **environment: str) -> "subprocess.Popen[str]":
    """A Python of the project's, its output readable line by line."""
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")))
    return subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1", **environment},
    )


def next_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None, "python() asks for it"
    return process.stdout.readline().strip()


def rest(process: "subprocess.Popen[str]") -> str:
    return process.communicate(timeout=30)[0]


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def gone(pids: Sequence[int]) -> bool:
    """True when all have ended within GONE_SECONDS."""
    return wait_until(lambda: all(started_at(pid) is None for pid in pids), GONE_SECONDS)


def six_free_ports() -> int:
    """The first of six ports in a row that nobody listens on."""
    while True:
        first = free_port()
        try:
            for port in range(first, first + 6):
                check_port(port, "a test")
        except LocalError:
            continue
        return first


__all__ = ["LOOPBACK", "ROOT", "gone", "kill", "next_line", "python", "rest", "six_free_ports"]
