"""Every command of the README does what the README says, against one running shop.

A new block is run here without further ado. What cannot be pasted into a test, such as `docker compose up`, belongs
into `RUN_ELSEWHERE` in `tests/readme.py` with the test that runs it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running import ROOT, Run, cleared, free_ports, fresh_copy, gone_within
from tests.readme import README, RUNNABLE, Block, blocks

SECONDS_MAX = 60
INSTALL_SECONDS_MAX = 200
OFFLINE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "network")
"""What npm says where no registry can be reached."""

NEEDED = {"sh": [("curl", "curl")], "js": [("node", "nodejs"), ("npm", "npm")], "python": []}
"""Programs by the language of a block, with their Debian packages."""

HERE = [block for block in blocks(README.read_text()) if block.language in RUNNABLE and not block.runs_elsewhere]

pytestmark = [pytest.mark.needs("make", "make"), pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One `make run` for all blocks."""
    checkout = fresh_copy(tmp_path_factory.mktemp("newcomer") / "shop")
    with cleared(checkout):
        run = Run(checkout, free_ports())
        try:
            run.wait_until_open()
            yield run
        finally:
            run.stop()
        assert gone_within(run, 2), run.pids()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the reader works."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def packages(desk: Path) -> None:
    """What the README's `npm install` brings, from the lock."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests" / "clients" / name, desk)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    command += ["--fetch-retries=1", "--fetch-timeout=20000"]
    done = subprocess.run(command, cwd=desk, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False)
    if done.returncode and any(word in done.stderr for word in OFFLINE):
        message = f"npm reaches no registry: {done.stderr.strip().splitlines()[0]}"
        (pytest.fail if os.environ.get("SHOP_REQUIRE_PROGRAMS") else pytest.skip)(message)
    assert done.returncode == 0, done.stderr


def marked(block: Block) -> object:
    needs = [pytest.mark.needs(*program) for program in NEEDED[block.language]]
    return pytest.param(block, marks=needs, id=f"{block.language}-{block.file_name or block.commands[0]}")


def buys(block: Block) -> bool:
    return block.file_name.startswith("buy.") or (block.language == "sh" and "paymentInitiate" in block.text)


def test_the_readme_buys_in_three_ways() -> None:
    assert [block.language for block in HERE if buys(block)] == ["sh", "js", "python"]


@pytest.mark.parametrize("block", [marked(block) for block in HERE])
def test_a_block_does_what_it_says(block: Block, run: Run, desk: Path, request: pytest.FixtureRequest) -> None:
    if block.language == "js":
        request.getfixturevalue("packages")

    shown = carried_out(block, run, desk)

    assert "Traceback" not in shown
    assert not buys(block) or "PAID" in shown.splitlines()[-1], shown


def carried_out(block: Block, run: Run, desk: Path) -> str:
    """All that is printed when the reader pastes the block, or saves it under its name and runs it."""
    text = block.text
    for offset in range(6):
        text = text.replace(f"127.0.0.1:{8000 + offset}", f"127.0.0.1:{run.port + offset}")
    path = desk / (block.file_name or f"pasted.{block.language}")
    path.write_text(text)
    program = {"sh": "bash", "python": sys.executable, "js": "node"}[block.language]
    # `python3` is the same one that runs the tests, so that no other on the way is needed.
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        [program, path.name],
        cwd=desk,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
