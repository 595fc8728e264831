"""The feed has no gaps, skips nothing and keeps order, whoever writes and whoever dies."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from shop_graphql.events.outbox import Event, publish
from shop_graphql.events.queries import events_after, figures
from shop_graphql.events.service.feed import dispatch, sequence
from shop_graphql.platform.db import Database
from tests.clock import NOON

pytestmark = pytest.mark.race


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Event):
    name: ClassVar[str] = "test.counted"
    aggregate_type: ClassVar[str] = "test"
    number: int


async def write(db: Database, aggregate: int, number: int, *, commits: bool = True) -> None:
    async with db.write() as session:
        # The aggregate's lock, as a use case would take it before it publishes.
        await session.execute(text("select pg_advisory_xact_lock(:aggregate)"), {"aggregate": aggregate})
        await publish(session, Counted(aggregate_id=UUID(int=aggregate), number=number), now=NOON)
        await asyncio.sleep(random.random() / 50)
        if not commits:
            raise RuntimeError("this transaction rolls back")


async def relay(db: Database, *, limit: int = 7) -> int:
    async with db.write() as session:
        return await sequence(session, limit=limit, now=NOON)


async def test_positions_have_no_gaps_under_concurrent_writers(db: Database) -> None:
    writers, each = 8, 10
    busy = True

    async def write_some(writer: int) -> None:
        for number in range(each):
            try:
                await write(db, writer % 3, writer * each + number, commits=random.random() > 0.1)
            except RuntimeError:
                continue

    async def keep_relaying() -> None:
        while busy:
            await relay(db)
            await asyncio.sleep(0.001)

    async with asyncio.TaskGroup() as group:
        relays = [group.create_task(keep_relaying()) for _ in range(2)]
        async with asyncio.TaskGroup() as writing:
            for writer in range(writers):
                writing.create_task(write_some(writer))
        busy = False
    while await relay(db, limit=1_000):
        pass

    events = await events_after(db.reader, 0, limit=10_000)
    assert all(task.done() for task in relays)
    assert [event.position for event in events] == list(range(1, len(events) + 1))
    assert len({event.payload["number"] for event in events}) == len(events) > writers * each // 2


async def test_facts_about_one_thing_keep_their_order(db: Database) -> None:
    for number in range(20):
        await write(db, 1, number)

    while await relay(db):
        pass

    assert [event.payload["number"] for event in await events_after(db.reader, 0, limit=100)] == list(range(20))


async def test_a_relay_that_dies_leaves_nothing_behind(db: Database) -> None:
    await write(db, 1, 1)

    async def dying_relay() -> None:
        async with db.write() as session:
            assert await sequence(session, limit=10, now=NOON) == 1
            raise KeyError("killed")

    with suppress(KeyError):
        await dying_relay()

    assert await events_after(db.reader, 0, limit=10) == []
    assert await relay(db) == 1
    assert [event.position for event in await events_after(db.reader, 0, limit=10)] == [1]


async def test_only_one_relay_sequences_at_a_time(db: Database) -> None:
    await write(db, 1, 1)

    async with db.write() as first:
        assert await sequence(first, limit=10, now=NOON) == 1
        assert await relay(db) == 0


async def test_each_event_becomes_its_jobs_once(db: Database) -> None:
    for number in range(5):
        await write(db, 1, number)
    await relay(db, limit=100)
    reactions = {"test.counted": ("count", "shout")}

    for _ in range(3):
        async with db.write() as session:
            await dispatch(session, consumer="reactions", reactions=reactions, limit=3, now=NOON)

    kinds = await db.reader.fetch(
        text("select kind, count(*) from jobs group by 1 order by 1"), into=lambda k, n: (k, n)
    )
    assert kinds == [("count", 5), ("shout", 5)]
    assert (await figures(db.reader, now=NOON)).undispatched == 0
