"""Processes and ports of this machine: who is it, does it still run, who holds a port, how one is ended."""

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from shop_graphql.dev import child
from shop_graphql.dev.places import LocalError, explained, write_private

LOOPBACK = "127.0.0.1"

TEST_PORTS = (15_000, 31_999)
"""Outside what Linux and macOS give to outgoing connections, so that none of those takes a chosen port."""


def spawn(
    program: Sequence[str],
    *,
    death_signal: signal.Signals,
    log: Path,
    environment: dict[str, str],
    folder: Path,
    uid: int | None = None,
    gid: int | None = None,
    standard_input: str = "",
) -> "subprocess.Popen[str]":
    """A child that dies with this process, in a session of its own: Ctrl-C reaches it only through its owner.

    Call it from the main thread (see `child`).
    Raises: LocalError where the log cannot be written.
    """
    with explained(f"Starting {program[0]}"), log.open("a") as output:
        log.chmod(0o600)
        process = subprocess.Popen(
            child.command(program, death_signal=death_signal, uid=uid, gid=gid),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=folder,
            start_new_session=True,
            text=True,
        )
        assert process.stdin is not None, "asked for above"
        with suppress(BrokenPipeError):
            process.stdin.write(standard_input)
        with suppress(BrokenPipeError):
            process.stdin.close()
        return process


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """True as soon as `condition` holds, False when it has not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(0.02)
    return True


def end(process: "subprocess.Popen[str]", *steps: tuple[signal.Signals, float]) -> None:
    """The child is gone: each signal is given that many seconds, SIGKILL for its whole session comes last."""
    for number, seconds in steps:
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def started_at(pid: int) -> str | None:
    """When that process began, in the system's own words, or None where it does not run. Tells reused ids apart."""
    if sys.platform == "linux":
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return None if fields[0] in "ZX" else fields[19]
    answer = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip() or None


def record(path: Path, pid: int) -> None:
    """`path` tells a later run which process this is."""
    write_private(path, f"{pid} {started_at(pid)}")


def end_recorded(path: Path, folder: Path, *steps: signal.Signals) -> None:
    """The process that an earlier run recorded at `path`, if it still works in `folder`, is gone."""
    try:
        pid, _, since = path.read_text().partition(" ")
    except FileNotFoundError:
        return
    number = int(pid)

    def is_there() -> bool:
        return started_at(number) == since and _works_in(number, folder)

    for step in (*steps, signal.SIGKILL):
        if not is_there():
            break
        with suppress(ProcessLookupError):
            os.kill(number, step)
        wait_until(lambda: not is_there(), seconds=5)
    path.unlink(missing_ok=True)


def check_port(port: int, purpose: str, host: str = LOOPBACK) -> None:
    """Raises: LocalError where something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            holder = who_listens(port)
            raise LocalError(
                f"Port {port}, wanted for {purpose}, is taken{f' by {holder}' if holder else ''} ({error.strerror})."
                " End that, or move all six ports: SHOP_PORT=9000 make run"
            ) from None


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    while True:
        port = random.randint(*TEST_PORTS)
        with suppress(LocalError):
            check_port(port, "a test")
            return port


def who_listens(port: int) -> str | None:
    """`name (process 123)` of whoever listens on that port, where Linux tells."""
    sockets: set[str] = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
            # 0A is LISTEN; the tenth column is the socket's inode.
            sockets |= {f"socket:[{row[9]}]" for row in rows if row[3] == "0A" and int(row[1][-4:], 16) == port}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        with suppress(OSError):
            if any(str(handle.readlink()) in sockets for handle in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text().strip()} (process {process.name})"
    return None


def last_line(log: Path, pattern: str = r"\S", *, after: int = 0) -> str:
    """The last line of the log that matches, from byte `after` on, shortened; empty where there is none."""
    with suppress(OSError), log.open("rb") as file:
        file.seek(max(after, log.stat().st_size - 16_384))
        lines = [line for line in file.read().decode(errors="replace").splitlines() if re.search(pattern, line)]
        return lines[-1].strip()[:300] if lines else ""
    return ""


def _works_in(pid: int, folder: Path) -> bool:
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/cwd").resolve() == folder.resolve()
    except OSError:
        return False
