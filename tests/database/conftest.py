"""What every test of the database starts from.

Most roll back what they do, so nothing is wiped after them. Those that commit ask for `own_db`.
"""

import os
from collections.abc import AsyncIterator

import pytest

from shop_graphql.dev.servers import PostgresServer
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.ids import TimeOrderedIds
from tests.database.rows import World, a_world
from tests.databases import as_superuser


@pytest.fixture
async def db(shared_database: str) -> AsyncIterator[Database]:
    database = Database(shared_database, ids=TimeOrderedIds())
    yield database
    await database.close()


@pytest.fixture
async def own_db(own_database_url: str) -> AsyncIterator[Database]:
    """A database of the test's own, for what must be committed."""
    database = Database(own_database_url, ids=TimeOrderedIds(), pool_size=10)
    yield database
    await database.close()


@pytest.fixture
async def empty_database_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """A database without any table, gone after the test."""
    name = f"empty_{os.getpid()}"
    await as_superuser(postgres, f"create database {name} owner shop")
    yield postgres.url.removesuffix("/shop") + f"/{name}"
    await as_superuser(postgres, f"drop database {name} with (force)")


@pytest.fixture
async def world(session: WriteSession) -> World:
    return await a_world(session)
