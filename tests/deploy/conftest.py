"""The production shape without containers: the compose file's commands, in an environment like the image's."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shop_graphql.dev.gateway import Timing, build
from shop_graphql.dev.processes import end, wait_until
from shop_graphql.dev.servers import ValkeyServer, place_for
from tests.conftest import ROOT
from tests.deploy.compose import OURS, asked_for
from tests.deploy.containers import Container, code_tree, unprivileged
from tests.deploy.databases import ContainerPostgres, readable_scripts
from tests.dev.running import serving


@pytest.fixture(scope="package")
def values(container_scratch: Path) -> dict[str, str]:
    """What an operator would write into `.env`."""
    key = container_scratch / "signing_key"
    private = Ed25519PrivateKey.generate()
    key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    key.chmod(0o644)
    return {name: secrets.token_hex(12) for name in asked_for()} | {
        "SHOP_PUBLIC_URL": "https://shop.example",
        "SHOP_SIGNING_KEY_FILE": str(key),
        "STRIPE_API_KEY": "sk_live_of_ours",
        "STRIPE_WEBHOOK_SECRET": "whsec_of_ours",
        "SMTP_URL": "smtp://127.0.0.1:9",
        "SMS_URL": "http://sid:token@127.0.0.1:9",
        "MAIL_FROM": "shop@example.com",
        "SMS_FROM": "+15005550006",
    }


@pytest.fixture(scope="package")
def container_scratch() -> Iterator[Path]:
    """A folder that everybody's processes can reach, gone after these tests."""
    with place_for(ROOT).scratch() as folder:
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="package")
def primary(container_scratch: Path, values: dict[str, str]) -> Iterator[ContainerPostgres]:
    place = place_for(ROOT)
    folder = container_scratch / "primary"
    folder.mkdir(mode=0o700)
    place.give(folder)
    scripts = readable_scripts(place, container_scratch)
    with ContainerPostgres(place, folder / "data", values=values, scripts=scripts) as server:
        yield server


@dataclass
class Stack:
    """The running shop: every process of ours that the compose file names, and the stores behind them."""

    containers: dict[str, Container]
    tree: Path
    database_url: str
    """As the shop's own role."""
    owner_url: str

    def api(self, number: int) -> Container:
        return self.containers[f"api-{number}"]


@pytest.fixture(scope="package")
def gateway_for_all(container_scratch: Path, values: dict[str, str]) -> Iterator[str]:
    state = container_scratch / "gateway.sqlite3"
    timing = Timing(delay_seconds=0.02)
    key, secret = values["STRIPE_API_KEY"], values["STRIPE_WEBHOOK_SECRET"]
    with serving(build(webhook_url="", webhook_secret=secret, api_key=key, state_path=state, timing=timing)) as url:
        yield url


@pytest.fixture(scope="package")
def cache(container_scratch: Path, values: dict[str, str]) -> Iterator[ValkeyServer]:
    place = place_for(ROOT)
    with ValkeyServer(place, container_scratch / "valkey", password=values["VALKEY_PASSWORD"], durable=False) as server:
        yield server


@pytest.fixture(scope="package")
def stack(
    container_scratch: Path,
    values: dict[str, str],
    primary: ContainerPostgres,
    cache: ValkeyServer,
    gateway_for_all: str,
) -> Iterator[Stack]:
    """Started in the order that `depends_on` gives: migrate to its end, then the rest until healthy."""
    tree = code_tree(container_scratch)
    reached_at = {"@postgres:5432": f"@127.0.0.1:{primary.port}", "@valkey:6379": f"@127.0.0.1:{cache.port}"}
    outside = {"STRIPE_API_URL": gateway_for_all}
    containers = {
        name: Container(name, tree, container_scratch / name, values, reached_at, unprivileged(), outside)
        for name in OURS
    }
    try:
        containers["migrate"].start()
        assert containers["migrate"].process.wait(60) == 0, containers["migrate"].log.read_text()
        started = [containers[name] for name in OURS if name != "migrate"]
        assert not any(container.is_healthy() for container in started), "nothing runs yet"
        for container in started:
            container.start()
        for container in started:
            assert wait_until(container.is_healthy, 60), container.log.read_text()
        database = primary.url_of("shop", values["SHOP_PASSWORD"])
        yield Stack(containers, tree, database, primary.url_of("shop_owner", values["OWNER_PASSWORD"]))
    finally:
        for container in containers.values():
            if container.process is not None:
                end(container.process)
