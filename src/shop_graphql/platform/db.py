"""The database: reads side by side, a write is one transaction. The only place that commits.

`Reader` is all that a query function sees: it turns a Core statement into structs and hides
connections, so that what makes reading fast changes here and in no caller. `WriteSession` is
one open transaction; it is a `Reader` too, so a use case can read what it has just written.
"""

import enum
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Executable, MetaData, Select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import QueuePool

from shop_graphql.platform.errors import translate_database_errors
from shop_graphql.platform.ids import Ids

Struct = TypeVar("Struct")
Selection = TypeVar("Selection", bound=Select[*tuple[Any, ...]])

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Row(DeclarativeBase):
    """Base of every mapped table; constraint names follow one rule, so migrations and errors can name them."""

    metadata = MetaData(naming_convention=NAMING)


class Lock(enum.IntEnum):
    """Kinds of locked rows in the shop's one order. Source: README, decision on lock order."""

    KEY = 1
    CART = 2
    ORDER = 3
    PAYMENT = 4
    COUPON = 5
    STOCK = 6
    HOLD = 7
    VARIANT = 8
    PRODUCT = 9
    REVIEW = 10
    RATING = 11


class Reader(Protocol):
    """Runs a statement and gives structs built from its columns, in their order."""

    async def fetch(
        self, statement: Executable, params: Mapping[str, Any] | None = None, *, into: Callable[..., Struct]
    ) -> list[Struct]: ...


async def fetch_one(
    reader: Reader, statement: Executable, params: Mapping[str, Any] | None = None, *, into: Callable[..., Struct]
) -> Struct | None:
    """The first row as a struct, or None where there is none."""
    rows = await reader.fetch(statement, params, into=into)
    return rows[0] if rows else None


class PoolReader:
    """Reads on a connection of their own, each statement its own snapshot: safe for concurrent resolvers."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def fetch(
        self, statement: Executable, params: Mapping[str, Any] | None = None, *, into: Callable[..., Struct]
    ) -> list[Struct]:
        with translate_database_errors():
            async with self._engine.connect() as connection:
                rows = await connection.execute(statement, params or {})
                return [into(*row) for row in rows]


class WriteSession(AsyncSession):
    """One open transaction. It makes keys, reads its own writes and checks the order of locks."""

    def __init__(self, *args: Any, ids: Ids, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ids = ids
        self._highest_lock = 0

    def new_id(self, now: Any) -> UUID:
        """A fresh key whose time part is `now`."""
        return self._ids.new(now)

    def taking(self, lock: Lock) -> None:
        """Declare which kind of row is locked next: a wrong order fails here, not as a deadlock in production."""
        assert lock >= self._highest_lock, f"{lock.name} must be locked before {Lock(self._highest_lock).name}"
        self._highest_lock = lock

    async def fetch(
        self, statement: Executable, params: Mapping[str, Any] | None = None, *, into: Callable[..., Struct]
    ) -> list[Struct]:
        rows = await self.execute(statement, params or {})
        return [into(*row) for row in rows]


def locked(rows: Selection) -> Selection:
    """`rows`, held for update and read afresh: after waiting for a lock, what the session remembers is old."""
    return rows.with_for_update(key_share=True).execution_options(populate_existing=True)


class Database:
    """Opens reads and transactions over one pool of connections."""

    def __init__(self, url: str, *, ids: Ids, pool_size: int = 10, statement_timeout_ms: int = 5_000) -> None:
        self.engine = create_async_engine(
            async_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=2,
            # Logged tracebacks must not hold what people have typed.
            hide_parameters=True,
            connect_args={
                "timeout": 2,
                "server_settings": {
                    "application_name": "shop",
                    "jit": "off",
                    "statement_timeout": str(statement_timeout_ms),
                    "idle_in_transaction_session_timeout": "15000",
                },
            },
        )
        self.reader: Reader = PoolReader(self.engine)
        self._sessions = async_sessionmaker(self.engine, class_=WriteSession, expire_on_commit=False, ids=ids)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[WriteSession]:
        """One transaction: committed when the block ends, rolled back if it raises."""
        with translate_database_errors():
            async with self._sessions.begin() as session:
                yield session

    async def ping(self) -> None:
        """Raises ServiceUnavailable unless a statement can run now."""
        await self.reader.fetch(text("select 1"), into=int)

    @property
    def connections_in_use(self) -> int:
        """Connections that the pool has lent at this moment."""
        pool = self.engine.sync_engine.pool
        assert isinstance(pool, QueuePool), "the engine was made with a size"
        return pool.checkedout()

    async def close(self) -> None:
        """Give every connection back to the server."""
        await self.engine.dispose()


def async_url(url: str) -> str:
    """`postgresql://…` as people write it -> the form that names the asyncpg driver."""
    return url.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+asyncpg://", 1)
