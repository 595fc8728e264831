"""Databases for tests: one that is wiped after each test, and clones for those that need their own."""

import asyncpg

from shop_graphql.dev.servers import PostgresServer

EMPTIED_BEFORE = """
create function leftovers() returns setof text language plpgsql as $$
declare
    name text; found bool;
begin
    for name in
        select oid::regclass::text from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace
          and relname not in ('alembic_version', 'event_sequencer')
    loop
        execute format('select exists (select from %s)', name) into found;
        if found then return next name; end if;
    end loop;
end $$
"""


async def as_superuser(postgres: PostgresServer, *statements: str, database: str = "postgres") -> None:
    """Run `statements` one by one, outside any transaction."""
    connection = await asyncpg.connect(postgres.superuser_url.removesuffix("/postgres") + f"/{database}")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def clone(postgres: PostgresServer, name: str) -> str:
    """The URL of a fresh database with every table; about a second."""
    await as_superuser(postgres, f"create database {name} template shop owner shop strategy file_copy")
    return postgres.url.removesuffix("/shop") + f"/{name}"


async def wipe(postgres: PostgresServer, database: str) -> None:
    """Every row is gone, append-only or not: triggers and foreign keys sleep meanwhile. Some milliseconds."""
    connection = await asyncpg.connect(postgres.superuser_url.removesuffix("/postgres") + f"/{database}")
    try:
        await connection.execute("set session_replication_role = replica; set lock_timeout = '10s'")
        tables = [row[0] for row in await connection.fetch("select leftovers()")]
        deletions = "".join(f"delete from {table};" for table in tables)
        await connection.execute(f"begin; {deletions} update event_sequencer set last_position = 0; commit")
    finally:
        await connection.close()
