"""Makes `.venv` from a lock file, before anything else of the project can be imported.

Run by the Makefile with whatever Python the machine has, hence standard library only and no syntax that an
old Python cannot read: `python3 src/shop_graphql/dev/bootstrap.py requirements.lock`. A lock that is already
installed costs one look at a stamp file. Every failure is one clear line.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BAR_WIDTH = 28
FREE_MB_MIN = 700
"""What a first start needs: the packages, an empty database, the demo catalogue."""

HINTS = (
    ("No space left", "The disk is full: free some space and try again."),
    ("NewConnectionError", "The package index cannot be reached: check the network, then try again."),
    ("Could not fetch URL", "The package index cannot be reached: check the network, then try again."),
    ("ProxyError", "The package index cannot be reached through the proxy: check HTTPS_PROXY."),
    ("do not match the hashes", "A downloaded package does not have the hash in the lock; it was not installed."),
    ("No matching distribution", "A package does not exist for this platform: Linux with glibc or macOS is needed."),
)


def main(lock_name: str) -> None:
    lock = ROOT / lock_name
    stamp = VENV / f".installed-{lock_name}"
    wanted = fingerprint(lock)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    check_python()
    check_room()
    if not PYTHON.exists():
        make_venv()
    total = sum(1 for line in lock.read_text().splitlines() if line[:1].isalpha())
    pip(["--require-hashes", "--requirement", str(lock)], f"installing {total} packages", total)
    # The project itself, from this folder, built with what the lock has just brought: nothing is downloaded.
    pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)], "installing the project itself", 0)
    compile_everything()
    stamp.write_text(wanted)


def check_python() -> None:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    if sys.version_info < (3, 11):  # noqa: UP036  # the machine's Python, whatever it is, runs this
        fail(f"This needs Python 3.11 or newer, and {sys.executable} is {version}.")
    try:
        import ensurepip
        import venv
    except ImportError:
        fail(f"This Python has no venv module. On Debian and Ubuntu: apt install python{version}-venv")
    assert ensurepip
    assert venv


def check_room() -> None:
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < FREE_MB_MIN:
        fail(f"The disk of {ROOT} has {free} MB left; the first start needs about {FREE_MB_MIN} MB.")


def make_venv() -> None:
    say("making .venv")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        lines = (made.stdout + made.stderr).strip().splitlines()
        fail(f"Could not make .venv: {lines[-1] if lines else 'no word from venv'}")


def pip(arguments: "list[str]", what: str, total: int) -> None:
    """Run pip and show how far it is; what it says is kept for the case that it fails."""
    command = [str(PYTHON), "-m", "pip", "install", "--no-input", "--progress-bar", "off", "--no-compile"]
    command += ["--disable-pip-version-check", "--retries", "2", "--timeout", "20", *arguments]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PYTHONUNBUFFERED": "1"}
    lines = []
    seen = 0
    say(what)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith(("Collecting", "Requirement already")):
                seen += 1
                bar(seen, total, line.split()[1])
            elif line.startswith("Installing collected"):
                bar(total, total, "unpacking")
    clear()
    if process.returncode != 0:
        explain("\n".join(lines))


def compile_everything() -> None:
    """Every later start loads compiled modules, also where the environment forbids Python to write them on the way."""
    say("compiling")
    folders = [str(ROOT / name) for name in ("src", "workers", "migrations")]
    libraries = [str(path) for path in VENV.glob("lib/python3*/site-packages")]
    subprocess.run([str(PYTHON), "-m", "compileall", "-q", "-j", "0", *libraries, *folders], check=False)


def explain(output: str) -> NoReturn:
    for sign, meaning in HINTS:
        if sign in output:
            fail(meaning)
    errors = [line for line in output.splitlines() if "ERROR" in line] or output.splitlines()[-1:]
    fail(f"pip failed: {errors[0] if errors else 'it said nothing'}")


def fingerprint(lock: Path) -> str:
    digest = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{digest} {sys.version_info[0]}.{sys.version_info[1]} {ROOT}"


def bar(done: int, total: int, name: str) -> None:
    if total and sys.stderr.isatty():
        filled = BAR_WIDTH * min(done, total) // total
        sys.stderr.write(f"\r  [{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {done}/{total} {name[:40]:40}")
        sys.stderr.flush()


def clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * 100 + "\r")


def say(text: str) -> None:
    sys.stderr.write(f"shop: {text}\n")


def fail(text: str) -> NoReturn:
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        fail("stopped; the next start goes on from here.")
    except OSError as error:
        fail(f"{error.filename or 'The system'}: {error.strerror}")
