"""The walk-through: documented operations with what `tabs/` says about each, in the order of its files' numbers.

References in braces are filled in by the page (`source/fetcher.js`), so that no token and no id is ever out of date.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "tabs"
OPERATIONS = Path("tests") / "operations"
"""Where the documented operations are in a checkout; what is installed without one has no walk-through."""
BUYER = "ada"
SELLER = "mara"


class Tab(msgspec.Struct, frozen=True):
    """As GraphiQL takes it: texts of its three editors."""

    query: str
    variables: str
    headers: str


class _Step(msgspec.Struct, frozen=True, rename={"who": "as"}, forbid_unknown_fields=True):
    """One file of `tabs/`; the lines of `note` stand above the operation as comments."""

    operation: str
    variables: dict[str, Any]
    note: list[str] = []
    who: str | None = None


@cache
def walk_through(checkout: Path) -> list[Tab]:
    """Every tab, first to last; none without the documented operations."""
    operations = checkout / OPERATIONS
    if not operations.is_dir():
        return []
    steps = [msgspec.json.decode(path.read_bytes(), type=_Step) for path in sorted(FOLDER.glob("*.json"))]
    return [_tab(step, (operations / f"{step.operation}.graphql").read_text()) for step in steps]


def version_of(tabs: list[Tab]) -> str:
    """Another text for another walk-through: browsers that have kept an older one drop it."""
    return hashlib.sha256(msgspec.json.encode(tabs)).hexdigest()[:16]


def _tab(step: _Step, document: str) -> Tab:
    comments = "".join(f"# {line}\n" for line in step.note)
    headers = {"Authorization": f"Bearer {{{{{step.who}}}}}"} if step.who else {}
    return Tab(query=comments + document, variables=_pretty(step.variables), headers=_pretty(headers))


def _pretty(value: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
