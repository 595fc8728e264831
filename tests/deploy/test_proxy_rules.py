"""What the proxy sends again and what it lets nobody say, seen by an API that answers as the test wants."""

import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from graphql import GraphQLInputObjectType, GraphQLNonNull, build_schema

from shop_graphql.app import build_app
from shop_graphql.dev.processes import wait_until
from tests.deploy.compose import ROOT, SERVICES
from tests.deploy.proxies import FOLDER, Proxy, proxying

CONFIGURATION = (FOLDER / "haproxy.cfg").read_text()
INSIDE = {"/livez", "/readyz", "/metrics"}
"""Routes for machines."""

CUT_SECONDS_MAX = 30.0

UNCHECKED = ssl.create_default_context()
"""The certificate is made for the test, so nobody vouches for it."""
UNCHECKED.check_hostname = False
UNCHECKED.verify_mode = ssl.CERT_NONE


def test_mutations_without_a_key_are_listed() -> None:
    mutations = build_schema((ROOT / "schema.graphql").read_text()).mutation_type
    assert mutations is not None
    without = []
    for name, field in mutations.fields.items():
        asked = field.args["input"].type
        assert isinstance(asked, GraphQLNonNull)
        assert isinstance(asked.of_type, GraphQLInputObjectType)
        if "idempotencyKey" not in asked.of_type.fields:
            without.append(name)

    assert (FOLDER / "mutations_without_key.txt").read_text().split() == sorted(without)


def test_every_route_is_public_or_for_machines(services: Any) -> None:
    line = next(line for line in CONFIGURATION.splitlines() if "unless { path " in line)
    public = set(line.split("unless { path ")[1].split(" }")[0].split())

    assert {route.path for route in build_app(services).routes} == public | INSIDE  # type: ignore[attr-defined]
    assert public & INSIDE == set()


def test_servers_are_services_and_ports_that_exist() -> None:
    servers = [line.split()[1:] for line in CONFIGURATION.splitlines() if line.startswith("    server ")]

    assert servers == [["api-1", "api-1:8000"], ["api-2", "api-2:8000"]]
    for name, _ in servers:
        assert "8000" in SERVICES[name]["expose"]
        assert set(SERVICES[name]["networks"]) & set(SERVICES["proxy"]["networks"])
    assert {line.split(":")[1].split()[0] for line in CONFIGURATION.splitlines() if "    bind " in line} == {
        "8080",
        "8443",
        "8404",
    }


class Moody(socketserver.ThreadingTCPServer):
    """An API that is ready, notes what it gets, and hangs up instead of answering while `sulking` is above zero."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.got: list[str] = []
        self.sulking = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class Answering(socketserver.StreamRequestHandler):
    server: Moody

    def handle(self) -> None:
        head = "".join(iter(lambda: self.rfile.readline().decode(), "\r\n"))
        for line in head.lower().splitlines():
            if line.startswith("content-length:"):
                self.rfile.read(int(line.split(":")[1]))
        if not head.startswith("GET /readyz"):
            self.server.got.append(head)
            self.server.sulking -= 1
            if self.server.sulking >= 0:
                return
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")


@pytest.fixture(scope="module")
def moody() -> Iterator[Moody]:
    with Moody() as api:
        thread = threading.Thread(target=api.serve_forever, daemon=True)
        thread.start()
        yield api
        api.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def proxy(moody: Moody, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Before one moody API that plays both."""
    with proxying(tmp_path_factory.mktemp("proxy"), moody.port, moody.port) as proxy:
        yield proxy


@pytest.fixture
def http(proxy: Proxy, moody: Moody) -> Iterator[httpx.Client]:
    moody.got.clear()
    moody.sulking = 0
    with httpx.Client(base_url=proxy.url, verify=UNCHECKED) as http:
        yield http


@contextmanager
def connected(proxy: Proxy) -> Iterator[ssl.SSLSocket]:
    """A connection to be spoken over by hand, because clients tidy up what they are given."""
    with (
        socket.create_connection(("127.0.0.1", proxy.https), timeout=5) as plain,
        UNCHECKED.wrap_socket(plain) as secure,
    ):
        yield secure


def asks(document: str, **variables: object) -> dict[str, object]:
    return {"query": document, "variables": variables}


KEYED = "mutation C($i: CheckoutInput!) { checkout(input: $i) { replayed } }"
UNKEYED = "mutation A($i: CartLinesAddInput!) { cartLinesAdd(input: $i) { cart { id } } }"
BOTH = "mutation B($i: CheckoutInput!, $j: CartLinesAddInput!) { checkout(input: $i) { replayed } cartLinesAdd(input: $j) { cart { id } } }"  # noqa: E501


