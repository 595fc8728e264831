"""The real PostgreSQL and Valkey for every test, a database of its own for most, and the shop as a client sees it."""

import asyncio
import itertools
import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import event

from shop_graphql.dev.servers import PostgresServer, ValkeyServer, place_for
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.migrations import upgrade
from shop_graphql.platform.observability import configure_logging
from shop_graphql.platform.settings import Settings, load_settings
from tests.client import Shop
from tests.clock import FixedClock
from tests.databases import EMPTIED_BEFORE, as_superuser, clone, wipe
from tests.sizes import SIZE

ROOT = Path(__file__).parent.parent
NOWHERE = "http://127.0.0.1:9"
"""The discard port: a test that reaches for an outside service it has not started fails at once."""

_numbers = itertools.count(1)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("needs"):
        program, package = marker.args
        if shutil.which(program) is None:
            message = f"{program} is not installed (Debian package {package})"
            (pytest.fail if os.environ.get("SHOP_REQUIRE_PROGRAMS") else pytest.skip)(message)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A race that was won once proves little: `test-full` and `soak` run each again and again."""
    if metafunc.definition.get_closest_marker("race") and SIZE.rounds > 1:
        metafunc.fixturenames.append("race_round")
        metafunc.parametrize("race_round", range(SIZE.rounds))


@pytest.fixture(scope="session", autouse=True)
def logging_as_in_production() -> None:
    """One line of JSON per event: the pretty tracebacks of the default take a third of a second each."""
    configure_logging(json=True, level="INFO")
    # A logger that was kept could not be listened to by the tests that do.
    structlog.configure(cache_logger_on_first_use=False)


@pytest.fixture(scope="session")
def scratch() -> Iterator[Path]:
    """A folder that the servers' user can reach, gone after the run."""
    with place_for(ROOT).scratch() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres(scratch: Path) -> Iterator[PostgresServer]:
    """One PostgreSQL for the run; its database `shop` is the migrated template that others are copied from."""
    with PostgresServer(place_for(ROOT), scratch / "postgres", durable=False) as server:
        upgrade(server.url)
        yield server


@pytest.fixture
def own_postgres(scratch: Path) -> Iterator[PostgresServer]:
    """A PostgreSQL that a test may stop and start again."""
    with PostgresServer(place_for(ROOT), scratch / f"own-postgres-{next(_numbers)}", durable=False) as server:
        upgrade(server.url)
        yield server


@pytest.fixture(scope="session")
def valkey(scratch: Path) -> Iterator[ValkeyServer]:
    with ValkeyServer(place_for(ROOT), scratch / "valkey", durable=False) as server:
        yield server


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer) -> str:
    """The database that most tests use, one after the other."""
    asyncio.run(clone(postgres, "shared"))
    asyncio.run(as_superuser(postgres, EMPTIED_BEFORE, database="shared"))
    return postgres.url.removesuffix("/shop") + "/shared"


@pytest.fixture
async def database_url(postgres: PostgresServer, shared_database: str) -> AsyncIterator[str]:
    """A database with every table and no row; wiped after the test."""
    yield shared_database
    await wipe(postgres, "shared")


@pytest.fixture
async def own_database_url(postgres: PostgresServer) -> AsyncIterator[str]:
    """A database that belongs to one test alone: for those that change tables or kill what is connected."""
    name = f"own_{os.getpid()}_{next(_numbers)}"
    yield await clone(postgres, name)
    await as_superuser(postgres, f"drop database {name} with (force)")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, ids=TimeOrderedIds(), pool_size=20)
    yield database
    await database.close()


@pytest.fixture
async def session(db: Database) -> AsyncIterator[WriteSession]:
    """One transaction that is rolled back after the test."""
    async with db.engine.connect() as connection:
        transaction = await connection.begin()
        async with WriteSession(
            bind=connection,
            ids=TimeOrderedIds(),
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
        ) as session:
            yield session
        await transaction.rollback()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def statements(db: Database) -> list[str]:
    """Every SQL statement that the driver runs from now on; clear it between steps."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(db.engine.sync_engine, "before_cursor_execute", note)
    return seen


@pytest.fixture(scope="session")
def signing_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def gateway_url() -> str:
    """Where the payment gateway is; tests that pay override this with a simulator they have started."""
    return NOWHERE


@pytest.fixture
def settings(database_url: str, valkey: ValkeyServer, signing_key: str, gateway_url: str) -> Settings:
    return load_settings(
        {
            "DATABASE_URL": database_url,
            "REDIS_URL": valkey.url,
            "SHOP_SIGNING_KEY": signing_key,
            "STRIPE_API_URL": gateway_url,
            "SHOP_LOG_LEVEL": "ERROR",
        }
    )


@pytest.fixture
async def services(settings: Settings, db: Database, clock: FixedClock) -> AsyncIterator[Any]:
    """What one API process holds, on this test's database and clock."""
    from shop_graphql.app import services_of

    async with services_of(settings, db=db, clock=clock) as services:
        await services.cache.clear()
        yield services


@pytest.fixture
async def shop(services: Any) -> AsyncIterator[Shop]:
    """The shop as a client sees it: the real application, without a socket in between."""
    from shop_graphql.app import build_app

    transport = httpx.ASGITransport(app=build_app(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
        yield Shop(http)


@pytest.fixture
def graphql(shop: Shop) -> Callable[..., Any]:
    """`await graphql(document, variables, token=…, cart_token=…)` gives the whole answer as a dict."""
    return shop.ask


@pytest.fixture
def run_together() -> Callable[..., Any]:
    """`await run_together(coroutines)`: all at once, an error cancelling the others; results in their order."""

    async def together(coroutines: list[Any]) -> list[Any]:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coroutine) for coroutine in coroutines]
        return [task.result() for task in tasks]

    return together
