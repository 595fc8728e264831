"""Migrations that run while the shop is open, go back to nothing, and agree with the models."""

import asyncio
import sys
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory

from shop_graphql.platform import migrations
from shop_graphql.platform.migrations import check, current_is_head, downgrade, upgrade
from tests.waiting import until

EVERYTHING = """
select count(*) from (
    select oid from pg_class where relnamespace = 'public'::regnamespace and relname not like 'alembic_version%'
    union all
    select p.oid from pg_proc p left join pg_depend d on d.objid = p.oid and d.deptype = 'e'
    where pronamespace = 'public'::regnamespace and d.objid is null
) left_over
"""
"""Tables, indexes, sequences and functions that belong to no extension."""
MIGRATOR = """
select true from pg_stat_activity where datname = current_database() and application_name = 'shop migrations'
"""


async def test_the_tables_agree_with_the_models(own_database_url: str) -> None:
    await asyncio.to_thread(check, own_database_url)


async def test_a_difference_between_tables_and_models_is_found(own_database_url: str) -> None:
    connection = await asyncpg.connect(own_database_url)
    await connection.execute("alter table products drop column seo_title")
    await connection.close()

    with pytest.raises(Exception, match="seo_title"):
        await asyncio.to_thread(check, own_database_url)


async def test_all_migrations_go_back_to_nothing_and_up_again(own_database_url: str) -> None:
    connection = await asyncpg.connect(own_database_url)

    await asyncio.to_thread(downgrade, own_database_url, "base")
    assert await connection.fetchval(EVERYTHING) == 0
    assert not await asyncio.to_thread(current_is_head, own_database_url)

    await asyncio.to_thread(upgrade, own_database_url)
    assert await asyncio.to_thread(current_is_head, own_database_url)
    await connection.close()


async def test_an_empty_database_is_not_the_newest(empty_database_url: str) -> None:
    assert not await asyncio.to_thread(current_is_head, empty_database_url)


async def test_two_upgrades_at_once_are_one(empty_database_url: str) -> None:
    program = "import sys; from shop_graphql.platform.migrations import upgrade; upgrade(sys.argv[1])"
    both = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_database_url) for _ in range(2)]

    assert await asyncio.gather(*(process.wait() for process in both)) == [0, 0]
    assert await asyncio.to_thread(current_is_head, empty_database_url)


async def test_a_migration_waits_for_locks_in_short_tries(own_database_url: str) -> None:
    connection = await asyncpg.connect(own_database_url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute("lock table notification_deliveries in access share mode")

    going_back = asyncio.create_task(asyncio.to_thread(downgrade, own_database_url, "0013"))
    reader = await asyncpg.connect(own_database_url)
    await until(lambda: reader.fetchval(MIGRATOR + " and wait_event_type = 'Lock'"))
    # The refused migration does not keep a reader waiting longer than its own try.
    await asyncio.wait_for(reader.fetch("select count(*) from notification_deliveries"), timeout=3)
    assert not going_back.done()
    await transaction.rollback()
    await asyncio.wait_for(going_back, timeout=10)

    assert await reader.fetchval("select to_regclass('notification_deliveries')") is None
    await asyncio.gather(connection.close(), reader.close())


async def test_an_index_is_built_while_others_write(
    own_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Path(migrations.__file__).parents[3] / "migrations"
    for name in ("env.py", "script.py.mako"):
        (tmp_path / name).write_text((source / name).read_text())
    (tmp_path / "versions").mkdir()
    for version in (source / "versions").glob("*.py"):
        (tmp_path / "versions" / version.name).write_text(version.read_text())
    head = ScriptDirectory(str(source)).get_current_head()
    (tmp_path / "versions" / "9999_index.py").write_text(
        f"""
from alembic import op
from shop_graphql.platform.migrations import concurrently
revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None
def upgrade():
    with concurrently():
        op.execute("drop index concurrently if exists ix_brands_name")
        op.execute("create index concurrently ix_brands_name on brands (name)")
"""
    )
    monkeypatch.setattr(migrations, "PLACES", (tmp_path,))
    writer, watcher = [await asyncpg.connect(own_database_url) for _ in range(2)]
    transaction = writer.transaction()
    await transaction.start()
    insert = "insert into brands (id, name, slug) values (gen_random_uuid(), $1, $1)"
    await writer.execute(insert, "before")

    building = asyncio.create_task(asyncio.to_thread(upgrade, own_database_url))
    # Longer than the lock timeout: it waits for the open transaction instead of failing.
    waiting = " and wait_event_type = 'Lock' and clock_timestamp() - query_start > interval '1.2 s'"
    await until(lambda: watcher.fetchval(MIGRATOR + waiting))
    assert not building.done()
    await writer.execute(insert, "meanwhile")
    await transaction.commit()
    await asyncio.wait_for(building, timeout=10)

    assert await writer.fetchval("select indisvalid from pg_index where indexrelid = 'ix_brands_name'::regclass")
    await asyncio.gather(writer.close(), watcher.close())
