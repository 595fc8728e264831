"""Waking the worker. arq is a hint, never a source of truth: every job is a row in PostgreSQL first."""

from arq.connections import ArqRedis, RedisSettings, create_pool
from redis.exceptions import RedisError

from shop_graphql.platform.observability import log

WAKE = "run_due_jobs"
"""The one arq task: run whatever rows are due."""


class Queue:
    """Pokes the worker; when Redis is away the worker's own sweep finds the rows a moment later."""

    def __init__(self, url: str) -> None:
        self._settings = redis_settings(url)
        self._pool: ArqRedis | None = None

    async def wake(self) -> None:
        """Ask the worker to look for due jobs now; many calls in a row become one run."""
        try:
            if self._pool is None:
                self._pool = await create_pool(self._settings)
            await self._pool.enqueue_job(WAKE, _job_id=WAKE)
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("queue.away", error=str(error))

    async def close(self) -> None:
        """Give the connection back."""
        if self._pool is not None:
            await self._pool.aclose()


def redis_settings(url: str) -> RedisSettings:
    """Connection settings with short patience; the supervisor restarts what must not go on without Redis."""
    settings = RedisSettings.from_dsn(url)
    settings.conn_timeout = 1
    settings.conn_retries = 0
    return settings
