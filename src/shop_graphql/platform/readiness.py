"""Whether the database can be used by this version of the program."""

import asyncio
from datetime import datetime

from sqlalchemy import text

from shop_graphql.platform.db import Database, fetch_one
from shop_graphql.platform.migrations import current_is_head


class Readiness:
    """Asks one database."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._is_migrated = False

    async def database_answers(self) -> bool:
        """Raises: ServiceUnavailable."""
        await self._db.ping()
        return True

    async def database_time(self) -> datetime:
        """The database's own clock, to be compared with ours and used for nothing else."""
        found = await fetch_one(self._db.reader, text("select clock_timestamp()"), into=_same)
        assert found is not None, "a select without a table gives one row"
        return found

    async def is_migrated(self) -> bool:
        """Whether every migration has been applied; a yes is remembered, since none is undone under a running shop."""
        if not self._is_migrated:
            url = self._db.engine.url.render_as_string(hide_password=False)
            self._is_migrated = await asyncio.to_thread(current_is_head, url)
        return self._is_migrated


def _same(instant: datetime) -> datetime:
    return instant
