"""A child ends with its owner, runs as whom it should, and inherits nothing that it should not."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shop_graphql.dev import child
from shop_graphql.dev.processes import wait_until
from tests.dev.processes import gone, kill, next_line, python

OWNER = """
import signal, subprocess, sys, time
from shop_graphql.dev import child
sleeper = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
subprocess.Popen(child.command(sleeper, death_signal=signal.SIGTERM))
time.sleep(60)
"""

FOLLOWER = """
import subprocess, sys, time
follower = "from shop_graphql.dev.child import die_with_parent; import os, time; die_with_parent(); "
follower += "print(os.getpid(), flush=True); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", follower])
time.sleep(60)
"""

NOBODY_S_OWNER = """
import signal, subprocess, time
from shop_graphql.dev import child
sleeper = subprocess.Popen(child.command(["/bin/sleep", "60"], death_signal=signal.SIGQUIT, uid=65534, gid=65534))
print(sleeper.pid)
time.sleep(60)
"""

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def output_of(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)


@needs_linux
@pytest.mark.parametrize("script", [OWNER, FOLLOWER])
def test_child_ends_when_its_owner_is_killed(script: str) -> None:
    owner = python("-c", script)
    pid = int(next_line(owner))

    kill(owner)

    assert gone([pid])


def test_child_of_a_dead_parent_never_starts() -> None:
    command = child.command(["/bin/echo", "started"], death_signal=signal.SIGTERM)
    command[command.index(str(os.getpid()))] = str(os.getppid())

    answer = output_of(command)

    assert (answer.stdout, answer.returncode) == ("", 1)


@needs_linux
@needs_root
def test_child_as_another_user_ends_with_its_owner() -> None:
    owner = python("-c", NOBODY_S_OWNER)
    pid = int(next_line(owner))
    status = Path(f"/proc/{pid}/status")
    became_nobody = wait_until(lambda: "Uid:\t65534\t65534\t65534" in status.read_text(), seconds=5)
    groups = next(line for line in status.read_text().splitlines() if line.startswith("Groups:"))

    kill(owner)

    assert gone([pid])
    assert became_nobody
    assert groups.split() == ["Groups:"]


@needs_linux
def test_child_ignores_no_signal_of_python() -> None:
    answer = output_of(child.command(["/bin/cat", "/proc/self/status"], death_signal=signal.SIGTERM))

    ignored = next(line for line in answer.stdout.splitlines() if line.startswith("SigIgn"))
    assert not int(ignored.split()[1], 16) & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1)


def test_program_that_cannot_run_is_named() -> None:
    answer = output_of(child.command(["/nowhere/postgres"], death_signal=signal.SIGTERM))

    assert answer.returncode == child.CANNOT_RUN
    assert answer.stderr == "/nowhere/postgres cannot be executed: No such file or directory\n"
