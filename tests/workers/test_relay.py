"""The relay goes on through outages, and what it moved reaches the customer."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from shop_graphql.dev.servers import PostgresServer, ValkeyServer, place_for
from shop_graphql.platform.db import Database
from shop_graphql.platform.heartbeat import Heartbeat
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.queue import WAKE, Queue
from tests.clock import NOON, FixedClock
from tests.conftest import ROOT
from tests.factories.orders import paid_order
from tests.notifications.post_office import PostOffice
from tests.waiting import until
from workers import relay
from workers.deps import Deps
from workers.running import run_due_jobs
from workers.schedule import NOTIFICATIONS

NOBODY = "redis://127.0.0.1:9/0"
FACT = text(
    "insert into outbox_messages (id, type, version, aggregate_type, aggregate_id, payload, occurred_at)"
    " values (gen_random_uuid(), 'test.fact', 1, 'test', gen_random_uuid(), '{}', :now)"
)


@pytest.fixture
def own_valkey(scratch: Path) -> Iterator[ValkeyServer]:
    with ValkeyServer(place_for(ROOT), scratch / "relay-valkey", durable=False) as server:
        yield server


@asynccontextmanager
async def relaying(db: Database, redis_url: str) -> AsyncIterator[None]:
    queue, stop = Queue(redis_url), asyncio.Event()
    task = asyncio.create_task(relay.keep_relaying(db, queue, FixedClock(), stop, Heartbeat("", db)))
    yield
    stop.set()
    await asyncio.wait_for(task, 10)
    await queue.close()


async def publish(db: Database) -> None:
    async with db.write() as session:
        await session.execute(FACT, {"now": NOON})


async def positions(db: Database) -> list[int]:
    return await db.reader.fetch(text("select position from events order by 1"), into=int)


async def moved(db: Database, count: int, *, seconds: float = 15) -> None:
    async def has_moved() -> bool:
        return await positions(db) == list(range(1, count + 1))

    await until(has_moved, seconds=seconds)


async def test_a_paid_order_becomes_a_mail(deps: Deps, post: PostOffice) -> None:
    await paid_order(deps.db)

    assert await relay.turn(deps.db, deps.clock) > 0
    await run_due_jobs(deps)
    await NOTIFICATIONS.run(deps)
    mails: list[dict[str, Any]] = await post.messages()

    (to_buyer,) = (mail for mail in mails if mail["to"] == "ada@example.com")
    assert to_buyer["subject"].endswith("is confirmed")
    assert "Total: 20.00 EUR" in to_buyer["text"]
    assert await relay.turn(deps.db, deps.clock) == 0


async def test_the_relay_pokes_the_worker(db: Database, own_valkey: ValkeyServer) -> None:
    queue = Queue(own_valkey.url)
    await queue.wake()
    assert queue._pool is not None
    await queue._pool.flushall()

    async with relaying(db, own_valkey.url):
        await publish(db)
        await until(lambda: queue._pool.exists(f"arq:job:{WAKE}"))  # type: ignore[union-attr]  # asserted above

    await queue.close()


async def test_without_redis_the_feed_goes_on(db: Database) -> None:
    with capture_logs() as logs:
        async with relaying(db, NOBODY):
            for count in (1, 2):
                await publish(db)
                await moved(db, count)

    assert await said(logs, "queue.away")


async def test_a_mute_redis_does_not_stop_the_feed(
    db: Database, own_valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "POKE_SECONDS_MAX", 0.1)
    own_valkey._process.send_signal(signal.SIGSTOP)  # type: ignore[union-attr]  # it runs

    with capture_logs() as logs:
        async with relaying(db, own_valkey.url):
            for count in (1, 2):
                await publish(db)
                await moved(db, count, seconds=5)

    assert await said(logs, "relay.poke_lost")

    own_valkey._process.send_signal(signal.SIGCONT)  # type: ignore[union-attr]


async def test_an_outage_of_the_database_is_waited_out(own_postgres: PostgresServer) -> None:
    db = Database(own_postgres.url, ids=TimeOrderedIds(), pool_size=2)
    with capture_logs() as logs:
        async with relaying(db, NOBODY):
            await publish(db)
            await moved(db, 1)

            own_postgres.stop()
            await until(lambda: said(logs, "relay.waiting"))
            own_postgres.start()

            await publish(db)
            await moved(db, 2)

    await db.close()


async def said(logs: list[Any], event: str) -> bool:
    return any(entry["event"] == event for entry in logs)
