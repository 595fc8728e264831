"""Partitions that are there before anybody needs them."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest

from shop_graphql.audit.models import AuditEntry
from shop_graphql.audit.states import ActorKind
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.partitions import ensure_partitions, needed, uuid_floor
from tests.database.rows import NOW, World, a_user, an_order, new_id, refusal, sql

LATER = datetime(2029, 11, 15, tzinfo=UTC)


async def ensure(db: Database) -> list[str]:
    async with db.write() as session:
        return await ensure_partitions(session, now=LATER)


async def test_every_partitioned_table_is_looked_after(session: WriteSession) -> None:
    partitioned = await session.scalars(sql("select relname from pg_class where relkind = 'p'"))

    assert set(partitioned) == {partition.parent for partition in needed(NOW, 0)}


async def test_nothing_is_missing_after_the_migrations(session: WriteSession) -> None:
    assert await ensure_partitions(session, now=NOW) == []


async def test_months_and_years_ahead_are_made_once(session: WriteSession) -> None:
    made = await ensure_partitions(session, now=LATER)

    months = ("2029_11", "2029_12", "2030_01", "2030_02")
    assert {name for name in made if name.startswith("stock")} == {f"stock_movements_{month}" for month in months}
    assert {name for name in made if name.startswith("orders")} == {"orders_2029", "orders_2030"}
    assert len(made) == 3 * 4 + 5 * 2
    assert await ensure_partitions(session, now=LATER) == []


@pytest.mark.parametrize(
    ("position", "made"),
    [
        (4_999_999, []),
        (5_000_000, ["events_p1"]),
        (31_000_000, ["events_p3"]),
        (35_000_000, ["events_p3", "events_p4"]),
    ],
)
async def test_the_feed_grows_five_million_ahead(session: WriteSession, position: int, made: list[str]) -> None:
    await session.execute(sql("update event_sequencer set last_position = :position", position=position))

    assert await ensure_partitions(session, now=NOW) == made


async def test_a_new_partition_takes_rows_and_guards_them(session: WriteSession, world: World) -> None:
    await ensure_partitions(session, now=LATER)
    session.add(an_order(world.buyer, at=LATER))
    entry = {"actor_kind": ActorKind.SYSTEM, "action": "look", "subject_type": "order", "created_at": LATER}
    session.add(AuditEntry(id=new_id(LATER), **entry))
    await session.flush()

    assert await session.scalar(sql("select count(*) from orders_2029")) == 1
    assert await refusal(session, an_order(world.buyer, at=LATER)) == "uq_orders_2029_number"
    assert await refusal(session, an_order(world.buyer, at=LATER, digits=2, total_minor=1)) == "ck_orders_total"
    assert await refusal(session, sql("delete from audit_entries_2029_11")) == "audit_entries_append_only"
    assert await refusal(session, sql("truncate audit_entries_2029_11")) == "audit_entries_no_truncate"


async def test_two_at_once_make_each_partition_once(own_db: Database) -> None:
    async with asyncio.TaskGroup() as group:
        both = [group.create_task(ensure(own_db)) for _ in range(2)]

    assert sorted(len(task.result()) for task in both) == [0, 22]


async def test_readers_go_on_while_partitions_are_made(own_db: Database) -> None:
    async with own_db.write() as reading, own_db.write() as making:
        await reading.execute(sql("select count(*) from orders"))

        # The reader's transaction is still open: attaching waits for writers, and never for it.
        assert "orders_2029" in await ensure_partitions(making, now=LATER)


async def test_waiting_for_a_writer_ends_soon(own_db: Database) -> None:
    async with own_db.write() as writing:
        writing.add(a_user())
        await writing.flush()

        with pytest.raises(ServiceUnavailable) as busy:
            await ensure(own_db)

    assert "lock timeout" in str(busy.value.__cause__)


def test_before_the_first_year_nothing_is_asked_for() -> None:
    early = needed(datetime(2024, 5, 1, tzinfo=UTC), 0)

    assert early == needed(datetime(2026, 1, 1, tzinfo=UTC), 0)


async def test_bounds_are_equal_in_python_and_the_database(session: WriteSession) -> None:
    for at in (NOW, datetime(2026, 1, 1, tzinfo=UTC)):
        assert UUID(uuid_floor(at)) == await session.scalar(sql("select uuid_floor(:at)", at=at))
        assert UUID(uuid_floor(at)) < new_id(at)
