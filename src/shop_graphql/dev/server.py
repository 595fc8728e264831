"""What every embedded server shares: a folder, a port, a process that is launched, awaited and ended.

It knows nothing of a particular server; `servers` does.
"""

import os
import secrets
import signal
import subprocess
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Self

from shop_graphql.dev.places import REMEDIES, LocalError, Place, explained
from shop_graphql.dev.processes import (
    check_port,
    end,
    end_recorded,
    free_port,
    last_line,
    record,
    spawn,
    wait_until,
)

READY_SECONDS = 60.0
"""A start may take this long: recovery after a crash, on a busy machine."""

STOP_SECONDS = 10.0
"""A stop may take this long before it is made less polite: PostgreSQL writes a checkpoint, Valkey its log."""

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
"""All that the servers see of the environment: a PGDATA or PGPORT of the caller must not reach them."""


def new_password() -> str:
    """Random, and safe in a URL, in SQL quotes and in a configuration line."""
    return secrets.token_urlsafe(24)


@dataclass
class Server(ABC):
    """A folder, a port and, while it runs, a process."""

    place: Place
    data_dir: Path
    port: int = 0
    password: str = field(default_factory=new_password, repr=False)
    durable: bool = True
    """False trades safety for speed: right for data that a test throws away."""
    log: Path = Path()
    """Where the server writes what it has to say; beside the data unless said."""
    _process: "subprocess.Popen[str] | None" = field(default=None, init=False, repr=False)
    _log_start: int = field(default=0, init=False, repr=False)
    """Where in the log this run's lines begin."""

    name: ClassVar[str]
    death_signal: ClassVar[signal.Signals]
    """What it gets when its owner dies; also the quick way to be rid of it without losing anything it acknowledged."""
    stop_signal: ClassVar[signal.Signals]
    telling: ClassVar[str]
    """Matches the lines of the log that tell of trouble."""

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        if self.log == Path():
            self.log = self.data_dir.with_name(f"{self.data_dir.name}.log")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        assert self._process is not None, "the server has not been launched"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def start(self) -> None:
        """The server answers on its port.

        Raises: LocalError when it cannot, with the server's own last word.
        """
        self.launch()
        self.wait_until_ready()

    def end_former(self) -> None:
        """What an earlier run left running on this folder has ended."""
        end_recorded(self._record, self.data_dir, self.stop_signal, self.death_signal)

    def launch(self) -> None:
        """The process runs on a folder that is fit for it, and nothing of an earlier run is in its way.

        Raises: LocalError
        """
        self.end_former()
        check_port(self.port, self.name)
        with explained(f"Preparing {self.data_dir}"):
            self._log_start = self.log.stat().st_size if self.log.exists() else 0
            self._launch()
            record(self._record, self.pid)

    def wait_until_ready(self) -> None:
        """The launched server answers.

        Raises: LocalError when it ends instead, or takes longer than READY_SECONDS.
        """
        wait_until(lambda: not self.is_running or self.answers(), READY_SECONDS)
        if self.is_running and self.answers():
            return
        self.stop()
        raise self._refusal(f"{self.name} on port {self.port} did not start")

    def last_words(self) -> str:
        """What the server said last about its trouble since it was launched."""
        found = last_line(self.log, self.telling, after=self._log_start) or last_line(self.log, after=self._log_start)
        return found or "it said nothing"

    def stop(self) -> None:
        """The server has ended in good order; one that does not within seconds is made to."""
        self._end((self.stop_signal, STOP_SECONDS), (self.death_signal, STOP_SECONDS))

    def kill(self) -> None:
        """The server is gone at once, as after the death of its owner: nothing acknowledged is lost."""
        self._end((self.death_signal, 2.0))

    def _refusal(self, what: str) -> LocalError:
        why = self.last_words()
        remedies = [remedy for code, remedy in REMEDIES.items() if os.strerror(code) in why]
        return LocalError(
            f"{what}: {why} (the whole log: {self.log}). {(remedies or ['Mend that and start again.'])[0]}"
        )

    def _end(self, *steps: tuple[signal.Signals, float]) -> None:
        if self._process is not None:
            end(self._process, *steps)
            self._record.unlink(missing_ok=True)

    @property
    def _record(self) -> Path:
        return self.data_dir.with_name(f"{self.data_dir.name}.pid")

    def _spawn(self, program: list[str], *, folder: Path, standard_input: str = "") -> "subprocess.Popen[str]":
        return spawn(
            program,
            death_signal=self.death_signal,
            log=self.log,
            environment=ENVIRONMENT,
            folder=folder,
            uid=self.place.uid,
            gid=self.place.gid,
            standard_input=standard_input,
        )

    @abstractmethod
    def _launch(self) -> None: ...

    @abstractmethod
    def answers(self) -> bool:
        """True when clients are served now."""
