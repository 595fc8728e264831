"""GraphiQL without a browser: its files, its tabs, and what a development server adds to the API."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import parse, validate

from shop_graphql.api.context import Services
from shop_graphql.api.schema import schema
from shop_graphql.app import build_app
from shop_graphql.dev.demo.catalogue import people
from shop_graphql.dev.graphiql.pages import BUILT, development_extras
from shop_graphql.dev.graphiql.tabs import BUYER, SELLER, version_of, walk_through
from tests.client import Shop
from tests.clock import FixedClock
from tests.dev.processes import ROOT

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
REFERENCE = re.compile(r"\{\{([\w.]+)\}\}")


@pytest.fixture
async def http(services: Services, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A development server of a checkout with a README."""
    (tmp_path / "README.md").write_text("# Read me <b>first</b>")
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    app = build_app(services, extras=development_extras(services, checkout=tmp_path))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as http:
        yield http


def sums() -> dict[Path, str]:
    lines = (BUILT / "SHA256SUMS").read_text().splitlines()
    return {BUILT.parent / name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_built_files_belong_to_their_sources() -> None:
    noted = sums()
    there = {path for path in BUILT.rglob("*") if path.is_file()} - {BUILT / "SHA256SUMS"}
    sources = {path for path in (BUILT.parent / "source").iterdir() if path.is_file() and path.name != ".gitignore"}

    assert noted.keys() == there | sources
    stale = [path for path, digest in noted.items() if hashlib.sha256(path.read_bytes()).hexdigest() != digest]
    assert stale == [], "`make graphiql` builds them anew"


def test_the_lock_of_packages_names_no_place() -> None:
    lock = json.loads((BUILT.parent / "source" / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}

    assert packages
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not any("resolved" in package for package in packages.values())


def test_each_tab_fits_the_schema() -> None:
    refused = {
        tab.query: errors for tab in walk_through(ROOT) if (errors := validate(schema._schema, parse(tab.query)))
    }

    assert len(walk_through(ROOT)) > 10
    assert refused == {}


def test_references_point_to_tabs_before_them() -> None:
    known = {"new", BUYER, SELLER}
    for tab in walk_through(ROOT):
        used = {path.split(".")[0] for path in REFERENCE.findall(tab.variables + tab.headers)}

        assert used <= known, tab.query
        [operation] = parse(tab.query).definitions
        known |= {field.name.value for field in operation.selection_set.selections}  # type: ignore[attr-defined]


async def test_a_browser_is_given_the_walk_through(http: httpx.AsyncClient) -> None:
    page = await http.get("/graphql", headers=BROWSER)

    found = re.search(r'id="walk-through">(.*?)</script>', page.text)
    assert found
    content: dict[str, Any] = json.loads(found[1])
    assert [tab["query"] for tab in content["tabs"]] == [tab.query for tab in walk_through(ROOT)]
    assert content["version"] == version_of(walk_through(ROOT))
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text):
        assert (await http.get(address)).status_code == 200


async def test_programs_still_get_json_there(http: httpx.AsyncClient) -> None:
    answer = await http.get("/graphql", params={"query": "{ __typename }"})

    assert answer.json()["data"] == {"__typename": "Query"}


async def test_a_demo_person_is_given_a_token(http: httpx.AsyncClient) -> None:
    ada = next(person for person in people() if person.email.startswith(f"{BUYER}@"))
    account = {"email": ada.email, "password": ada.password, "displayName": ada.name}
    await Shop(http).do("userRegister", account)

    answer = await http.post(f"/graphiql/tokens/{BUYER}")

    me = await Shop(http).data("{ me { email } }", token=answer.json()["accessToken"])
    assert me == {"me": {"email": ada.email}}


@pytest.mark.parametrize("who", [BUYER, "stranger"])
async def test_nobody_else_is_given_a_token(http: httpx.AsyncClient, who: str) -> None:
    # Ada is not planted here.
    assert (await http.post(f"/graphiql/tokens/{who}")).status_code == 404


async def test_the_first_page_leads_everywhere(http: httpx.AsyncClient, clock: FixedClock) -> None:
    # A shop whose clock and database disagree is not ready, and this test's clock stands still.
    clock.at = datetime.now(UTC)

    page = await http.get("/")

    assert page.status_code == 200
    for address in re.findall(r'href="(/[^"]*)"', page.text):
        assert (await http.get(address, headers=BROWSER)).status_code == 200, address
    assert (await http.get("/README.md")).headers["Content-Type"].startswith("text/plain")
    for person in people():
        assert person.email in page.text


def test_without_documented_operations_there_is_no_walk_through(tmp_path: Path) -> None:
    assert walk_through(tmp_path) == []
