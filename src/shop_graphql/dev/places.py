"""Where the local environment keeps its things, and as whom its servers run.

A normal user's place is the folder `.shop` of the checkout. PostgreSQL refuses to run as root, so root's
servers run as the owner of the checkout, or as nobody where root owns it, with their programs and data under
`/var/tmp/shop-<hash of the checkout's path>`; the rest stays in `.shop`. This module never changes a
permission of a folder that it has not made.
"""

import errno
import hashlib
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534
"""User and group of the servers when root owns the checkout too."""

LOG_BYTES = 10 * 1024 * 1024
"""A log longer than this is put aside as `<name>.log.1` at the next start."""


REMEDIES = {
    errno.ENOSPC: "The disk is full: free some space and start again.",
    errno.EDQUOT: "Your disk quota is used up: free some space and start again.",
    errno.EROFS: "The disk is read-only: use a checkout that can be written to.",
    errno.EACCES: "It belongs to another user: remove it, or start as that user.",
    errno.EPERM: "It belongs to another user: remove it, or start as that user.",
}
"""What to do about what the system refuses."""


class LocalError(Exception):
    """The local environment cannot go on. The message says in one line what happened and what to do."""


@dataclass(frozen=True)
class Place:
    """Folders of one checkout: `home` for secrets and logs, `base` for what the servers must reach."""

    home: Path
    base: Path
    uid: int | None
    """The user that servers become; None where they run as the present one."""
    gid: int | None

    def data(self, name: str) -> Path:
        """The folder that keeps the data of one server between runs; its server makes it."""
        return folder(self.base / "data", 0o711) / name

    def log(self, name: str) -> Path:
        """The log file of one part, put aside first when it has grown long."""
        path = folder(self.home / "logs", 0o700) / f"{name}.log"
        with explained(f"Looking after {path}"):
            if path.exists() and path.stat().st_size > LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
        return path

    def secret(self, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
        """The secret of that name, made at its first use and readable by its owner only."""
        path = self.secret_path(name)
        with explained(f"Keeping the secret {path}"):
            if not path.exists():
                write_private(path, make(), replace=False)
            return path.read_text()

    def secret_path(self, name: str) -> Path:
        return folder(self.home / "secrets", 0o700) / name

    def give(self, path: Path) -> None:
        """The file or folder belongs to the servers' user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """A folder for servers whose data nobody needs afterwards; those of killed processes are swept first."""
        scratches = folder(self.base / "scratch", 0o711)
        with explained(f"Sweeping {scratches}"):
            for old in scratches.iterdir():
                if not _alive(int(old.name.partition("-")[0])):
                    shutil.rmtree(old, ignore_errors=True)
        mine = folder(scratches / f"{os.getpid()}-{secrets.token_hex(4)}", 0o711)
        try:
            yield mine
        finally:
            shutil.rmtree(mine, ignore_errors=True)


def place_for(checkout: Path) -> Place:
    """The place of that checkout, its folders made.

    Raises: LocalError where a folder cannot be made or belongs to somebody else.
    """
    checkout = checkout.resolve()
    home = folder(checkout / ".shop", 0o700)
    if os.geteuid() != 0:
        return Place(home, home, None, None)
    uid, gid = _server_identity(checkout)
    name = hashlib.sha256(str(checkout).encode()).hexdigest()[:12]
    place = Place(home, folder(Path("/var/tmp") / f"shop-{name}", 0o711), uid, gid)  # noqa: S108  # checked by folder()
    _forget_former_checkout(place)
    return place


def folder(path: Path, mode: int) -> Path:
    """`path` as a real folder of this user, writable by nobody else; made with `mode` where absent."""
    with explained(f"Making the folder {path}"):
        try:
            path.mkdir()
            path.chmod(mode)
        except FileExistsError:
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
                raise LocalError(
                    f"{path} is not a folder of this user that nobody else can write to. See what it is, remove it,"
                    " start again."
                ) from None
    return path


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """The file holds `text`, whole or not at all, for its owner only; without `replace` the first text stays.

    Raises: LocalError where it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with explained(f"Writing {path}"):
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
            # A link is refused where the name is taken, which a rename is not.
            with suppress(FileExistsError):
                (os.replace if replace else os.link)(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def explained(doing: str) -> Iterator[None]:
    """What the system refuses inside this block leaves it as a LocalError that says what to do."""
    try:
        yield
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, "Mend that and start again.")
        raise LocalError(f"{doing} failed: {error.strerror} ({error.filename}). {remedy}") from error


def _server_identity(checkout: Path) -> tuple[int, int]:
    owner = checkout.stat()
    try:
        # initdb wants a user that has a name; the owner of a mounted checkout may have none here.
        pwd.getpwuid(owner.st_uid)
    except KeyError:
        return NOBODY, NOBODY
    return (owner.st_uid, owner.st_gid) if owner.st_uid != 0 else (NOBODY, NOBODY)


def _forget_former_checkout(place: Place) -> None:
    """Data that a removed `.shop` left behind under `base` is gone, as it is for a normal user."""
    instance = place.secret("instance")
    with explained(f"Looking after {place.base}"):
        stamp = place.base / "instance"
        if not stamp.exists() or stamp.read_text() != instance:
            shutil.rmtree(place.base / "data", ignore_errors=True)
            write_private(stamp, instance)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
