"""How migrations run: one transaction each, under a short lock timeout, one migrator at a time.

A migration that waits for a lock makes every later statement on that table wait behind it. So it gives up
after a second, lets the others through and tries again.
"""

import asyncio
import importlib
import os
from pathlib import Path
from typing import Any

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

import shop_graphql
from shop_graphql.platform import idempotency  # noqa: F401  # its table lies outside any domain
from shop_graphql.platform.db import Row, async_url
from shop_graphql.platform.errors import driver_error

LOCK_TIMEOUT_MS = 1_000
ATTEMPTS = 20
"""How often a migration may find a table locked before it is given up."""
ONE_MIGRATOR = 0x5368_6F70
"""Key of the advisory lock; released when the connection closes."""
LOCK_NOT_AVAILABLE = "55P03"


def import_every_domain() -> None:
    """Afterwards the metadata knows every table, whichever domain it belongs to."""
    package = Path(shop_graphql.__file__).parent
    for found in [*package.rglob("models.py"), *package.rglob("models/__init__.py")]:
        folder = found.parent if found.name == "__init__.py" else found.with_suffix("")
        importlib.import_module(".".join(("shop_graphql", *folder.relative_to(package).parts)))


def database_url() -> str:
    """The caller's choice, else DATABASE_URL."""
    return str(context.config.attributes.get("database_url") or os.environ["DATABASE_URL"])


PARTS = text(
    """
    select 'table', relname from pg_class where relispartition
    union all
    -- A foreign key to a partitioned table has one more to each partition.
    select 'foreign_key_constraint', conname from pg_constraint join pg_class table_ on table_.oid = conrelid
    where contype = 'f' and conparentid <> 0 and not relispartition
    """
)
"""What PostgreSQL keeps for partitions and no model speaks of."""


def migrate(connection: Connection) -> None:
    parts = {tuple(row) for row in connection.execute(PARTS)}
    connection.commit()

    def is_ours(name: str | None, kind: str, parents: Any) -> bool:
        return (kind, name) not in parts

    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


async def become_the_only_migrator(connection: Any) -> None:
    # Asked again and again, not waited for: a waiting statement would keep CREATE INDEX CONCURRENTLY from finishing.
    while not await connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": ONE_MIGRATOR}):
        await connection.rollback()
        await asyncio.sleep(0.2)
    await connection.commit()


async def run() -> None:
    settings = {"lock_timeout": str(LOCK_TIMEOUT_MS), "statement_timeout": "0", "application_name": "shop migrations"}
    engine = create_async_engine(
        async_url(database_url()), poolclass=NullPool, connect_args={"server_settings": settings}
    )
    for attempt in range(1, ATTEMPTS + 1):
        async with engine.connect() as connection:
            await become_the_only_migrator(connection)
            try:
                await connection.run_sync(migrate)
                return
            except DBAPIError as error:
                if getattr(driver_error(error), "sqlstate", None) != LOCK_NOT_AVAILABLE or attempt == ATTEMPTS:
                    raise
        # What was finished stays; the next attempt goes on with the migration that was refused.
        await asyncio.sleep(min(0.1 * 2**attempt, 5))


import_every_domain()
asyncio.run(run())
