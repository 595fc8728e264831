"""The whole shop as a newcomer starts it: a fresh copy of the project, `make run`, real processes on real ports."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from shop_graphql.dev.places import place_for

ROOT = Path(__file__).parents[2]
READY_SECONDS = 90.0


def fresh_copy(folder: Path) -> Path:
    """What a clone of this tree as it stands would hold."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)
    return folder


def free_ports(count: int = 6) -> int:
    """The first of `count` ports in a row that nobody listens on."""
    while True:
        first = random.randrange(20_000, 30_000, 10)
        with suppress(OSError):
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
            return first


class Run:
    """One `make run`. The packages are those of the present environment; the code is the copy's."""

    def __init__(self, checkout: Path, port: int, *, through_make: bool = True) -> None:
        programs = str(Path(sys.executable).parent)
        command = ["make", "--old-file=venv", "run", f"BIN={programs}"] if through_make else [f"{programs}/shop", "run"]
        code = f"{checkout / 'src'}{os.pathsep}{checkout}"
        environment = {"PATH": os.environ["PATH"], "HOME": str(checkout), "PYTHONPATH": code, "SHOP_PORT": str(port)}
        self.port = port
        self.checkout = checkout
        self.output = checkout / "output.txt"
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, cwd=checkout, env=environment, stdout=output, stderr=output, start_new_session=True
            )

    def url(self, offset: int = 0) -> str:
        return f"http://127.0.0.1:{self.port + offset}"

    def wait_until_open(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while "The shop is open" not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < deadline, self.output.read_text()
            time.sleep(0.05)

    def pids(self) -> list[int]:
        """Every process that belongs to this checkout, whoever started it."""
        marks = (str(self.checkout), str(place_for(self.checkout).base))
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with suppress(OSError):
                    words = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
                    if words and any(mark.encode() in words for mark in marks):
                        found.append(int(entry.name))
        return found

    def supervisor(self) -> int:
        return int((self.checkout / ".shop" / "lock").read_text())

    def stop(self) -> None:
        """Ctrl-C, as a terminal sends it to everything it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=20)


@contextmanager
def cleared(checkout: Path) -> Iterator[None]:
    """Afterwards nothing of this checkout's servers is left, wherever their data lay."""
    try:
        yield
    finally:
        base = place_for(checkout).base
        if base != checkout / ".shop":
            shutil.rmtree(base, ignore_errors=True)


def gone_within(run: Run, seconds: float) -> bool:
    """Whether every process of the run has ended by then."""
    deadline = time.monotonic() + seconds
    while run.pids():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def messages(run: Run, to: str) -> list[dict[str, str]]:
    """What the inbox has caught for one address or number, newest first."""
    found: list[dict[str, str]] = httpx.get(f"{run.url(2)}/api/messages", params={"to": to}).json()
    return found
