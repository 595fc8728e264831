"""Running jobs that are due. The rows say what is to be done; whoever calls this only says when to look."""

import asyncio
from collections.abc import Awaitable, Callable

from shop_graphql.events.rows import JobRow
from shop_graphql.events.service import jobs
from shop_graphql.platform.observability import JOBS, log
from workers.deps import Deps
from workers.handlers import HANDLERS

AT_ONCE = 10
"""Jobs side by side in one worker."""

JOB_SECONDS_MAX = 12.0
"""A job that takes longer is stopped and tried again; well inside its lease, so that no other worker has it too."""

ROUND_SECONDS = 5.0
"""No batch begins later than that after the first one: whoever called has a limit, and the rest is due at the next
call. A batch that is cut off by that limit would have to wait for its lease."""


async def in_batches(batch: Callable[[], Awaitable[int]]) -> int:
    """Nothing that was due is left to do, or `ROUND_SECONDS` are over. Shape: the sum of what `batch` gave."""
    seconds = asyncio.get_running_loop().time
    total, end = 0, seconds() + ROUND_SECONDS
    while done := await batch():
        total += done
        if seconds() >= end:
            break
    return total


async def run_due_jobs(deps: Deps) -> int:
    """Jobs that were due have run, as far as `in_batches` goes. Shape: how many."""
    return await in_batches(lambda: _run_batch(deps))


async def _run_batch(deps: Deps) -> int:
    async with deps.db.write() as session:
        due = await jobs.claim_due(session, limit=AT_ONCE, now=deps.clock.now())
    async with asyncio.TaskGroup() as group:
        for job in due:
            group.create_task(_run(deps, job))
    return len(due)


async def _run(deps: Deps, job: JobRow) -> None:
    try:
        async with asyncio.timeout(JOB_SECONDS_MAX):
            await HANDLERS[job.kind](deps, job.args)
    except Exception as error:  # whatever a job raises, the others go on and this one is tried again
        JOBS.labels(job.kind, "failed").inc()
        log.warning("job.failed", kind=job.kind, job_id=str(job.id), attempts=job.attempts, exc_info=True)
        async with deps.db.write() as session:
            await jobs.fail(session, job=job, error=f"{type(error).__name__}: {error}", now=deps.clock.now())
    else:
        JOBS.labels(job.kind, "done").inc()
        async with deps.db.write() as session:
            await jobs.finish(session, job=job, now=deps.clock.now())
