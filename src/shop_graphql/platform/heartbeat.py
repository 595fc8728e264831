"""A file that a process without a port touches while it does its work; whoever may look at it knows that it does.

A beat says two things: the loop that does the work has just come round, and the database answered. It never keeps the
loop from its work for longer than `ANSWER_SECONDS_MAX`, and an outage is not the process's end.
"""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.observability import log

EVERY_SECONDS = 5.0
"""No more often than that, however fast the loop turns."""

ANSWER_SECONDS_MAX = 2.0

AGE_SECONDS_MAX = 30.0
"""A file older than that belongs to a process that hangs, has lost its database or has ended."""


class Heartbeat:
    """Beats of one process; without a path nothing is written."""

    def __init__(self, path: str, db: Database) -> None:
        self._path = Path(path) if path else None
        self._db = db
        self._next = 0.0

    async def beat(self) -> None:
        """The file is as young as this moment, if it is time for that and the database answers."""
        seconds = asyncio.get_running_loop().time()
        if self._path is None or seconds < self._next:
            return
        self._next = seconds + EVERY_SECONDS
        try:
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                await self._db.ping()
        except (ServiceUnavailable, TimeoutError) as away:
            log.warning("heartbeat.missed", error=str(away) or "no answer")
        else:
            self._path.touch()


def is_beating(path: str, clock: Clock) -> bool:
    """Whether the process that touches this file did so within `AGE_SECONDS_MAX`."""
    if not path:
        return False
    try:
        touched = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    return (clock.now() - touched).total_seconds() <= AGE_SECONDS_MAX
