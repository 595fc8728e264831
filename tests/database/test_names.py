"""Every constraint and index is called by one rule, every foreign key can be followed backwards by an index, and
the migrations make exactly what the models say."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import shop_graphql
from shop_graphql.platform.db import Row, WriteSession, async_url

PREFIX = {"p": "pk", "u": "uq", "f": "fk", "c": "ck", "x": "ex"}
NOT_OURS = "alembic_version"

NOT_INDEXED = {
    "fk_user_roles_granted_by": "users are never deleted, and nobody asks whom an admin appointed",
    "fk_stock_reservations_stock_item_id": "only holds are looked up by item; stock items are never deleted",
    "fk_sessions_user_id": "only live sessions are looked up by user; users are never deleted",
}
"""Foreign keys without an index of all their rows, and why that is right."""

CONSTRAINTS = """
select relname, conname, contype::text, pg_get_constraintdef(c.oid) as definition
from pg_constraint c join pg_class t on t.oid = conrelid
where t.relnamespace = 'public'::regnamespace and not relispartition and conparentid = 0 and contype <> 'n'
and relname <> 'alembic_version' order by conname
"""
INDEXES = """
select tablename, indexname, indexdef from pg_indexes join pg_class t on t.oid = format('%I', tablename)::regclass
where schemaname = 'public' and not relispartition and tablename <> 'alembic_version' order by indexname
"""
STORAGE = "select relname, reloptions from pg_class where relname = any(:tables) order by relname"
UNFOLLOWED = """
select conname from pg_constraint f join pg_class t on t.oid = conrelid
where contype = 'f' and conparentid = 0 and not relispartition and not exists (
    -- A partial index serves when its condition is that the column itself is there.
    select from pg_index where indrelid = conrelid and indkey[0] = conkey[1] and (
        indpred is null
        or pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)',
            (select attname from pg_attribute where attrelid = conrelid and attnum = conkey[1]))
    )
)
"""


async def found(session: WriteSession, query: str) -> list[Any]:
    return list((await session.execute(text(query))).all())


async def test_every_constraint_is_named_after_its_table(session: WriteSession) -> None:
    constraints = await found(session, CONSTRAINTS)

    wrong = [name for table, name, kind, _ in constraints if not name.startswith(f"{PREFIX[kind]}_{table}")]

    assert len(constraints) > 200
    assert wrong == []


async def test_every_index_is_named_after_its_table(session: WriteSession) -> None:
    indexes = await found(session, INDEXES)

    wrong = [name for table, name, _ in indexes if not re.match(f"(pk|uq|ix|ex)_{table}(_|$)", name)]

    assert len(indexes) > 100
    assert wrong == []


async def test_partitions_name_their_keys_as_the_parent_does(session: WriteSession) -> None:
    # Checks and foreign keys keep the parent's name; keys and indexes carry the partition's.
    wrong = await found(
        session,
        """
        select conname from pg_constraint c join pg_class t on t.oid = conrelid
        where relispartition and contype <> 'n' and conname not similar to '(pk|uq|fk|ck)\\_%'
        union all
        select i.relname from pg_index x join pg_class i on i.oid = indexrelid join pg_class t on t.oid = indrelid
        where t.relispartition and t.relnamespace = 'public'::regnamespace
        and i.relname !~ ('^(pk|uq|ix)_' || t.relname || '(_|$)')
        """,
    )

    assert wrong == []


async def test_every_foreign_key_has_an_index(session: WriteSession) -> None:
    bare = {row.conname for row in await found(session, UNFOLLOWED)}

    assert bare == set(NOT_INDEXED)


@pytest.fixture
async def tables_made_from_models(empty_database_url: str) -> AsyncIterator[dict[str, list[Any]]]:
    """What PostgreSQL says of a database that was made by the models alone."""
    engine = create_async_engine(async_url(empty_database_url), poolclass=NullPool)
    async with engine.begin() as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gist", "fuzzystrmatch"):
            await connection.execute(text(f"create extension {extension}"))
        await connection.run_sync(Row.metadata.create_all)
        yield {query: list((await connection.execute(text(query))).all()) for query in (CONSTRAINTS, INDEXES)}


async def test_migrations_make_what_the_models_say(
    session: WriteSession, tables_made_from_models: dict[str, list[Any]]
) -> None:
    # alembic compares neither CHECK nor EXCLUDE constraints, nor the conditions of partial indexes.
    for query, expected in tables_made_from_models.items():
        migrated = {tuple(row) for row in await found(session, query)}

        assert migrated - {tuple(row) for row in expected} == set()
        assert {tuple(row) for row in expected} - migrated == set()


async def test_storage_settings_are_those_of_the_models(session: WriteSession) -> None:
    said = {
        table.name: sorted(f"{name}={value}" for name, value in table.dialect_options["postgresql"]["with"].items())
        for table in Row.metadata.sorted_tables
        if table.dialect_options["postgresql"].get("with")
    }

    rows = await session.execute(text(STORAGE), {"tables": list(said)})

    assert {name: sorted(options) for name, options in rows} == said


def test_every_domain_with_tables_is_known_to_the_models() -> None:
    folders = Path(shop_graphql.__file__).parent.glob("*/models*")

    known = {mapper.class_.__module__.split(".")[1] for mapper in Row.registry.mappers}

    assert {folder.parent.name for folder in folders} <= known
