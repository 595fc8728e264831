"""What is measured and beside what: an own PostgreSQL that writes to its disk, own Valkey, the API, the raw routes."""

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.dev.bench.cpu import apart
from shop_graphql.dev.places import LocalError, Place
from shop_graphql.dev.processes import LOOPBACK, end, free_port, last_line, spawn, wait_until
from shop_graphql.dev.servers import PostgresServer, ValkeyServer
from shop_graphql.platform.migrations import upgrade

CLIENTS = 16
"""Connections that keep either side busy."""
SHOP_POOL = 32
"""Connections of the shop to PostgreSQL: one request reads on several at once, and none is to be opened in a window."""
START_SECONDS = 60.0
# What tidies up in the background would fall on whichever window is open: it is done between windows instead.
POSTGRES = {
    "shared_buffers": "512MB",
    "max_connections": "200",
    "autovacuum": "off",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
}


@dataclass
class Process:
    """A server that listens on `port`, as process `pid`."""

    port: int
    pid: int
    log: Path


@dataclass
class Stage:
    """Servers that are ready. Both sides work on one database."""

    postgres: PostgresServer
    valkey: ValkeyServer
    shop: Process
    raw: Process
    tokens: AccessTokens
    """Signs people in at both sides."""


@contextmanager
def staged(place: Place) -> Iterator[Stage]:
    """Everything runs until the block ends, on folders that nobody keeps. From the main thread only.

    Raises: LocalError where a server does not start.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(place.scratch())
        processors = stack.enter_context(apart())
        postgres = stack.enter_context(PostgresServer(place, folder / "postgres", durable=True, settings=POSTGRES))
        valkey = stack.enter_context(ValkeyServer(place, folder / "valkey", durable=True))
        upgrade(postgres.url)
        shop_port, raw_port = free_port(), free_port()
        key, url = _signing_key(), f"http://{LOOPBACK}:{shop_port}"
        shop = {
            "SHOP_ENV": "development",
            "SHOP_PORT": str(shop_port),
            "SHOP_PUBLIC_URL": url,
            "SHOP_LOG_FORMAT": "json",
            "SHOP_LOG_LEVEL": "INFO",
            "SHOP_DATABASE_POOL": str(SHOP_POOL),
            "SHOP_SIGNING_KEY": key,
            "DATABASE_URL": postgres.url,
            "REDIS_URL": valkey.url,
        }
        raw = {"DATABASE_URL": postgres.url, "RAW_PORT": str(raw_port), "SHOP_SIGNING_KEY": key}
        yield Stage(
            postgres,
            valkey,
            _started(stack, ["shop_graphql.cli", "serve"], shop, shop_port, folder / "shop.log", processors),
            _started(stack, ["shop_graphql.dev.bench.raw"], raw, raw_port, folder / "raw.log", processors),
            AccessTokens(key, issuer=url),
        )


def _started(
    stack: ExitStack, command: list[str], variables: dict[str, str], port: int, log: Path, processors: set[int] | None
) -> Process:
    process = spawn(
        [sys.executable, "-m", *command],
        death_signal=signal.SIGTERM,
        log=log,
        environment=dict(os.environ) | variables,
        folder=Path.cwd(),
    )
    if processors:
        # At once, as a process's later threads go where its first one is.
        os.sched_setaffinity(process.pid, processors)
    stack.callback(end, process, (signal.SIGTERM, 15.0))
    wait_until(lambda: process.poll() is not None or _answers(port), START_SECONDS)
    if process.poll() is not None or not _answers(port):
        raise LocalError(f"{command[0]} did not start: {last_line(log) or 'it said nothing'}")
    return Process(port, process.pid, log)


def _answers(port: int) -> bool:
    """Whether HTTP is spoken on that port, whatever the answer."""
    try:
        urllib.request.urlopen(f"http://{LOOPBACK}:{port}/livez", timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def _signing_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
