"""Folders, secrets and the environment of a local run."""

import errno
import os
import resource
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from shop_graphql.dev.parts import environment_of, parts_of, read_environment, servers_of, write_environment
from shop_graphql.dev.places import LocalError, Place, explained, place_for, write_private

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root keeps data outside the checkout")


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """An empty checkout; what root keeps for it elsewhere is removed too."""
    path = tmp_path / "checkout"
    path.mkdir()
    base = place_for(path).base
    shutil.rmtree(path / ".shop")
    shutil.rmtree(base, ignore_errors=True)
    yield path
    if base.is_symlink():
        base.unlink()
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def place(checkout: Path) -> Place:
    return place_for(checkout)


def modes(path: Path) -> dict[Path, int]:
    return {parent: parent.stat().st_mode for parent in (path, *path.parents)}


def test_secrets_are_for_their_owner_only(place: Place) -> None:
    write_environment(place, environment_of(place, {}))

    files = [path for path in place.home.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert {"signing_key.pem", "postgres_password", "env"} <= {path.name for path in files}
    assert place.home.stat().st_mode & 0o777 == 0o700


def test_no_permission_of_a_parent_changes(checkout: Path) -> None:
    checkout.chmod(0o700)
    before = modes(checkout)

    place = place_for(checkout)
    servers_of(place, environment_of(place, {}))

    assert modes(checkout) == before


def test_secret_stays_what_it_was(place: Place) -> None:
    first = place.secret("a")

    assert place.secret("a") == first
    assert place_for(place.home.parent).secret("a") == first


@needs_root
def test_folder_of_somebody_else_is_refused(place: Place, checkout: Path, tmp_path: Path) -> None:
    place.base.joinpath("instance").unlink()
    place.base.rmdir()
    place.base.symlink_to(tmp_path)

    with pytest.raises(LocalError, match=f"{place.base} is not a folder of this user"):
        place_for(checkout)


@needs_root
def test_data_of_a_removed_checkout_is_forgotten(place: Place, checkout: Path) -> None:
    (place.data("postgres")).mkdir()
    shutil.rmtree(place.home)

    again = place_for(checkout)

    assert not again.data("postgres").exists()


def test_scratch_of_a_dead_process_is_swept(place: Place) -> None:
    with place.scratch() as mine:
        dead = mine.with_name("4194304-left")
        dead.mkdir()

        with place.scratch():
            swept = not dead.exists() and mine.exists()

    assert swept
    assert not mine.exists()


@pytest.mark.parametrize(
    ("code", "remedy"), [(errno.ENOSPC, "free some space"), (errno.EROFS, "read-only"), (errno.EACCES, "another user")]
)
def test_refusal_of_the_system_says_what_to_do(code: int, remedy: str) -> None:
    with pytest.raises(LocalError, match=f"Doing it failed: .*/x.*{remedy}") as refused, explained("Doing it"):
        raise OSError(code, os.strerror(code), "/x")

    assert "\n" not in str(refused.value)


def test_full_disk_leaves_the_former_text(tmp_path: Path) -> None:
    path = tmp_path / "env"
    write_private(path, "former")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))

    try:
        with pytest.raises(LocalError, match=f"Writing {path} failed: File too large"):
            write_private(path, "x" * 8192)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert path.read_text() == "former"
    assert list(tmp_path.iterdir()) == [path]


def test_long_log_is_put_aside(place: Place) -> None:
    log = place.log("api")
    log.write_bytes(b"x" * (10 * 1024 * 1024 + 1))

    assert not place.log("api").exists()
    assert log.with_suffix(".log.1").stat().st_size > 10 * 1024 * 1024


def test_everything_is_embedded_where_nothing_is_set(place: Place) -> None:
    environment = environment_of(place, {"SHOP_PORT": "9000"})

    assert environment.embedded == {"postgres", "valkey", "gateway", "inbox"}
    assert [part.name for part in parts_of(environment)] == ["gateway", "inbox", "api", "worker", "relay"]
    assert sorted(port for part in parts_of(environment) for port in part.ports) == [9000, 9001, 9002, 9003]
    assert [server.port for server in servers_of(place, environment)] == [9005, 9004]


@pytest.mark.parametrize(
    ("given", "replaced"),
    [
        ({"DATABASE_URL": "postgresql://u:p@db/shop"}, {"postgres"}),
        ({"REDIS_URL": "redis://cache"}, {"valkey"}),
        ({"SMTP_URL": "smtp://mail"}, set()),
        ({"SMTP_URL": "smtp://mail", "SMS_URL": "http://sms"}, {"inbox"}),
        ({"STRIPE_API_KEY": "sk_test_mine"}, {"gateway"}),
    ],
)
def test_real_service_replaces_the_embedded_one(place: Place, given: dict[str, str], replaced: set[str]) -> None:
    environment = environment_of(place, given)

    assert {"postgres", "valkey", "gateway", "inbox"} - environment.embedded == replaced
    assert {name: environment.variables[name] for name in given} == given
    assert not ("gateway" in replaced and "STRIPE_API_URL" in environment.variables)


def test_shell_that_read_the_file_replaces_nothing(place: Place) -> None:
    first = environment_of(place, {"MAIL_FROM": "x@example.com", "SHOP_PUBLIC_URL": "http://a b&c"})
    write_environment(place, first)

    again = environment_of(place, read_environment(place))

    assert again == first


@pytest.mark.parametrize("port", ["0", "65531", "http"])
def test_impossible_port_is_refused(place: Place, port: str) -> None:
    with pytest.raises(LocalError, match=f"SHOP_PORT is {port}; it must be"):
        environment_of(place, {"SHOP_PORT": port})
