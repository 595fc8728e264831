"""The scripts that the compose file mounts make a primary with its roles, and a standby that follows it."""

from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from shop_graphql.dev.processes import wait_until
from shop_graphql.dev.servers import place_for
from tests.conftest import ROOT
from tests.deploy.databases import ContainerPostgres
from tests.waiting import until

SLOT = "select active from pg_replication_slots where slot_name = 'replica' and slot_type = 'physical'"


def standby_of(primary: ContainerPostgres, folder: Path) -> ContainerPostgres:
    return ContainerPostgres(
        primary.place,
        folder / "data",
        service="replica",
        primary_port=primary.port,
        values=primary.values,
        scripts=primary.scripts,
    )


@pytest.fixture(scope="module")
def standby(primary: ContainerPostgres, container_scratch: Path) -> Iterator[ContainerPostgres]:
    folder = container_scratch / "standby"
    folder.mkdir(mode=0o700)
    place_for(ROOT).give(folder)
    server = standby_of(primary, folder)
    server.launch()
    try:
        assert wait_until(server.is_healthy, 30), server.log.read_text()
        yield server
    finally:
        server.stop()


async def test_rows_of_the_primary_appear_on_the_standby(
    primary: ContainerPostgres, standby: ContainerPostgres, values: dict[str, str]
) -> None:
    writer = await asyncpg.connect(primary.url_of("shop_owner", values["OWNER_PASSWORD"]))
    reader = await asyncpg.connect(standby.url_of("shop_owner", values["OWNER_PASSWORD"]))

    await writer.execute("create table crossings (what text); insert into crossings values ('a row')")

    async def arrived() -> bool:
        found = await reader.fetchval("select to_regclass('crossings')")
        return found is not None and await reader.fetchval("select what from crossings") == "a row"

    await until(arrived)
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await reader.execute("insert into crossings values ('another')")
    await writer.execute("drop table crossings")
    await writer.close()
    await reader.close()


async def test_the_primary_keeps_what_the_standby_has_not_read(
    primary: ContainerPostgres, standby: ContainerPostgres, values: dict[str, str]
) -> None:
    watcher = await asyncpg.connect(primary.url_of("postgres", values["POSTGRES_PASSWORD"], "postgres"))
    assert await watcher.fetchval(SLOT) is True

    standby.stop()

    async def is_left() -> bool:
        return await watcher.fetchval(SLOT) is False

    await until(is_left)
    assert not standby.is_healthy()
    # The folder is there, so this start copies nothing and goes on where it was.
    made = (standby.data_dir / "PG_VERSION").stat().st_mtime_ns
    standby.launch()
    assert wait_until(standby.is_healthy, 30), standby.log.read_text()
    assert (standby.data_dir / "PG_VERSION").stat().st_mtime_ns == made
    await watcher.close()


async def test_roles_may_do_what_they_are_for_and_no_more(primary: ContainerPostgres, values: dict[str, str]) -> None:
    admin = await asyncpg.connect(primary.url_of("postgres", values["POSTGRES_PASSWORD"], "postgres"))
    powers = await admin.fetch(
        "select rolname, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls, rolreplication from pg_roles"
        " where rolname like 'shop%' order by 1"
    )

    assert [tuple(row) for row in powers] == [
        ("shop", False, False),
        ("shop_owner", False, False),
        ("shop_replica", False, True),
    ]
    assert await admin.fetchval("select datdba::regrole::text from pg_database where datname = 'shop'") == "shop_owner"
    assert await admin.fetchval("show wal_level") == "replica"
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await admin.fetchval(f"show {setting}") == "on"
    await admin.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(primary.url_of("shop_replica", values["REPLICA_PASSWORD"]))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(primary.url_of("shop", values["OWNER_PASSWORD"]))


def test_a_replica_that_is_refused_leaves_nothing_behind(
    primary: ContainerPostgres, container_scratch: Path, values: dict[str, str]
) -> None:
    folder = container_scratch / "refused"
    folder.mkdir(mode=0o700)
    primary.place.give(folder)
    server = standby_of(primary, folder)
    server.values = values | {"REPLICA_PASSWORD": "wrong"}

    server.launch()

    assert wait_until(lambda: not server.is_running, 20)
    assert "password authentication failed" in server.log.read_text()
    assert not (folder / "data").exists()
