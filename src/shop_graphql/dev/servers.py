"""Own PostgreSQL and Valkey: made, started, stopped. The one place to swap them for something else.

Used by `shop run`, by the tests and by the benchmarks, always from the main thread, because the servers die
with the thread that started them (see `child`):

    place = place_for(checkout)
    with place.scratch() as folder, PostgresServer(place, folder / "postgres", durable=False) as postgres:
        postgres.url            # postgresql://shop:...@127.0.0.1:PORT/shop, owner of its database, no superuser
        postgres.superuser_url  # may create databases: create database x template shop owner shop
    with place.scratch() as folder, ValkeyServer(place, folder / "valkey", durable=False) as valkey:
        valkey.url              # redis://:...@127.0.0.1:PORT/0

Both have `start()`, `stop()`, `kill()`, `url`, `port`, `pid`, `is_running`, `log`; `launch()` and
`wait_until_ready()` are the two halves of `start()`. Without a port they take a free one, without a password
they make one: enough for a folder that lives no longer than the object. A folder that is used again needs the
same passwords again. Everything that can go wrong is a LocalError.
"""

import shutil
import signal
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from shop_graphql.dev.binaries import postgres_major, postgres_programs, valkey_program
from shop_graphql.dev.places import LocalError, Place, place_for, write_private
from shop_graphql.dev.processes import LOOPBACK, free_port
from shop_graphql.dev.server import READY_SECONDS, Server, new_password

__all__ = ["LocalError", "Place", "PostgresServer", "Server", "ValkeyServer", "free_port", "place_for"]

POSTGRES_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}

FORGETFUL_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests only: a crash of the machine destroys such a folder."""


@dataclass
class PostgresServer(Server):
    """PostgreSQL 18 with one database `shop`, owned by the role `shop`.

    The folder is made under another name and renamed when complete: an interrupted first start leaves nothing
    that a second one could take for a database.
    """

    superuser_password: str = field(default_factory=new_password, repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)
    """Settings of this server beyond, or instead of, POSTGRES_SETTINGS."""

    name = "PostgreSQL"
    # An immediate shutdown: the next start recovers from the log, as after a crash of the machine.
    death_signal = signal.SIGQUIT
    # A fast one: sessions are ended, everything is written.
    stop_signal = signal.SIGINT
    telling = "FATAL|PANIC|ERROR|error|[Cc]annot|could not"

    @property
    def url(self) -> str:
        return f"postgresql://shop:{self.password}@{LOOPBACK}:{self.port}/shop"

    @property
    def superuser_url(self) -> str:
        return f"postgresql://postgres:{self.superuser_password}@{LOOPBACK}:{self.port}/postgres"

    def wait_until_ready(self) -> None:
        """The launched server answers, also where sessions of a killed one must end first.

        Raises: LocalError as every server does.
        """
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                return super().wait_until_ready()
            except LocalError:
                # A killed server leaves its sessions to notice by themselves; until then they hold its memory.
                if "is still in use" not in self.last_words() or time.monotonic() > deadline:
                    raise
            time.sleep(0.5)
            self.launch()

    def _launch(self) -> None:
        programs = postgres_programs(self.place)
        major = postgres_major(programs)
        if not self._is_made(major):
            self._make(programs)
        chosen = POSTGRES_SETTINGS | ({} if self.durable else FORGETFUL_SETTINGS) | dict(self.settings)
        options = [word for key, value in chosen.items() for word in ("-c", f"{key}={value}")]
        program = [str(programs / "postgres"), "-D", str(self.data_dir), "-p", str(self.port), *options]
        self._process = self._spawn(program, folder=self.data_dir)

    def answers(self) -> bool:
        # The eighth line of this file is the state; pg_ctl reads it too. The first one guards against a stale file.
        try:
            lines = (self.data_dir / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) >= 8 and lines[0] == str(self.pid) and lines[7].strip() == "ready"

    def _is_made(self, major: int) -> bool:
        """Raises: LocalError where the folder holds something that this PostgreSQL cannot use."""
        if not self.data_dir.exists() or not any(self.data_dir.iterdir()):
            return False
        if not (self.data_dir / "PG_VERSION").exists() or not (self.data_dir / "global" / "pg_control").exists():
            raise LocalError(
                f"{self.data_dir} is no complete PostgreSQL folder. Move away what you need from it,"
                f" remove it and start again: rm -r {self.data_dir}"
            )
        found = (self.data_dir / "PG_VERSION").read_text().strip()
        if found != str(major):
            raise LocalError(
                f"{self.data_dir} was made by PostgreSQL {found}, and this is {major}. To keep the data, dump it with"
                f" the old one (its pg_ctl and pg_dump); to start afresh: rm -r {self.data_dir}"
            )
        return True

    def _make(self, programs: Path) -> None:
        fresh = self.data_dir.with_name(f"{self.data_dir.name}.new")
        password_file = self.data_dir.with_name(f"{self.data_dir.name}.password")
        shutil.rmtree(fresh, ignore_errors=True)
        _private_folder(self.place, fresh)
        write_private(password_file, self.superuser_password)
        self.place.give(password_file)
        try:
            # fmt: off
            self._run([
                str(programs / "initdb"), "-D", str(fresh), "-U", "postgres", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=scram-sha-256",
                f"--pwfile={password_file}", *(() if self.durable else ("--no-sync",)),
            ])
            # fmt: on
        finally:
            password_file.unlink(missing_ok=True)
        assert self.password.replace("-", "").replace("_", "").isalnum(), "passwords are URL-safe tokens"
        # A server without clients makes the role: the database is complete before anybody can connect to it.
        self._run(
            [str(programs / "postgres"), "--single", "-D", str(fresh), "-c", "exit_on_error=on", "postgres"],
            standard_input=f"create role shop login password '{self.password}'\ncreate database shop owner shop\n",
        )
        with suppress(FileNotFoundError):
            self.data_dir.rmdir()
        fresh.rename(self.data_dir)

    def _run(self, program: list[str], *, standard_input: str = "") -> None:
        process = self._spawn(program, folder=self.data_dir.parent, standard_input=standard_input)
        if process.wait() != 0:
            raise self._refusal(f"Making the database in {self.data_dir} failed")


@dataclass
class ValkeyServer(Server):
    """Valkey with a password; durable, it keeps a log of its writes that is at most a second behind."""

    name = "Valkey"
    # What a command has written is in the system's hands before it is answered: killing loses none of it.
    death_signal = signal.SIGKILL
    stop_signal = signal.SIGTERM
    telling = " # |FATAL|Fatal|[Cc]annot"

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def _launch(self) -> None:
        program = valkey_program(self.place)
        if not self.data_dir.exists():
            _private_folder(self.place, self.data_dir)
        configuration = {
            "bind": LOOPBACK,
            "port": str(self.port),
            "protected-mode": "yes",
            "requirepass": self.password,
            "dir": str(self.data_dir),
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "appendfsync": "everysec",
        }
        # By standard input: the command line is everybody's to read, and it holds a password.
        lines = "".join(f"{key} {value}\n" for key, value in configuration.items())
        self._process = self._spawn([str(program), "-"], folder=self.data_dir, standard_input=lines)

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection((LOOPBACK, self.port), timeout=1) as connection:
            connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            replies = connection.makefile("rb")
            return replies.readline() == b"+OK\r\n" and replies.readline() == b"+PONG\r\n"
        return False


def _private_folder(place: Place, path: Path) -> None:
    path.mkdir()
    path.chmod(0o700)
    place.give(path)
