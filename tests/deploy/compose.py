"""docker-compose.yml, the Dockerfile and the example file as a test reads them; no container engine is asked."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?P<rest>[^}]*)\}")
OURS = ("api-1", "api-2", "worker", "relay", "migrate")
"""Services that run the shop's own image."""


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text())


COMPOSE: dict[str, Any] = read_yaml(ROOT / "docker-compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]


def filled(value: Any, values: Mapping[str, str]) -> Any:
    """`value` as Compose hands it on: each `${NAME...}` replaced, each `$$` a dollar."""
    if isinstance(value, dict):
        return {key: filled(inner, values) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, values) for inner in value]
    if not isinstance(value, str):
        return value
    return VARIABLE.sub(lambda found: values[found[1]] if found[1] else "$", value)


def asked_for() -> dict[str, str]:
    """Every variable of the file, with what stands behind its name: `:?why`, or a default."""
    text = (ROOT / "docker-compose.yml").read_text()
    return {found[1]: found["rest"] for found in VARIABLE.finditer(text) if found[1]}


def example() -> dict[str, str]:
    lines = (ROOT / "deploy" / "example.env").read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs}


def dockerfile(instruction: str) -> list[str]:
    """The arguments of each such instruction, in their order."""
    text = (ROOT / "deploy" / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.split(None, 1)[1] for line in text.splitlines() if line.startswith(f"{instruction} ")]


def image_environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for line in dockerfile("ENV") for pair in line.split())


def seconds(duration: str) -> int:
    found = re.fullmatch(r"(\d+)([sm])", duration)
    assert found, duration
    return int(found[1]) * {"s": 1, "m": 60}[found[2]]
