"""The printed schema, and whether it keeps its promises."""

import subprocess
from pathlib import Path

from shop_graphql.api.compat import breaking_changes
from shop_graphql.platform.clock import SystemClock


def printed_schema() -> str:
    """The SDL as `schema.graphql` holds it."""
    from shop_graphql.api.schema import schema

    return schema.as_str().strip() + "\n"


def check_schema(root: Path) -> list[str]:
    """What is wrong with the committed schema, one line each; empty when nothing is."""
    printed = printed_schema()
    path = root / "schema.graphql"
    problems = []
    if not path.is_file() or path.read_text() != printed:
        problems.append("schema.graphql differs from the code: run `make schema` and commit the result.")
    published = _published(root)
    if published:
        today = SystemClock().now().date()
        problems += [f"This breaks clients: {change}" for change in breaking_changes(published, printed, today=today)]
    return problems


def _published(root: Path) -> str:
    """What the main branch accepts; empty where there is no such branch or no schema on it yet."""
    command = ["git", "show", "main:schema.graphql"]
    shown = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
    return shown.stdout if shown.returncode == 0 else ""
