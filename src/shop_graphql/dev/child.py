"""Starts one program that cannot outlive its parent. Standard library only; it must stay quick to start.

Run as a file, never as a module: `python -I -S child.py PARENT SIGNAL UID GID PROGRAM [ARGUMENT ...]`.
It takes the given user (`-` keeps the present one), asks Linux for SIGNAL when the parent dies, makes sure
that the parent still lives, and becomes PROGRAM under the same process id.

The order matters: a change of user clears the death signal. Linux sends it when the *thread* that created
the process ends, so whoever starts children does so from a thread that lives as long as they should.
macOS has no such signal: there a child of a killed owner lives on until the next start, which finds it by
its recorded process id and start time and ends it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

CANNOT_RUN = 127
"""Exit code when PROGRAM cannot be executed, as shells have it."""


def command(
    program: Sequence[str], *, death_signal: signal.Signals, uid: int | None = None, gid: int | None = None
) -> list[str]:
    """The command line that runs `program` (an absolute path first) as this process's child, gone when it is gone."""
    user = ["-" if number is None else str(number) for number in (uid, gid)]
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(death_signal)), *user, *program]


def die_with_parent(death_signal: int = signal.SIGTERM, *, parent: int | None = None) -> None:
    """This process gets `death_signal` when its parent dies; it exits at once if `parent` is dead already."""
    expected = os.getppid() if parent is None else parent
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != expected:
        raise SystemExit("the parent of this process is gone")


def main(arguments: Sequence[str]) -> None:
    """Become the program that `arguments` name. Comes back only as SystemExit."""
    parent, death_signal, uid, gid, *program = arguments
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    die_with_parent(int(death_signal), parent=int(parent))
    # Python ignores these two, and what is ignored stays so in the program that follows.
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execv(program[0], program)  # noqa: S606  # no shell is the point
    except OSError as error:
        sys.stderr.write(f"{program[0]} cannot be executed: {error.strerror}\n")
        raise SystemExit(CANNOT_RUN) from None


if __name__ == "__main__":
    main(sys.argv[1:])
