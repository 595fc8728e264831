"""Keeps processes running: starts them again with growing pauses, and says so in one line each time.

`PartProcess` gives a part of the shop the same handles as an embedded server has.
"""

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from shop_graphql.dev.panel import Reporter
from shop_graphql.dev.parts import Part
from shop_graphql.dev.places import LocalError, Place, folder
from shop_graphql.dev.processes import check_port, end, end_recorded, last_line, record, spawn

STEADY_SECONDS = 30.0
"""Whatever has run this long is not failing at its start: the pause before a restart begins at a second again."""

PAUSE_SECONDS_MAX = 30.0

STORE_FAILURES_MAX = 5
"""A database or cache that dies this often in a row will not recover by itself."""

PATIENCE_SECONDS = 5.0
"""How long a part may finish what it is doing when the shop closes."""


class Kept(Protocol):
    """What can be watched: an embedded server or a part of the shop."""

    @property
    def name(self) -> str: ...
    @property
    def log(self) -> Path: ...
    @property
    def is_running(self) -> bool: ...
    @property
    def exit_code(self) -> int | None: ...
    def end_former(self) -> None: ...
    def launch(self) -> None: ...
    def answers(self) -> bool: ...
    def last_words(self) -> str: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


class PartProcess:
    """One part of the shop as a process."""

    def __init__(self, part: Part, place: Place, environment: Mapping[str, str]) -> None:
        self.part = part
        self.name = part.name
        self.log = place.log(part.name)
        self._folder = place.home.parent
        self._record = folder(place.home / "run", 0o700) / f"{part.name}.pid"
        self._environment = dict(environment)
        self._process: subprocess.Popen[str] | None = None
        self._log_start = 0

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def end_former(self) -> None:
        end_recorded(self._record, self._folder, signal.SIGTERM)

    def launch(self) -> None:
        """The process runs.

        Raises: LocalError where one of its ports is taken.
        """
        for port, purpose in self.part.ports.items():
            check_port(port, purpose)
        self._log_start = self.log.stat().st_size if self.log.exists() else 0
        self._process = spawn(
            self.part.command,
            # Nothing is kept in these processes: whatever they have promised is in PostgreSQL.
            death_signal=signal.SIGKILL,
            log=self.log,
            environment=self._environment,
            folder=self._folder,
        )
        record(self._record, self._process.pid)

    def answers(self) -> bool:
        return self.is_running and all(_answers(address) for address in self.part.ready)

    def last_words(self) -> str:
        return last_line(self.log, after=self._log_start) or "it said nothing"

    def stop(self) -> None:
        self._end((signal.SIGTERM, PATIENCE_SECONDS))

    def kill(self) -> None:
        self._end()

    def _end(self, *steps: tuple[signal.Signals, float]) -> None:
        if self._process is not None:
            end(self._process, *steps)
            self._record.unlink(missing_ok=True)


@dataclass
class Watch:
    """Looks after one process; `is_store` for those without which nothing works."""

    kept: Kept
    reporter: Reporter
    is_store: bool
    _since: float = field(default_factory=time.monotonic)
    _failures: int = 0
    _restart_at: float | None = None

    def look(self) -> None:
        """A process that has ended is started again when its pause is over.

        Raises: LocalError when a store keeps dying.
        """
        now = time.monotonic()
        if self._restart_at is None and not self.kept.is_running:
            self._note(_ending(self.kept), now)
        elif self._restart_at is not None and now >= self._restart_at:
            self._restart_at, self._since = None, now
            try:
                self.kept.launch()
            except LocalError as error:
                self._note(str(error), now)

    def _note(self, what: str, now: float) -> None:
        self._failures = 1 if now - self._since > STEADY_SECONDS else self._failures + 1
        if self.is_store and self._failures >= STORE_FAILURES_MAX:
            raise LocalError(f"{what}. This was time {self._failures} in a row; the shop cannot go on without it.")
        pause = min(2.0 ** (self._failures - 1), PAUSE_SECONDS_MAX)
        self._restart_at = now + pause
        self.reporter.trouble(f"{what}. Starting it again in {pause:.0f} s.")


def ended_early(kept: Kept) -> LocalError:
    """The error for a part that ends while the shop is starting."""
    return LocalError(f"{_ending(kept)}. Mend that and start again.")


def _ending(kept: Kept) -> str:
    code = kept.exit_code or 0
    how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    return f"{kept.name} {how}: {kept.last_words()} (the whole log: {kept.log})"


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    assert parts.hostname, "addresses of parts name their host"
    assert parts.port, "addresses of parts name their port"
    with suppress(OSError, http.client.HTTPException):
        if parts.scheme == "tcp":
            with socket.create_connection((parts.hostname, parts.port), timeout=1):
                return True
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=2)
        try:
            connection.request("GET", parts.path)
            return connection.getresponse().status == http.HTTPStatus.OK
        finally:
            connection.close()
    return False
