"""Jobs: work that must happen, as rows. A queue may wake the worker; only these rows say what is to be done."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, text, update
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.events.models import Job
from shop_graphql.events.rows import JobRow
from shop_graphql.events.states import JobStatus
from shop_graphql.platform.db import WriteSession

LEASE = timedelta(seconds=30)
"""A job that has not ended by then belonged to a worker that died; another one takes it."""

BACKOFF_FIRST = timedelta(seconds=2)
BACKOFF_MAX = timedelta(minutes=10)

ERROR_LENGTH_MAX = 500

CLAIM = text(
    """
    update jobs set status = 'running', attempts = attempts + 1, locked_until = :lease_end
    where id = any(array(
        select id from jobs
        where status in ('ready', 'running') and run_at <= :now and attempts < max_attempts
          and (status = 'ready' or locked_until <= :now)
        order by run_at limit :limit for update skip locked
    ))
    returning id, kind, args, attempts, max_attempts
    """
)
GIVE_UP_LOST = text(
    """
    update jobs set status = 'failed', finished_at = :now, last_error = 'its worker died again and again'
    where status = 'running' and locked_until <= :now and attempts >= max_attempts
    """
)


async def enqueue(
    session: WriteSession, *, kind: str, dedupe_key: str, args: dict[str, Any], run_at: datetime, now: datetime
) -> None:
    """The job will run at `run_at` or soon after; an open one of the same kind and key is enough."""
    row = {
        "id": session.new_id(now),
        "kind": kind,
        "dedupe_key": dedupe_key,
        "args": args,
        "run_at": run_at,
        "created_at": now,
    }
    await session.execute(insert(Job).values(row).on_conflict_do_nothing())


async def claim_due(session: WriteSession, *, limit: int, now: datetime) -> list[JobRow]:
    """At most `limit` due jobs are the caller's for `LEASE`, the longest waiting first."""
    await session.execute(GIVE_UP_LOST, {"now": now})
    return await session.fetch(CLAIM, {"now": now, "lease_end": now + LEASE, "limit": limit}, into=JobRow)


async def finish(session: WriteSession, *, job: JobRow, now: datetime) -> None:
    """The job is done, unless another worker has taken it over in the meantime: then that one decides."""
    await _end(session, job, {"status": JobStatus.DONE, "finished_at": now})


async def fail(session: WriteSession, *, job: JobRow, error: str, now: datetime) -> None:
    """The job runs again after a pause that doubles, or is given up after its last attempt; not if taken over."""
    changes: dict[str, Any] = {"last_error": error[:ERROR_LENGTH_MAX]}
    if job.attempts >= job.max_attempts:
        changes |= {"status": JobStatus.FAILED, "finished_at": now}
    else:
        changes |= {"status": JobStatus.READY, "run_at": now + pause_after(job.attempts)}
    await _end(session, job, changes)


async def forget_done(session: WriteSession, *, before: datetime, limit: int) -> None:
    """Jobs that were done before that instant are gone, at most `limit` of them."""
    old = text("select id from jobs where status = 'done' and finished_at < :before limit :limit")
    ids = list(await session.scalars(old, {"before": before, "limit": limit}))
    await session.execute(delete(Job).where(Job.id == text("any(:ids)").bindparams(ids=ids)))


def pause_after(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s ... at most 10 min."""
    return min(BACKOFF_FIRST * int(2 ** (attempts - 1)), BACKOFF_MAX)


async def _end(session: WriteSession, job: JobRow, changes: dict[str, Any]) -> None:
    mine = (Job.id == job.id, Job.status == JobStatus.RUNNING, Job.attempts == job.attempts)
    await session.execute(update(Job).where(*mine).values(changes | {"locked_until": None}))
