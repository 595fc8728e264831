"""The feed's live half: bounded, cheap whatever the number of followers, and patient with PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from shop_graphql.api import live
from shop_graphql.api.context import Services
from shop_graphql.api.live import WAITING_MAX, Follower, LiveFeed, Topic
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ReadTooSlowly, ServiceUnavailable
from tests.api import streaming
from tests.api.streaming import SECONDS
from tests.clock import NOON, FixedClock
from tests.factories.accounts import make_user
from tests.factories.unpaid import token_of

KEY = UUID("01931c00-0000-7000-8000-000000000001")
TOPIC = Topic(frozenset({"test.fact"}), KEY)
happen = partial(streaming.happen, key=KEY, type="test.fact")


async def positions(follower: Follower, count: int) -> list[int]:
    async with asyncio.timeout(SECONDS):
        found = [await follower.next() for _ in range(count)]
    return [event.position for event in found if event is not None]


@pytest.fixture
async def feed(db: Database, clock: FixedClock) -> AsyncIterator[LiveFeed]:
    feed = LiveFeed(db.reader, clock)
    yield feed
    await feed.close()


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The feed takes its first turn; every later one is the test's."""
    monkeypatch.setattr(live, "POLL_SECONDS", 3_600)


async def test_followers_are_told_what_they_asked_for(db: Database, feed: LiveFeed) -> None:
    other = UUID(int=7)
    mine = await feed.follow(TOPIC, actor=Actor(), after=None)
    theirs = await feed.follow(Topic(TOPIC.types, other), actor=Actor(), after=None)

    await happen(db, 1, type="test.other")
    await happen(db, 1, key=other)
    await happen(db, 2)

    assert await positions(mine, 2) == [3, 4]
    assert await positions(theirs, 1) == [2]


async def test_past_and_present_meet_without_a_seam(db: Database, feed: LiveFeed) -> None:
    await happen(db, 3)
    early = await feed.follow(TOPIC, actor=Actor(), after=0)
    await happen(db, 2)
    late = await feed.follow(TOPIC, actor=Actor(), after=1)
    await happen(db, 2)

    assert await positions(early, 7) == [1, 2, 3, 4, 5, 6, 7]
    assert await positions(late, 6) == [2, 3, 4, 5, 6, 7]


async def test_a_cursor_ahead_of_this_reader_is_waited_for(db: Database, feed: LiveFeed, by_hand: None) -> None:
    await feed.follow(TOPIC, actor=Actor(), after=None)
    await happen(db, 3)
    # Another process has told of the second fact already; this one has not read so far.
    ahead = await feed.follow(TOPIC, actor=Actor(), after=2)

    await feed._turn()

    assert await positions(ahead, 1) == [3]


async def test_a_burst_larger_than_memory_loses_nothing(db: Database, feed: LiveFeed) -> None:
    follower = await feed.follow(TOPIC, actor=Actor(), after=None)
    burst = 3 * WAITING_MAX + 5

    await happen(db, burst)
    assert await positions(follower, WAITING_MAX) == list(range(1, WAITING_MAX + 1))
    await happen(db, burst)
    assert await positions(follower, 2 * burst - WAITING_MAX) == list(range(WAITING_MAX + 1, 2 * burst + 1))
    await happen(db, 1)

    assert await positions(follower, 1) == [2 * burst + 1]
    assert (len(follower._waiting), follower._behind, follower._past_until) == (0, 0, None)


async def test_whoever_reads_too_slowly_is_let_go(
    db: Database, feed: LiveFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEHIND_MAX", 150)
    slow = await feed.follow(TOPIC, actor=Actor(), after=None)
    quick = await feed.follow(TOPIC, actor=Actor(), after=None)

    await happen(db, 150)
    assert await positions(quick, 150) == list(range(1, 151))
    await happen(db, 1)
    assert await positions(quick, 1) == [151]

    with pytest.raises(ReadTooSlowly):
        await slow.next()


async def test_a_turn_takes_the_same_statements_for_any_followers(
    services: Services, db: Database, feed: LiveFeed, by_hand: None, statements: list[str]
) -> None:
    counts = []
    for more in (1, 30):
        for _ in range(more):
            user = await make_user(db)
            token = await token_of(db, services.tokens, Actor(user_id=user.id), now=NOON)
            session_id = services.tokens.read(token, NOON).session_id
            await feed.follow(TOPIC, actor=Actor(user_id=user.id, session_id=session_id), after=None)
        await happen(db, 3)
        statements.clear()
        assert await feed._turn() >= 3
        await feed._recheck()
        counts.append(len(statements))

    assert counts == [2, 2]


async def test_nothing_is_read_while_nobody_follows(
    db: Database, feed: LiveFeed, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "POLL_SECONDS", 0.01)
    follower = await feed.follow(TOPIC, actor=Actor(), after=None)
    assert feed._reading is not None
    feed.leave(follower)
    feed.leave(follower)
    await asyncio.wait_for(feed._reading, SECONDS)
    statements.clear()

    await happen(db, 1)
    assert len(feed) == 0
    again = await feed.follow(TOPIC, actor=Actor(), after=None)
    await happen(db, 1)

    # What happened in between was nobody's.
    assert await positions(again, 1) == [2]


async def test_followers_are_bounded(feed: LiveFeed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FOLLOWERS_MAX", 1)
    first = await feed.follow(TOPIC, actor=Actor(), after=None)

    with pytest.raises(ServiceUnavailable):
        await feed.follow(TOPIC, actor=Actor(), after=None)
    feed.leave(first)
    await feed.follow(TOPIC, actor=Actor(), after=None)


async def test_a_bug_in_the_reader_ends_every_stream(
    feed: LiveFeed, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> int:
        raise RuntimeError("a bug")

    monkeypatch.setattr(feed, "_turn", broken)
    with capture_logs() as logs:
        follower = await feed.follow(TOPIC, actor=Actor(), after=None)
        with pytest.raises(RuntimeError, match="a bug"):
            await asyncio.wait_for(follower.next(), SECONDS)

    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["live.bug"]
