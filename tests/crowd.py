"""Many shoppers at once, each on a connection of their own."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import text

from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds

T = TypeVar("T")

AT_ONCE = 50
"""Connections that are really open at the same time; a test's PostgreSQL has 100."""


@asynccontextmanager
async def crowd(database_url: str) -> AsyncIterator[Database]:
    """A database with `AT_ONCE` connections open already, so that a race is about rows and not about connecting."""
    database = Database(database_url, ids=TimeOrderedIds(), pool_size=AT_ONCE)
    try:
        async with AsyncExitStack() as stack:
            for _ in range(AT_ONCE):
                await stack.enter_async_context(database.engine.connect())
        yield database
    finally:
        await database.close()


async def together(shoppers: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """All at once, `AT_ONCE` at a time; an error cancels the others. Results in their order."""
    doors = asyncio.Semaphore(AT_ONCE)

    async def enter(shopper: Coroutine[Any, Any, T]) -> T:
        async with doors:
            return await shopper

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(enter(shopper)) for shopper in shoppers]
    return [task.result() for task in tasks]


async def deadlocks(db: Database) -> int:
    """How many deadlocks this database has ever had."""
    async with db.write() as session:
        await session.execute(text("select pg_stat_force_next_flush()"))
    statement = text("select deadlocks from pg_stat_database where datname = current_database()")
    return (await db.reader.fetch(statement, into=int))[0]
