"""The README as data: its blocks of commands and code, and who runs which."""

import re
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parent.parent / "README.md"

RUNNABLE = frozenset({"sh", "python", "js"})

RUN_ELSEWHERE = {
    "make run": "tests/e2e/test_make_run.py::test_a_newcomer_buys_and_a_killed_shop_forgets_nothing",
    "make test": "tests/e2e/test_readme.py::test_a_block_does_what_it_says",
    "npm install @apollo/client@4.3.8 graphql@16.15.0 rxjs@7.8.2": "tests/e2e/test_readme.py::packages",
    "node buy.mjs": "tests/e2e/test_readme.py::test_a_block_does_what_it_says",
    'python3 -m venv buyer && buyer/bin/pip install "gql[httpx]==4.4.0"': "tests/test_readme.py::"
    "test_clients_are_installed_in_the_versions_that_are_tested",
    "buyer/bin/python buy.py": "tests/e2e/test_readme.py::test_a_block_does_what_it_says",
}
"""Commands that are not pasted: by their test they are run with packages from a lock, or it is that run itself."""


class Block(NamedTuple):
    """One fenced block."""

    language: str
    text: str

    @property
    def file_name(self) -> str:
        """What its first line says that it is to be saved as; empty where it is to be pasted."""
        found = re.match(r"(?:#|//) (\w+\.\w+)\b", self.text)
        return found[1] if found else ""

    @property
    def commands(self) -> list[str]:
        """Its lines without comments."""
        return [line for line in (re.sub(r"(^|\s+)#.*", "", line) for line in self.text.splitlines()) if line]

    @property
    def runs_elsewhere(self) -> bool:
        return self.language == "sh" and all(command in RUN_ELSEWHERE for command in self.commands)


def blocks(readme: str) -> list[Block]:
    """Every fenced block, first to last."""
    return [Block(*found) for found in re.findall(r"^ *```(.*)\n((?s:.*?))^ *```$", readme, re.MULTILINE)]
