"""The shop's role reads and writes rows; tables, partitions and the order of migrations are somebody else's."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from shop_graphql.cli import app
from shop_graphql.cli import environment as cli_environment
from shop_graphql.dev.servers import PostgresServer
from shop_graphql.platform.db import Database
from shop_graphql.platform.grants import grant_rights
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.migrations import current_is_head
from shop_graphql.platform.partitions import ensure_partitions
from tests.databases import as_superuser

LATER = datetime(2031, 5, 2, tzinfo=UTC)
ROLE = "shop_only"

OWNERS_BUSINESS = (
    "create table mine ()",
    "drop table jobs",
    "alter table orders add column mine int",
    "alter table ledger_entries disable trigger all",
    "truncate audit_entries",
    "update alembic_version set version_num = '0001'",
    "select add_partition('events', 'events_p9', '90000000', '100000000')",
    "select make_append_only('orders')",
    "create index on orders (number)",
    "set session_replication_role = replica",
)

NO_PARTITIONS = (
    ("jobs", "jobs_2031"),
    ("orders", "events_p7"),
    ("orders", "orders_2031; drop table jobs"),
    ("orders", "orders_2031_01 for each row execute function forbid_change(); --"),
    ('orders"', 'orders"_2031'),
    ("pg_class", "pg_class_2031"),
)


@pytest.fixture
async def limited_url(postgres: PostgresServer, own_database_url: str) -> AsyncIterator[str]:
    """The test's own database as a role that owns nothing there and has been given its rights."""
    await as_superuser(postgres, f"create role {ROLE} login password 'p'")
    url = make_url(own_database_url).set(username=ROLE, password="p").render_as_string(hide_password=False)
    await asyncio.to_thread(grant_rights, own_database_url, url)
    yield url
    name = make_url(own_database_url).database
    assert name
    await as_superuser(postgres, f"drop owned by {ROLE}", database=name)
    await as_superuser(postgres, f"drop role {ROLE}")


@pytest.fixture
async def limited(limited_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(limited_url)
    yield connection
    await connection.close()


async def test_rows_of_every_table_may_be_read_and_written(limited: asyncpg.Connection) -> None:
    refused = await limited.fetch(
        """
        select relname, wanted from pg_class, unnest(array['select', 'insert', 'update', 'delete']) wanted
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
          and relname <> 'alembic_version' and not has_table_privilege(oid, wanted)
        """
    )

    assert [tuple(row) for row in refused] == []


async def test_nothing_else_may_be_done_with_a_table(limited: asyncpg.Connection) -> None:
    allowed = await limited.fetch(
        """
        select relname, wanted from pg_class, unnest(array['truncate', 'references', 'trigger', 'maintain']) wanted
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and has_table_privilege(oid, wanted)
        """
    )

    assert [tuple(row) for row in allowed] == []


async def test_partitions_are_reached_through_their_table_alone(limited: asyncpg.Connection) -> None:
    reached = await limited.fetch(
        """
        select relname from pg_class where relispartition and relkind = 'r'
          and has_table_privilege(oid, 'select, insert, update, delete')
        """
    )

    assert reached == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await limited.execute("select from events_p0")
    await limited.execute("select from events")


async def test_what_belongs_to_the_owner_is_refused(limited: asyncpg.Connection) -> None:
    for statement in OWNERS_BUSINESS:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await limited.execute(statement)


async def test_partitions_are_made_on_its_behalf(limited_url: str, limited: asyncpg.Connection) -> None:
    db = Database(limited_url, ids=TimeOrderedIds(), pool_size=1)
    async with db.write() as session:
        made = await ensure_partitions(session, now=LATER)
    await db.close()

    assert "orders_2031" in made
    owners = "select distinct tableowner from pg_tables where tablename = any($1)"
    assert await limited.fetchval(owners, made) == "shop"
    assert not await limited.fetchval("select has_table_privilege('orders_2031', 'insert')")


async def test_nothing_else_is_made_on_its_behalf(limited: asyncpg.Connection) -> None:
    for parent, child in NO_PARTITIONS:
        with pytest.raises(asyncpg.InvalidNameError):
            await limited.execute("select make_partition($1, $2, '0', '1')", parent, child)


async def test_migrate_gives_the_rights_where_another_role_owns_the_tables(
    postgres: PostgresServer, own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = make_url(own_database_url).database
    assert name
    await as_superuser(postgres, "create role shop_fresh login password 'p'")
    url = make_url(own_database_url).set(username="shop_fresh", password="p").render_as_string(hide_password=False)
    monkeypatch.setattr(cli_environment, "LOCAL", tmp_path / "env")
    told = {"DATABASE_URL": url, "MIGRATIONS_DATABASE_URL": own_database_url, "REDIS_URL": "redis://x"}
    for variable, value in (told | {"SHOP_SIGNING_KEY": "x"}).items():
        monkeypatch.setenv(variable, value)

    # In a thread: a command starts a loop of its own.
    for _ in range(2):
        result = await asyncio.to_thread(CliRunner().invoke, app, ["migrate"])
        assert result.exit_code == 0, result.output

    assert await asyncio.to_thread(current_is_head, url)
    await as_superuser(postgres, "drop owned by shop_fresh", database=name)
    await as_superuser(postgres, "drop role shop_fresh")
