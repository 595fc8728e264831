"""One container of the shop's image without an engine: its files, its user, its environment, its command, its check."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shop_graphql.dev import child
from shop_graphql.dev.places import NOBODY
from shop_graphql.dev.processes import LOOPBACK, end, free_port, spawn
from tests.deploy.compose import ROOT, SERVICES, dockerfile, filled, image_environment, seconds

PROGRAMS = Path(sys.executable).parent


def code_tree(folder: Path) -> Path:
    """What the Dockerfile copies, readable by all and writable by none."""
    tree = folder / "shop"
    for line in dockerfile("COPY"):
        *sources, target = line.split()
        for source in sources:
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
                shutil.copytree(ROOT / source, tree / target, ignore=ignored)
            else:
                tree.mkdir(exist_ok=True)
                shutil.copy(ROOT / source, tree / target)
    for path in (*tree.rglob("*"), tree):
        path.chmod(0o555 if path.is_dir() else 0o444)
    return tree


def unprivileged() -> int | None:
    """Nobody, where that is allowed and can load the packages of this environment; else the present user."""
    if os.geteuid() != 0:
        return None
    probe = [sys.executable, "-c", "import sqlalchemy"]
    command = child.command(probe, death_signal=signal.SIGKILL, uid=NOBODY, gid=NOBODY)
    tried = subprocess.run(command, capture_output=True, check=False)
    return NOBODY if tried.returncode == 0 else None


@dataclass
class Container:
    """A service of the compose file as a process of this machine."""

    service: str
    tree: Path
    folder: Path
    values: dict[str, str]
    reached_at: dict[str, str]
    """`host:port` inside the compose network -> where it is here."""
    uid: int | None
    outside: dict[str, str] = field(default_factory=dict)
    """What the compose file leaves to the world: the address of the payment gateway."""
    port: int = field(default_factory=free_port)
    process: Any = None

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.temporary.chmod(0o777)
        self.told: dict[str, Any] = filled(SERVICES[self.service], self.values)

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def environment(self) -> dict[str, str]:
        given = {**image_environment(), **self.told["environment"]}
        here = {name: self._here(value) for name, value in given.items()}
        return here | {
            "PATH": f"{PROGRAMS}:/usr/bin:/bin",
            "PYTHONPATH": f"{self.tree / 'src'}:{self.tree}",
            "TMPDIR": str(self.temporary),
            # Not to be reached from outside this machine, and not the one port that all containers have.
            "SHOP_HOST": LOOPBACK,
            "SHOP_PORT": str(self.port),
            **self.outside,
        }

    def _here(self, text: str) -> str:
        for inside, outside in self.reached_at.items():
            text = text.replace(inside, outside)
        key = self.values["SHOP_SIGNING_KEY_FILE"]
        return text.replace("/tmp/", f"{self.temporary}/").replace("/run/secrets/signing_key", key)  # noqa: S108

    def start(self) -> None:
        self.process = self._run(self.told["command"])

    def is_healthy(self) -> bool:
        """What the compose file's own healthcheck says."""
        kind, *command = self.told["healthcheck"]["test"]
        assert kind == "CMD"
        checked = self._run([word.replace(f"{LOOPBACK}:8000", f"{LOOPBACK}:{self.port}") for word in command])
        return bool(checked.wait(seconds(self.told["healthcheck"]["timeout"])) == 0)

    def stop(self) -> tuple[int, bool]:
        """Its exit status after SIGTERM, and whether the grace period was enough."""
        grace = float(seconds(self.told["stop_grace_period"]))
        end(self.process, (signal.SIGTERM, grace))
        return self.process.returncode, self.process.returncode != -signal.SIGKILL

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _run(self, command: list[str]) -> Any:
        program = str(PROGRAMS / command[0])
        return spawn(
            [program, *command[1:]],
            death_signal=signal.SIGKILL,
            log=self.log,
            environment=self.environment,
            folder=self.tree,
            uid=self.uid,
            gid=self.uid,
        )
