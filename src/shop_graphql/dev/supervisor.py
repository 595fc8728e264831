"""`shop run`: the whole shop on one machine, started in order, kept running, stopped in order.

Plain processes and one polling loop in the main thread, no asyncio: a signal finds it in a state that it can
leave at once, and what it has started ends when it does, even by `kill -9` (see `child`).
"""

import fcntl
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType

from shop_graphql.dev.child import die_with_parent
from shop_graphql.dev.panel import Reporter, Welcome
from shop_graphql.dev.parts import Environment, Offset, Part, environment_of, parts_of, servers_of, write_environment
from shop_graphql.dev.places import LocalError, Place, explained
from shop_graphql.dev.processes import check_port, wait_until
from shop_graphql.dev.watch import Kept, PartProcess, Watch, ended_early

READY_SECONDS = 90.0
"""A part that is not ready by then never will be, even on a slow machine."""

POLL_SECONDS = 0.2

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody asked the shop to stop. No Exception: nothing on the way may take it for an error."""


def run(
    place: Place,
    environ: Mapping[str, str],
    *,
    migrate: Callable[[str], object],
    seed: Callable[[str], object],
    welcome: Callable[[Environment], Welcome],
    reporter: Reporter,
    parts: Callable[[Environment], Sequence[Part]] = parts_of,
) -> None:
    """The shop has been open until a signal, or make's end, closed it; everything has stopped.

    `migrate` and `seed` get the database's URL, after each start; both do nothing where nothing is to do. A second
    signal while it closes kills what is left. Call it from the main thread.
    Raises: LocalError with one line when it cannot start or go on.
    """
    # Without make, a shell that has ended must not end what it put into the background.
    if "MAKELEVEL" in environ:
        # Killed, not asked: stopping in order takes longer than what a dead make may leave behind is allowed to live,
        # and everything below dies with this process without losing what it has acknowledged.
        die_with_parent(signal.SIGKILL)
    with stopped_by_signals(), suppress(Interrupted), only_run(place):
        environment = environment_of(place, environ)
        supervisor = Supervisor(place, environ, environment, parts(environment), reporter)
        try:
            supervisor.start(migrate, seed)
            reporter.welcome(welcome(environment))
            supervisor.keep_running()
        finally:
            supervisor.stop()


class Supervisor:
    """The processes of one run, in the order in which they start."""

    def __init__(
        self,
        place: Place,
        environ: Mapping[str, str],
        environment: Environment,
        parts: Sequence[Part],
        reporter: Reporter,
    ) -> None:
        variables = {**environ, **environment.variables, "PYTHONUNBUFFERED": "1"}
        self._environment = environment
        self._place = place
        self._reporter = reporter
        self._servers = servers_of(place, environment)
        self._simulators = [PartProcess(part, place, variables) for part in parts if not part.after_migrations]
        self._shop = [PartProcess(part, place, variables) for part in parts if part.after_migrations]

    @property
    def processes(self) -> list[Kept]:
        """All of them, in the order in which they stop."""
        return [*self._shop, *self._simulators, *self._servers]

    def start(self, migrate: Callable[[str], object], seed: Callable[[str], object]) -> None:
        """Every part is ready, on a migrated database that holds something.

        Raises: LocalError
        """
        self._clear_the_way()
        write_environment(self._place, self._environment)
        for simulator in self._simulators:
            simulator.launch()
        if self._servers:
            names = " and ".join(server.name for server in reversed(self._servers))
            with self._reporter.step(f"Starting {names}", f"{names}: ready"):
                for server in self._servers:
                    server.launch()
                for server in self._servers:
                    server.wait_until_ready()
        url = self._environment.variables["DATABASE_URL"]
        self._call("Bringing the database's tables up to date", "Tables: up to date", lambda: migrate(url))
        self._call("Filling an empty shop with demo data", "Demo data: there", lambda: seed(url))
        with self._reporter.step("Starting the shop", "The shop: ready"):
            for part in self._shop:
                part.launch()
            self._wait_until_ready([*self._simulators, *self._shop])

    def keep_running(self) -> None:
        """Comes back only as an exception: Interrupted, or LocalError when a store keeps dying."""
        watches = [Watch(server, self._reporter, is_store=True) for server in self._servers]
        watches += [Watch(part, self._reporter, is_store=False) for part in (*self._simulators, *self._shop)]
        while True:
            for watch in watches:
                watch.look()
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Everything has ended, in order; at once when another signal comes."""
        try:
            if any(process.is_running for process in self.processes):
                with self._reporter.step("Stopping", "Stopped"):
                    for process in self.processes:
                        process.stop()
        except Interrupted:
            _ignore_signals()
            self._reporter.say("Stopping at once.")
            for process in self.processes:
                process.kill()

    def _clear_the_way(self) -> None:
        """What an earlier run left is gone, and every port is free before anything starts."""
        for process in self.processes:
            process.end_former()
        offsets = {"Valkey": Offset.VALKEY, "PostgreSQL": Offset.POSTGRES}
        wanted = {self._environment.port + offsets[server.name]: server.name for server in self._servers}
        for process in (*self._simulators, *self._shop):
            wanted |= process.part.ports
        for port, purpose in sorted(wanted.items()):
            check_port(port, purpose)

    def _call(self, doing: str, done: str, what: Callable[[], object]) -> None:
        try:
            with self._reporter.step(doing, done):
                what()
        except LocalError:
            raise
        except Exception as error:
            log = self._place.log("run")
            with explained(f"Writing {log}"):
                log.write_text(traceback.format_exc())
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            raise LocalError(f"{doing} failed: {reason} (the whole story: {log})") from error

    def _wait_until_ready(self, parts: Sequence[PartProcess]) -> None:
        def gone() -> list[PartProcess]:
            return [part for part in parts if not part.is_running]

        wait_until(lambda: bool(gone()) or all(part.answers() for part in parts), READY_SECONDS)
        for part in gone():
            raise ended_early(part)
        for part in parts:
            if not part.answers():
                where = ", ".join(part.part.ready)
                raise LocalError(
                    f"{part.name} is not ready after {READY_SECONDS:.0f} s ({where}): {part.last_words()}"
                    f" (the whole log: {part.log})"
                )


@contextmanager
def only_run(place: Place) -> Iterator[None]:
    """Inside this block no other `shop run` of the checkout is.

    Raises: LocalError where one is already.
    """
    with explained("Taking the lock of this checkout"):
        file = (place.home / "lock").open("a+")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LocalError(
                f"The shop of this checkout runs already (process {file.read().strip()}). Stop that one first."
            ) from None
        with explained("Writing down who holds the lock"):
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        yield


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Inside this block the ending signals raise Interrupted. One that is ignored, as under nohup, stays so."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise Interrupted

    # A shell that starts something in the background ignores SIGINT for it; closing still has to work there.
    wanted = [
        number for number in ENDING_SIGNALS if signal.getsignal(number) != signal.SIG_IGN or number == signal.SIGINT
    ]
    former = {number: signal.signal(number, interrupt) for number in wanted}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
