"""The walk-through: the documents, variables and headers of `tabs/`, in the order of their numbers.

References in braces are filled in by the page (`source/fetcher.js`), so that no token and no id is ever out of date.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "tabs"
BUYER = "ada"
SELLER = "mara"


class Tab(msgspec.Struct, frozen=True):
    """As GraphiQL takes it: texts of its three editors."""

    query: str
    variables: str
    headers: str


class _Beside(msgspec.Struct, frozen=True, rename={"who": "as"}, forbid_unknown_fields=True):
    """The JSON file beside a document."""

    variables: dict[str, Any]
    who: str | None = None


@cache
def walk_through() -> list[Tab]:
    """Every tab, first to last."""
    return [_tab(document) for document in sorted(FOLDER.glob("*.graphql"))]


def version_of(tabs: list[Tab]) -> str:
    """Another text for another walk-through: browsers that have kept an older one drop it."""
    return hashlib.sha256(msgspec.json.encode(tabs)).hexdigest()[:16]


def _tab(document: Path) -> Tab:
    beside = msgspec.json.decode(document.with_suffix(".json").read_bytes(), type=_Beside)
    headers = {"Authorization": f"Bearer {{{{{beside.who}}}}}"} if beside.who else {}
    return Tab(query=document.read_text(), variables=_pretty(beside.variables), headers=_pretty(headers))


def _pretty(value: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
