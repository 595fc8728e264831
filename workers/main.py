"""The arq worker: wakes when somebody pokes it, and by the clock. It keeps no truth of its own.

arq ends when Redis does; whoever supervises it starts it again, and the rows in PostgreSQL are still there.
"""

import asyncio
from contextlib import suppress
from typing import Any

from arq import cron, func
from arq.cron import CronJob
from arq.worker import Worker
from redis.exceptions import RedisError

from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.heartbeat import Heartbeat
from shop_graphql.platform.observability import log
from shop_graphql.platform.queue import WAKE, redis_settings
from shop_graphql.platform.settings import Settings
from workers.deps import Deps, deps_of
from workers.running import JOB_SECONDS_MAX, ROUND_SECONDS
from workers.schedule import DUE_JOBS, NOTIFICATIONS, SCHEDULE, Entry

TASK_SECONDS_MAX = 20
"""For arq's own tasks. A killed worker's poke blocks the next ones for so long and ten seconds more."""
assert ROUND_SECONDS + JOB_SECONDS_MAX < TASK_SECONDS_MAX, "a batch that has begun may end"

STOP_SECONDS_MAX = 4
"""What runs when the worker is told to stop may take so long to end: whoever told it kills after five or ten."""


class BeatingWorker(Worker):
    """arq's worker; each look into the queue is a sign of life, because Redis has answered and the loop turns."""

    async def heart_beat(self) -> None:
        await super().heart_beat()
        heartbeat: Heartbeat = self.ctx["heartbeat"]
        await heartbeat.beat()


async def run(settings: Settings) -> None:
    """Work until told to stop; what is running is finished or taken up again by its row.

    Raises: SystemExit with status 1 when Redis is away.
    """
    async with deps_of(settings) as deps:
        for entry in SCHEDULE:
            if entry.every_seconds is None:
                await attempt(deps, entry)
        worker = _worker(settings, deps)
        log.info("worker.ready")
        try:
            await worker.async_run()
        except asyncio.CancelledError:
            # arq ends by cancelling its own loop; somebody else's cancellation goes on.
            if (me := asyncio.current_task()) and me.cancelling():
                raise
            with suppress(asyncio.CancelledError, RedisError, OSError):
                await worker.close()
            log.info("worker.stopped")
        except (RedisError, OSError) as error:
            log.error("worker.redis_away", error=str(error))
            raise SystemExit(1) from None


async def attempt(deps: Deps, entry: Entry) -> None:
    """The entry has run, or a log line says why not; it comes again by the clock."""
    try:
        await entry.run(deps)
    except* ServiceUnavailable as away:
        log.warning("worker.waiting", entry=entry.name, error=str(away.exceptions[0]))
    except* Exception:
        log.error("worker.entry_failed", entry=entry.name, exc_info=True)


def _worker(settings: Settings, deps: Deps) -> Worker:
    return BeatingWorker(
        functions=[func(_woken, name=WAKE, keep_result=0, max_tries=1)],
        cron_jobs=[_cron(entry) for entry in SCHEDULE],
        redis_settings=redis_settings(settings.redis_url),
        ctx={"deps": deps, "busy": set(), "heartbeat": Heartbeat(settings.shop_heartbeat_file, deps.db)},
        job_timeout=TASK_SECONDS_MAX,
        job_completion_wait=STOP_SECONDS_MAX,
        keep_result=0,
        max_tries=1,
        poll_delay=0.2,
        handle_signals=True,
    )


async def _woken(ctx: dict[str, Any]) -> None:
    await attempt(ctx["deps"], DUE_JOBS)
    # What the jobs have written leaves at once, as a task with a time limit of its own.
    await ctx["redis"].enqueue_job(_task_name(NOTIFICATIONS))


async def _tick(ctx: dict[str, Any], entry: Entry) -> None:
    busy: set[str] = ctx["busy"]
    # Else ticks that wait for one slow gateway or mail server would take every place there is.
    if entry.name in busy:
        return
    busy.add(entry.name)
    try:
        await attempt(ctx["deps"], entry)
    finally:
        busy.discard(entry.name)


def _cron(entry: Entry) -> CronJob:
    async def tick(ctx: dict[str, Any]) -> None:
        await _tick(ctx, entry)

    seconds = set(range(0, 60, entry.every_seconds)) if entry.every_seconds else {0}
    minutes = None if entry.every_seconds else {0}
    return cron(
        tick,
        name=_task_name(entry),
        second=seconds,
        minute=minutes,
        timeout=TASK_SECONDS_MAX,
        keep_result=0,
        max_tries=1,
    )


def _task_name(entry: Entry) -> str:
    return f"tick:{entry.name}"
