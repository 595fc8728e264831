"""`shop run` with small parts: opens, keeps running, closes; nothing outlives it."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shop_graphql.dev.places import Place, place_for
from shop_graphql.dev.processes import started_at, wait_until
from tests.dev.processes import LOOPBACK, gone, kill, next_line, python, rest, six_free_ports

PARTS = ("gateway", "inbox", "api", "worker", "relay")

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up'); time.sleep(60)"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One checkout for all tests here: every start after the first finds its data."""
    place = place_for(tmp_path_factory.mktemp("checkout"))
    yield place
    shutil.rmtree(place.base, ignore_errors=True)


@pytest.fixture(scope="module")
def port() -> int:
    return six_free_ports()


@pytest.fixture
def start(place: Place, port: int) -> Iterator["Starter"]:
    with Starter(place, port).cleaning() as starter:
        yield starter


def read_panel(process: "subprocess.Popen[str]") -> None:
    lines: list[str] = []
    while not lines or not lines[-1].startswith("1. "):
        lines.append(next_line(process))
        assert lines[-1], lines


class Starter:
    """Starts small shops and leaves none behind."""

    def __init__(self, place: Place, port: int) -> None:
        self.place, self.port = place, port
        self._started: list[subprocess.Popen[str]] = []

    def __call__(self, *replaced: str, **environment: str) -> "subprocess.Popen[str]":
        arguments = ("-m", "tests.dev.small_shop", str(self.place.home.parent), *replaced)
        self._started.append(python(*arguments, SHOP_PORT=str(self.port), **{"MAKELEVEL": "", **environment}))
        return self._started[-1]

    def open(self, *replaced: str, **environment: str) -> "subprocess.Popen[str]":
        """A shop that has said that it is open, and all of its panel."""
        process = self(*replaced, **environment)
        read_panel(process)
        return process

    def pids(self) -> dict[str, int]:
        """The running processes of the shop, as they are recorded."""
        records = [*(self.place.home / "run").glob("*.pid"), *(self.place.base / "data").glob("*.pid")]
        return {record.stem: int(record.read_text().split()[0]) for record in records}

    @contextmanager
    def cleaning(self) -> Iterator["Starter"]:
        yield self
        for process in self._started:
            kill(process)


def test_first_start_says_what_it_does(start: Starter) -> None:
    shop = start()
    said = [next_line(shop) for _ in range(9)]

    assert [line.partition(" (")[0] for line in said] == [
        "PostgreSQL and Valkey: ready",
        "Tables: up to date",
        "starts: 1",
        "Demo data: there",
        "The shop: ready",
        "The shop is open. Ctrl-C stops everything.",
        f"API: http://127.0.0.1:{start.port}",
        "Buyer: buyer@example.com secret",
        "1. Look around.",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_stops_everything_in_order(start: Starter, number: signal.Signals) -> None:
    shop = start.open()
    pids = start.pids()

    shop.send_signal(number)
    said = rest(shop)

    assert pids.keys() == {*PARTS, "postgres", "valkey"}
    assert said.splitlines()[-1].startswith("Stopped (")
    assert shop.returncode == 0
    assert gone(list(pids.values()))
    assert start.pids() == {}
    assert "database system is shut down" in (start.place.home / "logs" / "postgres.log").read_text()


def test_nothing_but_data_outlives_a_killed_shop(start: Starter) -> None:
    shop = start.open()
    pids = list(start.pids().values())

    kill(shop)
    all_gone = gone(pids)
    again = start()
    starts = [next_line(again) for _ in range(3)][-1]

    assert all_gone
    assert int(starts.removeprefix("starts: ")) > 1


def test_nothing_outlives_a_killed_make(start: Starter) -> None:
    # The shop's parent here is a shell that stands for make: killed before it could tell the shop.
    arguments = ["-m", "tests.dev.small_shop", str(start.place.home.parent)]
    make = python(
        "-c",
        "import subprocess, sys, time; subprocess.Popen([sys.executable, *sys.argv[1:]]); time.sleep(60)",
        *arguments,
        SHOP_PORT=str(start.port),
        MAKELEVEL="1",
    )
    read_panel(make)
    pids = [*start.pids().values(), int((start.place.home / "lock").read_text())]

    kill(make)

    assert gone(pids)


def test_second_shop_of_a_checkout_is_refused(start: Starter) -> None:
    first = start.open()

    second = start()

    assert f"runs already (process {first.pid})" in rest(second)
    assert second.returncode == 1
    assert first.poll() is None


def test_parts_that_die_are_started_again(start: Starter) -> None:
    shop = start.open()
    old = start.pids()
    killed = {"worker", "api", "valkey", "postgres"}

    for name in killed:
        os.kill(old[name], signal.SIGKILL)
    said = [next_line(shop) for _ in killed]

    for name in killed:
        line = next(line for line in said if f"{name}.log). Starting it again in 1 s." in line)
        assert "was killed by SIGKILL" in line
    assert wait_until(lambda: all(start.pids().get(name, old[name]) != old[name] for name in killed), seconds=5)
    assert {name for name, pid in start.pids().items() if pid == old[name]} == {"gateway", "inbox", "relay"}


def test_part_that_ends_at_its_start_is_quoted(start: Starter) -> None:
    shop = start("relay=print('no feed here'); raise SystemExit(3)")

    said = rest(shop).splitlines()

    assert said[-1].startswith("shop: relay ended with exit code 3: no feed here (the whole log: ")
    assert shop.returncode == 1
    assert start.pids() == {}


def test_failed_seed_is_one_line(start: Starter) -> None:
    postgres = start.place.secret("postgres_password")
    wrong = f"postgresql://shop:{postgres}@{LOOPBACK}:1/shop"

    shop = start(DATABASE_URL=wrong)
    said = rest(shop).splitlines()

    assert said[-1].startswith("shop: Filling an empty shop with demo data failed: ")
    assert "Traceback" in (start.place.home / "logs" / "run.log").read_text()
    assert postgres not in "\n".join(said)


def test_taken_port_is_named_before_anything_starts(start: Starter) -> None:
    with socket.create_server((LOOPBACK, start.port + 2)):
        said = rest(start()).splitlines()

    assert len(said) == 1
    assert f"Port {start.port + 2}, wanted for the inbox page, is taken by" in said[0]
    assert f"(process {os.getpid()})" in said[0]
    assert "SHOP_PORT=9000 make run" in said[0]


def test_second_signal_kills_at_once(start: Starter) -> None:
    shop = start.open(f"worker={STUBBORN}")
    pids = start.pids()
    log = start.place.home / "logs" / "worker.log"
    assert wait_until(lambda: log.read_text().endswith("up\n"), seconds=5)

    shop.send_signal(signal.SIGINT)
    assert wait_until(lambda: started_at(pids["api"]) is None, seconds=5)
    began = time.monotonic()
    shop.send_signal(signal.SIGINT)
    said = rest(shop)

    assert "Stopping at once." in said
    assert time.monotonic() - began < 3
    assert gone(list(pids.values()))


def test_file_for_shells_matches_the_running_shop(start: Starter) -> None:
    start.open()
    script = 'set -a; . "$1"; exec env'

    shown = subprocess.run(
        ["/bin/sh", "-c", script, "sh", start.place.home / "env"], capture_output=True, text=True, check=True
    ).stdout
    running = Path(f"/proc/{start.pids()['api']}/environ").read_text().split("\0")

    assert f"SHOP_PORT={start.port}" in running
    assert {line for line in shown.splitlines() if line.startswith(("SHOP_", "DATABASE_", "REDIS_"))} <= set(running)