@pytest.mark.needs("haproxy", "haproxy")
@pytest.mark.parametrize(
    ("body", "is_repeated"),
    [
        (asks("{ categories { name } }"), True),
        (asks(KEYED, i={"idempotencyKey": "k"}), True),
        (asks(UNKEYED, i={}), False),
        (asks(BOTH, i={"idempotencyKey": "k"}, j={}), False),
        ({"extensions": {"persistedQuery": {"sha256Hash": "x"}}}, False),
    ],
    ids=["a read", "a mutation with a key", "a mutation without one", "both at once", "a document that is not shown"],
)
def test_only_what_may_run_twice_is_sent_again(
    http: httpx.Client, moody: Moody, body: dict[str, object], is_repeated: bool
) -> None:
    moody.sulking = 1

    answer = http.post("/graphql", json=body)

    assert answer.status_code == (200 if is_repeated else 502)
    assert len(moody.got) == (2 if is_repeated else 1)


@pytest.mark.needs("haproxy", "haproxy")
def test_webhooks_and_gets_are_sent_again(http: httpx.Client, moody: Moody) -> None:
    moody.sulking = 1
    assert http.post("/webhooks/stripe", json={}).status_code == 200
    moody.sulking = 1
    assert http.get("/schema.graphql").status_code == 200

    assert len(moody.got) == 4


@pytest.mark.needs("haproxy", "haproxy")
def test_nobody_can_make_up_an_address(http: httpx.Client, moody: Moody) -> None:
    made_up = {"X-Forwarded-For": "1.2.3.4", "Forwarded": "for=1.2.3.4", "X-Forwarded-Proto": "http"}

    answer = http.get("/graphql", headers=made_up)

    (head,) = moody.got
    assert "1.2.3.4" not in head
    assert "x-forwarded-for: 127.0.0.1" in head.lower()
    assert "x-forwarded-proto: https" in head.lower()
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.needs("haproxy", "haproxy")
def test_plain_http_leads_to_https(proxy: Proxy, moody: Moody) -> None:
    moody.got.clear()

    answer = httpx.post(f"http://127.0.0.1:{proxy.http}/graphql", headers={"Host": "shop.example"}, json={})

    assert answer.status_code == 308
    assert answer.headers["location"] == "https://shop.example/graphql"
    assert moody.got == []


@pytest.mark.needs("haproxy", "haproxy")
@pytest.mark.parametrize(
    "target",
    ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/graphql/../metrics", "/metrics?x", "/metrics;x", "/METRICS",
     "https://shop.example/metrics", "/readyz", "/livez", "/graphql/"],
)  # fmt: skip
def test_what_is_for_machines_stays_inside(proxy: Proxy, moody: Moody, target: str) -> None:
    moody.got.clear()

    with connected(proxy) as secure:
        secure.sendall(f"GET {target} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n".encode())
        answer = secure.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 404 ")
    assert moody.got == []


@pytest.mark.needs("haproxy", "haproxy")
@pytest.mark.slow
@pytest.mark.parametrize("what", ["headers", "body"])
def test_who_trickles_is_cut(proxy: Proxy, what: str) -> None:
    head = b"POST /graphql HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\n"
    begun = head if what == "headers" else head + b"Content-Length: 500\r\n\r\n"
    since = time.monotonic()

    with connected(proxy) as secure:
        secure.sendall(begun)
        secure.settimeout(0.5)
        answer = b""
        while time.monotonic() - since < CUT_SECONDS_MAX and not answer:
            try:
                secure.sendall(b"x")
                answer = secure.recv(4096)
            except TimeoutError:
                continue

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert 5 < time.monotonic() - since < CUT_SECONDS_MAX


@pytest.mark.needs("haproxy", "haproxy")
def test_the_log_names_nobody(proxy: Proxy, http: httpx.Client) -> None:
    http.get("/graphql?query={me{email}}", headers={"Authorization": "Bearer a-token"})

    assert wait_until(lambda: '"path":"/graphql"' in proxy.log.read_text(), 5)
    said = proxy.log.read_text()
    assert [word for word in ("me{email}", "a-token", "127.0.0.1:") if word in said.partition('{"at"')[2]] == []
    lines = [line for line in said.splitlines() if line.startswith("{")]
    assert {"method", "path", "status", "server"} <= json.loads(lines[-1]).keys()
