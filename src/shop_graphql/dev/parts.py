"""What one machine runs, as data: ports, variables and the shop's own processes.

`environment_of` decides which outside services are embedded and which are real; `parts_of` says which processes
that makes. The panel, the order of starting and stopping, `.shop/env` and the tests read these; nothing is
started here.
"""

import enum
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shop_graphql.dev.places import LocalError, Place, write_private
from shop_graphql.dev.processes import LOOPBACK
from shop_graphql.dev.server import Server, new_password
from shop_graphql.dev.servers import PostgresServer, ValkeyServer

SHOP = (sys.executable, "-m", "shop_graphql.cli")

DEFAULT_PORT = 8000


REPLACED_BY = {
    "postgres": ("DATABASE_URL",),
    "valkey": ("REDIS_URL",),
    # One process plays both; it stays until both have a real service.
    "inbox": ("SMTP_URL", "SMS_URL"),
    # Stripe's own address needs no variable.
    "gateway": ("STRIPE_API_KEY",),
}
"""The variables that make an embedded service superfluous once they are set."""


class Offset(enum.IntEnum):
    """The six ports, counted from SHOP_PORT."""

    API = 0
    GATEWAY = 1
    INBOX = 2
    SMTP = 3
    POSTGRES = 4
    VALKEY = 5


@dataclass(frozen=True)
class Environment:
    """The variables that every process of the shop gets, and the services that are embedded to make them true."""

    port: int
    variables: Mapping[str, str]
    embedded: frozenset[str]
    """Of `postgres`, `valkey`, `gateway`, `inbox`: those that no variable replaced by a real one."""

    def url(self, offset: Offset, path: str = "", scheme: str = "http") -> str:
        return f"{scheme}://{LOOPBACK}:{self.port + offset}{path}"


@dataclass(frozen=True)
class Part:
    """One process of the shop."""

    name: str
    command: tuple[str, ...]
    ports: Mapping[int, str] = field(default_factory=dict)
    """What it listens on, and what for."""
    ready: tuple[str, ...] = ()
    """Addresses that all answer once it is ready: `http://` with status 200, `tcp://` with a connection."""
    after_migrations: bool = True
    """False for what stands outside the shop: it is started first and stopped last."""


def environment_of(place: Place, environ: Mapping[str, str]) -> Environment:
    """The environment of a local run: what `environ` sets stays, what is missing is embedded or made.

    A variable that holds what the embedded service would have, as a shell that has read `.shop/env` does, is no
    real service.
    Raises: LocalError where SHOP_PORT is no port.
    """
    port = _port(environ.get("SHOP_PORT", ""))
    own = _own_services(place, port)
    real = {
        part
        for part, mine in own.items()
        if all(environ.get(name, "") not in ("", mine[name]) for name in REPLACED_BY[part])
    }
    variables = {
        "SHOP_ENV": "development",
        "SHOP_HOST": LOOPBACK,
        "SHOP_PORT": str(port),
        "SHOP_PUBLIC_URL": f"http://{LOOPBACK}:{port}",
        "STRIPE_WEBHOOK_SECRET": place.secret("stripe_webhook_secret", lambda: f"whsec_{new_password()}"),
        "SHOP_SIGNING_KEY_FILE": str(_signing_key_file(place)),
    }
    for part in own.keys() - real:
        variables |= own[part]
    managed = {*variables, *(name for mine in own.values() for name in mine), "SHOP_SIGNING_KEY"}
    given = {name: environ[name] for name in managed if environ.get(name)}
    return Environment(port, dict(sorted((variables | given).items())), frozenset(own) - real)


def write_environment(place: Place, environment: Environment) -> Path:
    """`.shop/env` gives a shell the same variables: `set -a; . .shop/env; set +a`."""
    path = place.home / "env"
    write_private(path, "".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.variables.items()))
    return path


def read_environment(place: Place) -> dict[str, str]:
    """The variables of the latest `shop run`, empty before the first."""
    path = place.home / "env"
    if not path.exists():
        return {}
    return dict(word.split("=", 1) for word in shlex.split(path.read_text()))


def servers_of(place: Place, environment: Environment) -> list[Server]:
    """The embedded servers, Valkey first: it is ready while PostgreSQL is still being made."""
    servers: list[Server] = []
    if "valkey" in environment.embedded:
        servers.append(
            ValkeyServer(
                place,
                place.data("valkey"),
                port=environment.port + Offset.VALKEY,
                password=place.secret("valkey_password", new_password),
                log=place.log("valkey"),
            )
        )
    if "postgres" in environment.embedded:
        servers.append(
            PostgresServer(
                place,
                place.data("postgres"),
                port=environment.port + Offset.POSTGRES,
                password=place.secret("postgres_password", new_password),
                superuser_password=place.secret("postgres_superuser_password", new_password),
                log=place.log("postgres"),
            )
        )
    return servers


def parts_of(environment: Environment) -> list[Part]:
    """The shop's processes, and the simulators of what is embedded, in the order of starting."""
    port = environment.port
    gateway = Part(
        "gateway",
        (*SHOP, "gateway"),
        {port + Offset.GATEWAY: "the simulated payment gateway"},
        (environment.url(Offset.GATEWAY, "/health"),),
        after_migrations=False,
    )
    inbox = Part(
        "inbox",
        (*SHOP, "inbox"),
        {port + Offset.INBOX: "the inbox page", port + Offset.SMTP: "the inbox's SMTP"},
        (environment.url(Offset.INBOX, "/health"), environment.url(Offset.SMTP, scheme="tcp")),
        after_migrations=False,
    )
    simulators = {"gateway": gateway, "inbox": inbox}
    return [
        *(part for name, part in simulators.items() if name in environment.embedded),
        Part("api", (*SHOP, "serve"), {port: "the API"}, (environment.url(Offset.API, "/readyz"),)),
        Part("worker", (*SHOP, "worker")),
        Part("relay", (*SHOP, "relay")),
    ]


def _port(given: str) -> int:
    highest = 65_535 - max(Offset)
    if not given:
        return DEFAULT_PORT
    if not given.isdecimal() or not 0 < int(given) <= highest:
        raise LocalError(f"SHOP_PORT is {given}; it must be a number from 1 to {highest}, the first of six free ports.")
    return int(given)


def _own_services(place: Place, port: int) -> dict[str, dict[str, str]]:
    """What each embedded service would give the shop."""
    postgres, valkey, stripe, sms = (
        place.secret(name, new_password)
        for name in ("postgres_password", "valkey_password", "stripe_api_key", "sms_token")
    )
    return {
        "postgres": {"DATABASE_URL": f"postgresql://shop:{postgres}@{LOOPBACK}:{port + Offset.POSTGRES}/shop"},
        "valkey": {"REDIS_URL": f"redis://:{valkey}@{LOOPBACK}:{port + Offset.VALKEY}/0"},
        "inbox": {
            "SMTP_URL": f"smtp://{LOOPBACK}:{port + Offset.SMTP}",
            "SMS_URL": f"http://AC{'0' * 32}:{sms}@{LOOPBACK}:{port + Offset.INBOX}",
        },
        "gateway": {
            "STRIPE_API_KEY": f"sk_test_{stripe}",
            "STRIPE_API_URL": f"http://{LOOPBACK}:{port + Offset.GATEWAY}",
        },
    }


def _signing_key_file(place: Place) -> Path:
    def make() -> str:
        return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    place.secret("signing_key.pem", make)
    return place.secret_path("signing_key.pem")
