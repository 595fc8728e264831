"""PostgreSQL as the image would run it: the compose file's own scripts and commands, the programs of this machine."""

import shlex
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shop_graphql.dev.binaries import postgres_programs
from shop_graphql.dev.places import Place, write_private
from shop_graphql.dev.processes import LOOPBACK, spawn
from shop_graphql.dev.servers import PostgresServer
from tests.deploy.compose import SERVICES, filled

SCRIPTS = Path("deploy") / "postgres"
HERE = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "shared_buffers=32MB"]
"""What differs from a container: the address, no socket, and less memory."""


@dataclass
class ContainerPostgres(PostgresServer):
    """A server whose folder is filled by what the compose file mounts."""

    service: str = "postgres"
    primary_port: int = 0
    """The replica's way to the primary."""
    values: dict[str, str] | None = None
    scripts: Path = SCRIPTS
    """Where the servers' user can read them."""

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = filled(SERVICES[self.service], self.values or {})
        return told

    @property
    def environment(self) -> dict[str, str]:
        path = f"{postgres_programs(self.place)}:/usr/bin:/bin"
        return {"PATH": path, "LC_ALL": "C", "PGDATA": str(self.data_dir), **self.told["environment"]}

    def url_of(self, role: str, password: str, database: str = "shop") -> str:
        return f"postgresql://{role}:{password}@{LOOPBACK}:{self.port}/{database}"

    def check(self) -> "list[str]":
        """The healthcheck as a command line; its port and password come from the environment."""
        kind, *words = self.told["healthcheck"]["test"]
        return ["/bin/sh", "-c", words[0]] if kind == "CMD-SHELL" else ["/usr/bin/env", *words]

    def is_healthy(self) -> bool:
        assert self.values
        variables = {
            "PGHOST": LOOPBACK,
            "PGPORT": str(self.port),
            "PGPASSWORD": self.values["POSTGRES_PASSWORD"],
        }
        return bool(self._as_postgres(self.check(), **variables).wait() == 0)

    def _launch(self) -> None:
        if self.service == "replica":
            program = ["/bin/sh", str(self.scripts / "replica.sh"), *self.told["command"], *HERE, "-p", str(self.port)]
            given = {"PRIMARY_HOST": LOOPBACK, "PGPORT": str(self.primary_port)}
            self._process = self._as_postgres(program, **given)
            return
        if not (self.data_dir / "PG_VERSION").exists():
            self._fill()
        self._process = self._serve()

    def _serve(self) -> Any:
        server, *arguments = self.told["command"]
        return self._as_postgres(["/usr/bin/env", server, *arguments, *HERE, "-p", str(self.port)])

    def _fill(self) -> None:
        """What the image's entrypoint does with an empty folder."""
        assert self.values
        password = self.data_dir.with_name(f"{self.data_dir.name}.secret")
        write_private(password, self.values["POSTGRES_PASSWORD"])
        self.place.give(password)
        arguments = shlex.split(self.told["environment"]["POSTGRES_INITDB_ARGS"])
        # fmt: off
        made = self._as_postgres([
            "/usr/bin/env", "initdb", "--username=postgres", f"--pwfile={password}", "--auth-local=trust",
            "--auth-host=scram-sha-256", "--no-sync", *arguments,
        ])
        # fmt: on
        assert made.wait() == 0, self.log.read_text()
        password.unlink()
        # The scripts run against a server of its own, which is stopped before the real one starts.
        self._process = self._serve()
        super().wait_until_ready()
        way = {"PGHOST": LOOPBACK, "PGPORT": str(self.port), "PGPASSWORD": self.values["POSTGRES_PASSWORD"]}
        script = self._as_postgres(["/bin/sh", str(self.scripts / "init.sh")], **way)
        assert script.wait() == 0, self.log.read_text()
        self._end((signal.SIGINT, 20.0))

    def _as_postgres(self, program: list[str], **more: str) -> Any:
        return spawn(
            program,
            death_signal=self.death_signal,
            log=self.log,
            environment={**self.environment, **more},
            folder=self.data_dir.parent,
            uid=self.place.uid,
            gid=self.place.gid,
        )


def readable_scripts(place: Place, folder: Path) -> Path:
    """A copy of the scripts that the servers' user can read, as a mount makes them."""
    copy = folder / "postgres-scripts"
    copy.mkdir(exist_ok=True)
    copy.chmod(0o755)
    for script in (Path(__file__).parents[2] / SCRIPTS).iterdir():
        (copy / script.name).write_bytes(script.read_bytes())
        (copy / script.name).chmod(0o755)
    return copy
