"""The proxy of the compose file as a process: its own configuration, with the places of this machine in it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import Popen

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from shop_graphql.dev.processes import LOOPBACK, end, free_port, spawn, wait_until
from tests.deploy.compose import ROOT

FOLDER = ROOT / "deploy" / "haproxy"


@dataclass
class Proxy:
    https: int
    http: int
    inside: int
    process: "Popen[str]"
    log: Path

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self.https}"

    def figures(self) -> str:
        return httpx.get(f"http://{LOOPBACK}:{self.inside}/metrics").text

    def figure(self, name: str, **labels: str) -> float:
        """The sum of the samples that carry those labels."""
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        lines = [line for line in self.figures().splitlines() if line.startswith(f"{name}{{")]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(want in line for want in wanted))

    def ready(self) -> int:
        return int(self.figure("haproxy_backend_active_servers", proxy="api"))


def certificate(file: Path) -> None:
    """A certificate and its key, as SHOP_TLS_CERTIFICATE_FILE holds them."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "shop.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + private)
    file.chmod(0o600)


@contextmanager
def proxying(folder: Path, api_1: int, api_2: int) -> Iterator[Proxy]:
    """A proxy before the two APIs on those ports, which finds both of them ready."""
    folder.mkdir(exist_ok=True)
    certificate(folder / "certificate.pem")
    https, http, inside = free_port(), free_port(), free_port()
    text = (FOLDER / "haproxy.cfg").read_text()
    for there, here in {
        "bind :8080": f"bind {LOOPBACK}:{http}",
        "bind :8443": f"bind {LOOPBACK}:{https}",
        "bind :8404": f"bind {LOOPBACK}:{inside}",
        "/run/secrets/certificate": str(folder / "certificate.pem"),
        "/usr/local/etc/haproxy/": f"{FOLDER}/",
        "api-1:8000": f"{LOOPBACK}:{api_1}",
        "api-2:8000": f"{LOOPBACK}:{api_2}",
    }.items():
        assert there in text, there
        text = text.replace(there, here)
    (folder / "haproxy.cfg").write_text(text)
    log = folder / "haproxy.log"
    command = ["/usr/bin/env", "haproxy", "-db", "-f", str(folder / "haproxy.cfg")]
    environment = {"PATH": "/usr/sbin:/usr/bin:/bin"}
    process = spawn(command, death_signal=signal.SIGKILL, log=log, environment=environment, folder=folder)
    proxy = Proxy(https, http, inside, process, log)

    def both_are_ready() -> bool:
        assert process.poll() is None, log.read_text()
        try:
            return proxy.ready() == 2
        except httpx.HTTPError:
            return False

    try:
        assert wait_until(both_are_ready, 20), log.read_text()
        yield proxy
    finally:
        end(process, (signal.SIGTERM, 5.0))
