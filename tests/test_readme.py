"""What the README says of the code is what the code is; `tests/e2e/test_readme.py` tries its commands."""

import ast
import json
import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from shop_graphql.cli.configuration import IN_MAKE_RUN, meanings_of, with_settings_table
from shop_graphql.dev.parts import environment_of
from shop_graphql.dev.places import Place
from shop_graphql.platform.settings import Settings
from tests.readme import README, RUN_ELSEWHERE, RUNNABLE, blocks

ROOT = README.parent
TEXT = README.read_text()


def test_the_table_of_settings_is_fresh() -> None:
    assert with_settings_table(TEXT) == TEXT, "run `make readme` and commit the result"


def test_every_setting_says_what_it_means() -> None:
    assert set(meanings_of(Settings)) == {field.name for field in msgspec.structs.fields(Settings)}


def test_the_table_knows_what_make_run_brings_along(tmp_path: Path) -> None:
    environment = environment_of(Place(home=tmp_path, base=tmp_path, uid=None, gid=None), {})
    defaults = {field.encode_name: str(field.default) for field in msgspec.structs.fields(Settings)}

    assert {name for name, value in environment.variables.items() if defaults[name] != value} == IN_MAKE_RUN.keys()


def test_the_picture_is_the_import_contract() -> None:
    (picture,) = [block.text for block in blocks(TEXT) if block.language == "text"]
    drawn = [re.split(r"\s{2,}", line)[0].split(" │ ") for line in picture.splitlines()]

    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    packages = {path.stem for path in (ROOT / "src" / "shop_graphql").iterdir()}
    agreed = [re.findall(r"\w+", layer) for layer in contracts[0]["layers"]]
    # A name in parentheses may be absent; the picture shows what is there.
    there = [[name for name in layer if name in packages] for layer in agreed]

    assert drawn == [layer for layer in there if layer]


def test_every_block_is_of_a_kind_that_is_run_or_looked_at() -> None:
    assert TEXT.count("```") == 2 * len(blocks(TEXT))
    assert {block.language for block in blocks(TEXT)} <= RUNNABLE | {"text"}


@pytest.mark.parametrize("command", RUN_ELSEWHERE)
def test_what_is_run_elsewhere_is_in_the_readme_and_in_a_test(command: str) -> None:
    assert any(command in block.commands for block in blocks(TEXT))
    path, _, name = RUN_ELSEWHERE[command].partition("::")
    functions = ast.walk(ast.parse((ROOT / path).read_text()))
    assert name in {node.name for node in functions if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_clients_are_installed_in_the_versions_that_are_tested() -> None:
    packages = json.loads((ROOT / "tests" / "clients" / "package.json").read_text())["dependencies"]
    locked = re.search(r"^gql==(\S+)", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    (npm,) = [command for command in RUN_ELSEWHERE if command.startswith("npm install ")]

    assert npm.split()[2:] == [f"{name}@{version}" for name, version in packages.items()]
    assert locked
    assert f'"gql[httpx]=={locked[1]}"' in TEXT


def test_packages_of_clients_come_from_whatever_registry_the_machine_uses() -> None:
    lock = json.loads((ROOT / "tests" / "clients" / "package-lock.json").read_text())["packages"]

    assert not any("resolved" in package for package in lock.values())
    assert all(package["integrity"] for path, package in lock.items() if path)


def test_what_is_said_to_be_missing_is_missing() -> None:
    (paragraph,) = [part for part in TEXT.split("\n\n") if part.startswith("Not in it today")]
    schema = (ROOT / "schema.graphql").read_text()
    named = re.findall(r"`(.+?)`", paragraph)

    assert named
    assert [name for name in named if re.search(rf"\b{re.escape(name)}\b", schema)] == []
