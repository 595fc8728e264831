"""Bringing a database to the newest form, and asking whether it is there.

The migrations themselves lie in `migrations/`, beside the code in a checkout and inside the package in a wheel.
Everything here blocks and opens its own connection: from a running event loop, call it in a thread.
"""

import asyncio
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shop_graphql.platform.db import async_url

PACKAGE = Path(__file__).resolve().parents[1]
PLACES = (PACKAGE / "migrations", PACKAGE.parents[1] / "migrations")

_alembic = threading.Lock()
"""alembic keeps what it is doing in module globals: one command at a time in a process."""


def upgrade(database_url: str) -> None:
    """Every migration is applied; a database that has them all is left as it is. Safe when two run at once."""
    with _alembic:
        command.upgrade(_config(database_url), "head")


def downgrade(database_url: str, revision: str) -> None:
    """The database is as `revision` left it; "base" = before the first. Data of what is dropped is gone."""
    with _alembic:
        command.downgrade(_config(database_url), revision)


def check(database_url: str) -> None:
    """Returns if the tables agree with the models, and raises alembic's CommandError if they do not."""
    with _alembic:
        command.check(_config(database_url))


def current_is_head(database_url: str) -> bool:
    """Whether every migration of this version of the program has been applied."""
    newest = ScriptDirectory.from_config(_config(database_url)).get_current_head()
    return asyncio.run(_applied(database_url)) == newest


@contextmanager
def concurrently() -> Iterator[None]:
    """Inside, a migration is outside any transaction and may wait for locks as long as it takes.

    For CREATE or DROP INDEX CONCURRENTLY, which waits for old transactions but blocks nobody.
    """
    with op.get_context().autocommit_block():
        op.execute("set lock_timeout = 0")
        try:
            yield
        finally:
            op.execute("reset lock_timeout")


def _config(database_url: str) -> Config:
    folder = next(place for place in PLACES if (place / "env.py").is_file())
    config = Config(stdout=io.StringIO(), attributes={"database_url": database_url})
    # The folder's name goes through a format string.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config


async def _applied(database_url: str) -> str | None:
    engine = create_async_engine(async_url(database_url), poolclass=NullPool)
    async with engine.connect() as connection:
        try:
            version: str | None = await connection.scalar(text("select version_num from alembic_version"))
            return version
        except ProgrammingError:
            return None
