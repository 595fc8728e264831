"""The worker as it runs in production: a process of its own, with nothing but its environment."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from shop_graphql.dev.processes import end, spawn
from shop_graphql.platform.settings import Settings
from tests.dev.processes import ROOT

POLITE = (signal.SIGTERM, 10.0)


@dataclass
class WorkerProcess:
    """One worker; what it says is in `log`."""

    process: "Popen[str]"
    log: Path

    async def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        return "worker.ready" in self.log.read_text()

    async def has_ended(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Its exit status after a polite request."""
        end(self.process, POLITE)
        return self.process.returncode


@contextmanager
def worker_process(settings: Settings, log: Path, **changes: str) -> Iterator[WorkerProcess]:
    """A worker that runs until the block ends, whatever happens in it."""
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
        "PYTHONUNBUFFERED": "1",
        "SHOP_LOG_LEVEL": "INFO",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SHOP_SIGNING_KEY": settings.shop_signing_key,
        "STRIPE_API_URL": settings.stripe_api_url,
        **changes,
    }
    command = [sys.executable, "-m", "shop_graphql.cli", "worker"]
    process = spawn(command, death_signal=signal.SIGKILL, log=log, environment=variables, folder=ROOT)
    try:
        yield WorkerProcess(process, log)
    finally:
        # It leads a session of its own: whatever it may have started ends with it.
        end(process)
