"""Own PostgreSQL and Valkey: what survives, what is refused, and with which words."""

import importlib.util
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from redis import Redis

from shop_graphql.dev import binaries
from shop_graphql.dev.servers import LocalError, Place, PostgresServer, ValkeyServer, place_for
from tests.dev.processes import LOOPBACK, ROOT, gone, kill, next_line, python

OWNER = """
import asyncio, sys, time
from pathlib import Path
import asyncpg, redis
from shop_graphql.dev.servers import PostgresServer, ValkeyServer, place_for

async def commit(url):
    connection = await asyncpg.connect(url)
    await connection.execute("create table kept as select 7 as number")

place, folder = place_for(Path(sys.argv[1])), Path(sys.argv[2])
postgres = PostgresServer(place, folder / "postgres", password="shop", superuser_password="super")
valkey = ValkeyServer(place, folder / "valkey", password="shop")
postgres.start()
valkey.start()
asyncio.run(commit(postgres.url))
redis.Redis.from_url(valkey.url).set("kept", 7)
print(postgres.pid, valkey.pid)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def place() -> Place:
    return place_for(ROOT)


@pytest.fixture(scope="module")
def owned(place: Place) -> Iterator[tuple[Path, list[int]]]:
    """A folder with the data of two servers whose owner has been killed, and their process ids."""
    with place.scratch() as folder:
        owner = python("-c", OWNER, str(ROOT), str(folder))
        pids = [int(word) for word in next_line(owner).split()]
        kill(owner)
        yield folder, pids


@pytest.fixture
def kept(place: Place, owned: tuple[Path, list[int]]) -> PostgresServer:
    """The PostgreSQL of the killed owner, to be started again."""
    return PostgresServer(place, owned[0] / "postgres", password="shop", superuser_password="super")


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def test_servers_end_when_their_owner_is_killed(owned: tuple[Path, list[int]]) -> None:
    _, pids = owned

    assert gone(pids)


async def test_second_start_keeps_what_was_acknowledged(
    place: Place, kept: PostgresServer, owned: tuple[Path, list[int]]
) -> None:
    with kept, ValkeyServer(place, owned[0] / "valkey", password="shop") as valkey:
        row = await ask(kept.url, "select number from kept")
        with Redis.from_url(valkey.url) as client:
            value = client.get("kept")

    assert (row, value) == (7, b"7")
    assert not kept.is_running
    assert not valkey.is_running


async def test_running_server_is_durable_and_private(kept: PostgresServer, place: Place) -> None:
    with kept:
        settings = [
            await ask(kept.url, f"show {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "jit", "listen_addresses")
        ]
        superuser = await ask(kept.url, "select rolsuper from pg_roles where rolname = current_user")
        stranger = kept.url.replace("shop:shop", "shop:wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(stranger, "select 1")

    assert settings == ["on", "on", "on", "off", LOOPBACK]
    assert superuser is False
    assert kept.data_dir.stat().st_mode & 0o777 == 0o700
    assert place.uid is None or kept.data_dir.stat().st_uid == place.uid


async def test_server_of_an_earlier_run_is_ended_first(kept: PostgresServer, place: Place) -> None:
    kept.start()

    with PostgresServer(place, kept.data_dir, password="shop") as second:
        answer = await ask(second.url, "select number from kept")

    assert answer == 7
    assert not kept.is_running


def test_record_of_another_process_is_left_alone(kept: PostgresServer) -> None:
    bystander = python("-c", "import time; print('up'); time.sleep(60)")
    next_line(bystander)
    kept.data_dir.with_name("postgres.pid").write_text(f"{bystander.pid} 12345")

    with kept:
        alive = bystander.poll() is None

    kill(bystander)
    assert alive


def test_start_waits_for_sessions_of_a_killed_server(kept: PostgresServer) -> None:
    with kept:
        busy = python(
            "-c",
            "import asyncio, asyncpg, sys\n"
            "async def work():\n"
            "    connection = await asyncpg.connect(sys.argv[1])\n"
            "    print('busy')\n"
            "    await connection.execute('select count(*) from generate_series(1, 6000000) a')\n"
            "asyncio.run(work())",
            kept.url,
        )
        next_line(busy)

        kept._end()
        kept.start()

        assert kept.is_running
    kill(busy)


def test_busy_port_is_named_with_its_holder(kept: PostgresServer) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        kept.port = taken.getsockname()[1]

        with pytest.raises(LocalError, match=rf"Port {kept.port}, wanted for PostgreSQL, is taken.*SHOP_PORT=9000"):
            kept.start()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"PG_VERSION": "17\n", "global/pg_control": ""}, "made by PostgreSQL 17, and this is 18.*rm -r"),
        ({"base/1/112": "", "PG_VERSION": "18\n"}, "no complete PostgreSQL folder.*rm -r"),
    ],
)
def test_unfit_folder_is_refused_in_one_line(place: Place, content: dict[str, str], message: str) -> None:
    with place.scratch() as folder:
        for name, text in content.items():
            (folder / "postgres" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "postgres" / name).write_text(text)

        with pytest.raises(LocalError, match=message) as refused:
            PostgresServer(place, folder / "postgres").start()

        assert "\n" not in str(refused.value)
        assert all((folder / "postgres" / name).read_text() == text for name, text in content.items())


async def test_interrupted_first_start_is_made_anew(place: Place) -> None:
    with place.scratch() as folder:
        (folder / "postgres").mkdir()
        (folder / "postgres.new" / "base").mkdir(parents=True)

        with PostgresServer(place, folder / "postgres", durable=False) as server:
            answer = await ask(server.url, "select upper('straße ü')")

        assert answer == "STRAßE Ü"
        assert not (folder / "postgres.new").exists()
        assert not (folder / "postgres.password").exists()


def test_valkey_that_cannot_start_says_why(place: Place) -> None:
    with place.scratch() as folder:
        manifest = folder / "valkey" / "appendonlydir" / "appendonly.aof.manifest"
        manifest.parent.mkdir(parents=True)
        manifest.write_text("nonsense\n")
        for path in (manifest, manifest.parent, folder / "valkey"):
            place.give(path)

        with pytest.raises(LocalError, match=r"Valkey on port \d+ did not start: .*manifest.* \(the whole log: "):
            ValkeyServer(place, folder / "valkey").start()


def test_programs_of_the_system_serve_as_well(
    place: Place, kept: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_PG_BIN", str(binaries.postgres_programs(place)))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with kept:
        assert kept.is_running


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo 'postgres (PostgreSQL) 15.14'", "is PostgreSQL 15; the shop needs 18"),
        ("echo 'libfoo.so: not found' >&2; exit 127", "does not run on .*libfoo.so: not found"),
    ],
)
def test_unfit_programs_are_refused(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("SHOP_PG_BIN", str(tmp_path))

    with place.scratch() as folder, pytest.raises(LocalError, match=message):
        PostgresServer(place, folder / "postgres").start()


@pytest.mark.parametrize(
    ("server", "instead"), [(PostgresServer, "SHOP_PG_BIN .* or DATABASE_URL"), (ValkeyServer, "REDIS_URL")]
)
def test_machine_without_a_build_hears_what_to_set(
    place: Place, monkeypatch: pytest.MonkeyPatch, server: type[PostgresServer | ValkeyServer], instead: str
) -> None:
    monkeypatch.delenv("SHOP_PG_BIN", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with place.scratch() as folder, pytest.raises(LocalError, match=f"is not installed.*or set {instead}"):
        server(place, folder / "data").start()
