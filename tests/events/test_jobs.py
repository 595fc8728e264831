"""A job runs until it is done, whatever happens to its worker."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import text

from shop_graphql.events.rows import JobRow
from shop_graphql.events.service import jobs
from shop_graphql.platform.db import Database
from tests.clock import NOON


async def enqueue(db: Database, key: str = "one", run_at: datetime = NOON) -> None:
    async with db.write() as session:
        await jobs.enqueue(session, kind="greet", dedupe_key=key, args={"key": key}, run_at=run_at, now=NOON)


async def claim(db: Database, now: datetime = NOON, limit: int = 10) -> list[JobRow]:
    async with db.write() as session:
        return await jobs.claim_due(session, limit=limit, now=now)


async def test_an_open_job_is_not_made_twice(db: Database) -> None:
    await enqueue(db)
    await enqueue(db)

    assert [job.args for job in await claim(db)] == [{"key": "one"}]


async def test_a_job_waits_for_its_time(db: Database) -> None:
    await enqueue(db, run_at=NOON + timedelta(seconds=5))

    assert await claim(db, NOON + timedelta(seconds=4)) == []
    assert len(await claim(db, NOON + timedelta(seconds=5))) == 1


async def test_workers_at_once_share_the_jobs(db: Database) -> None:
    for number in range(40):
        await enqueue(db, str(number))

    async with asyncio.TaskGroup() as group:
        claims = [group.create_task(claim(db, limit=10)) for _ in range(6)]

    taken = [job.id for task in claims for job in task.result()]
    assert len(taken) == len(set(taken)) == 40


async def test_a_killed_workers_job_runs_again(db: Database) -> None:
    await enqueue(db)
    (lost,) = await claim(db)

    assert await claim(db, NOON + jobs.LEASE - timedelta(seconds=1)) == []
    (again,) = await claim(db, NOON + jobs.LEASE)
    assert (again.id, again.attempts) == (lost.id, 2)


async def test_a_failing_job_pauses_longer_each_time(db: Database) -> None:
    await enqueue(db)
    now, pauses = NOON, []

    for _ in range(8):
        (job,) = await claim(db, now)
        async with db.write() as session:
            await jobs.fail(session, job=job, error="no luck", now=now)
        pauses.append(jobs.pause_after(job.attempts))
        now += pauses[-1]

    assert pauses == sorted(pauses)
    assert await claim(db, now + timedelta(days=1)) == []
    failed = await db.reader.fetch(text("select last_error from jobs where status = 'failed'"), into=str)
    assert failed == ["no luck"]


async def test_a_done_job_is_forgotten_after_a_while(db: Database) -> None:
    await enqueue(db)
    (job,) = await claim(db)
    async with db.write() as session:
        await jobs.finish(session, job=job, now=NOON)

    async with db.write() as session:
        await jobs.forget_done(session, before=NOON + timedelta(seconds=1), limit=10)

    assert await db.reader.fetch(text("select count(*) from jobs"), into=int) == [0]


async def test_a_worker_that_was_too_slow_decides_nothing(db: Database) -> None:
    await enqueue(db)
    (slow,) = await claim(db)
    await claim(db, NOON + jobs.LEASE)

    async with db.write() as session:
        await jobs.finish(session, job=slow, now=NOON)
        await jobs.fail(session, job=slow, error="too slow", now=NOON)

    states = await db.reader.fetch(text("select status, last_error from jobs"), into=lambda *row: row)
    assert states == [("running", None)]
