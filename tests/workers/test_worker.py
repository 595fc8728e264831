"""The worker as a process: woken by a poke or by the clock, killed, bereft of Redis, and started again."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from shop_graphql.dev.servers import ValkeyServer, place_for
from shop_graphql.events.service import jobs
from shop_graphql.platform.db import Database
from shop_graphql.platform.queue import WAKE, Queue
from shop_graphql.platform.settings import Settings
from tests.conftest import ROOT
from tests.factories.orders import Bought, paid_order
from tests.factories.shelves import run
from tests.notifications.post_office import PostOffice
from tests.waiting import until
from tests.workers.process import WorkerProcess, worker_process

JOBS = text("select status, attempts from jobs")


@pytest.fixture
def own_valkey(scratch: Path) -> Iterator[ValkeyServer]:
    with ValkeyServer(place_for(ROOT), scratch / "worker-valkey", durable=False) as server:
        yield server


@pytest.fixture
async def queue(valkey: ValkeyServer) -> AsyncIterator[Queue]:
    """The queue of this test's workers, empty."""
    redis: Redis = Redis.from_url(valkey.url)
    await redis.flushall()
    yield Queue(valkey.url)
    await redis.flushall()
    await redis.aclose()


async def confirm(db: Database, order: Bought) -> None:
    """The order's confirmation is due as a job that nobody has been told about."""
    args = {"aggregate_id": str(order.id)}
    now = datetime.now(UTC)
    async with db.write() as session:
        await jobs.enqueue(
            session, kind="notifications.confirm_order", dedupe_key=str(order.id), args=args, run_at=now, now=now
        )


async def are(db: Database, expected: list[tuple[str, int]]) -> None:
    async def reached() -> bool:
        return [tuple(row) for row in await db.reader.fetch(JOBS, into=lambda *row: row)] == expected

    await until(reached, seconds=15)


async def ready(*workers: WorkerProcess) -> None:
    for worker in workers:
        await until(worker.is_ready, seconds=20)


async def test_a_poke_makes_the_worker_send_mail_at_once(
    db: Database, settings: Settings, queue: Queue, post: PostOffice, tmp_path: Path
) -> None:
    order = await paid_order(db)
    with worker_process(settings, tmp_path / "log", SMTP_URL=post.smtp_url) as worker:
        await ready(worker)
        await confirm(db, order)

        await queue.wake()
        await are(db, [("done", 1)])
        (mail, *_) = await until(post.messages)

        assert mail["subject"].endswith("is confirmed")
        assert queue._pool is not None
        assert await queue._pool.exists(f"arq:job:{WAKE}") == 0
        assert worker.stop() == 0
    await queue.close()
    assert "worker.stopped" in (tmp_path / "log").read_text()


async def test_a_killed_workers_job_is_finished_by_another(
    db: Database, settings: Settings, queue: Queue, tmp_path: Path
) -> None:
    order = await paid_order(db)
    await confirm(db, order)
    async with db.engine.connect() as blocker:
        # The job waits for this lock in the middle of its work.
        await blocker.execute(text("lock table notification_deliveries in share row exclusive mode"))
        with worker_process(settings, tmp_path / "first") as worker:
            await until(lambda: waits_for_a_lock(db), seconds=20)
            worker.kill()
    await run(db, "update jobs set locked_until = now() where status = 'running'")

    with worker_process(settings, tmp_path / "second"):
        await are(db, [("done", 2)])

    messages = await db.reader.fetch(text("select count(*) from notification_deliveries"), into=int)
    assert messages == [1]


async def waits_for_a_lock(db: Database) -> Any:
    waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    return await db.reader.fetch(text(waiting), into=int)


async def test_the_worker_finds_by_itself_what_nobody_poked_about(
    db: Database, settings: Settings, own_valkey: ValkeyServer, tmp_path: Path
) -> None:
    with worker_process(settings, tmp_path / "log", REDIS_URL=own_valkey.url) as worker:
        await ready(worker)
        await confirm(db, await paid_order(db))

        await are(db, [("done", 1)])

        # The worker lives and dies with Redis. Whoever supervises it starts it again.
        own_valkey.kill()
        await until(worker.has_ended)
        assert worker.process.returncode == 1
        assert "worker.redis_away" in worker.log.read_text()

    await confirm(db, await paid_order(db))
    own_valkey.start()
    with worker_process(settings, tmp_path / "log", REDIS_URL=own_valkey.url):
        await are(db, [("done", 1)] * 2)
