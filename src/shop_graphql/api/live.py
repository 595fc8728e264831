"""The feed as it grows: one reader per process tells every open subscription what concerns it.

However many follow, a turn reads the feed with one statement, and what has become of their sign-ins with another.
Nothing here knows GraphQL or a transport. A follower that does not keep up is never waited for: it reads the table
instead of memory, and is let go of when it is too far behind.
Source: README, decisions 9 and 21.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Iterator
from typing import NamedTuple, TypeVar
from uuid import UUID

from shop_graphql.accounts.tokens import REFUSED
from shop_graphql.api.identity import member
from shop_graphql.events.queries import events_about, events_after, last_position
from shop_graphql.events.rows import EventRow
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Reader
from shop_graphql.platform.errors import BadUserInput, ReadTooSlowly, ServiceUnavailable, Unauthenticated
from shop_graphql.platform.observability import SUBSCRIPTIONS, log
from shop_graphql.sellers.queries import live_sessions

POLL_SECONDS = 0.15
RECHECK_SECONDS = 2.0
"""How long a subscription may outlive its sign-in or a role."""
OUTAGE_SECONDS = 0.5
BATCH = 500
PAST_PAGE = 100
WAITING_MAX = 100
"""Events kept in memory for one follower. With more ahead of it, it reads them from the table, page by page."""
BEHIND_MAX = 10_000
"""Events that a follower may be behind; whoever reads so slowly never catches up."""
FOLLOWERS_MAX = 10_000
"""About 25 KB each, with its connection."""

T = TypeVar("T")


class Topic(NamedTuple):
    """What to be told of: events of these types that are about, from or for this object or person."""

    types: frozenset[str]
    key: UUID


class Follower:
    """One subscription's place in the feed, and what waits there for it."""

    def __init__(self, feed: "LiveFeed", topic: Topic, *, actor: Actor, position: int, joined_at: int) -> None:
        self.topic = topic
        self.actor = actor
        """Who follows, with the roles they have now."""
        self.position = position
        """Everything up to here has been given or was not asked for."""
        self._feed = feed
        self._joined_at = joined_at
        self._past_until: int | None = joined_at if position < joined_at else None
        """Up to where events are read from the table; None once it has caught up, and is told as they happen."""
        self._waiting: deque[EventRow] = deque()
        self._behind = 0
        self._is_changed = False
        self._end: Exception | None = None
        self._news = asyncio.Event()

    async def next(self) -> EventRow | None:
        """The event that follows, however long that takes; None where the actor's roles have changed meanwhile.

        Raises: whatever has ended it: Unauthenticated, ReadTooSlowly, ServiceUnavailable.
        """
        while True:
            if self._end is not None:
                raise self._end
            if self._is_changed:
                self._is_changed = False
                return None
            if self._waiting:
                return self._given(self._waiting.popleft())
            if self._past_until is not None:
                await self._look_back(self._past_until)
            else:
                self._news.clear()
                await self._news.wait()

    def tell(self, event: EventRow) -> None:
        """`event` will be given in its turn, unless there are too many already."""
        if self._end is not None or event.position <= self.position:
            return
        self._behind += 1
        if self._behind > BEHIND_MAX:
            self.end(ReadTooSlowly("More has happened than you have read. Resume with `after`."))
        elif self._past_until is not None:
            self._past_until = event.position
        elif len(self._waiting) == WAITING_MAX:
            self._past_until = event.position
            self._waiting.clear()
        else:
            self._waiting.append(event)
            self._news.set()

    def meet(self, actor: Actor) -> None:
        """The actor is known to have these roles."""
        if actor != self.actor:
            self.actor = actor
            self._is_changed = True
            self._news.set()

    def end(self, why: Exception) -> None:
        """Nothing more is given, only the reason raised."""
        self._end = self._end or why
        self._waiting.clear()
        self._news.set()

    def _given(self, event: EventRow) -> EventRow:
        self.position = event.position
        if event.position > self._joined_at:
            self._behind -= 1
        return event

    async def _look_back(self, until: int) -> None:
        page = await self._feed.past(self.topic, after=self.position, until=until)
        self._waiting.extend(page)
        if len(page) < PAST_PAGE and self._past_until == until:
            self._past_until = None


class LiveFeed:
    """Reads on while somebody follows."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock
        self._followers: set[Follower] = set()
        self._by_topic: defaultdict[tuple[str, UUID], set[Follower]] = defaultdict(set)
        self._position = 0
        self._reading: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._followers)

    async def follow(self, topic: Topic, *, actor: Actor, after: int | None) -> Follower:
        """A follower that is given everything behind `after`, or what happens from now on; `leave` lets it go.

        Raises: BadUserInput for a position that the feed has not reached, ServiceUnavailable.
        """
        async with self._starting:
            if self._reading is None or self._reading.done():
                self._position = await last_position(self._reader)
            if after is not None and after > self._position and after > await last_position(self._reader):
                raise BadUserInput("This cursor does not belong to this feed.")
            if self._is_closed or len(self._followers) >= FOLLOWERS_MAX:
                raise away()
            # No await from here on: what the next turn reads already reaches the newcomer.
            position = self._position if after is None else after
            follower = Follower(self, topic, actor=actor, position=position, joined_at=self._position)
            self._followers.add(follower)
            for one in topics(topic):
                self._by_topic[one].add(follower)
            SUBSCRIPTIONS.inc()
            if self._reading is None or self._reading.done():
                self._reading = asyncio.create_task(self._read_on())
        return follower

    def leave(self, follower: Follower) -> None:
        """Nothing more is kept for `follower`; to say it twice does no harm."""
        if follower not in self._followers:
            return
        self._followers.discard(follower)
        SUBSCRIPTIONS.dec()
        for one in topics(follower.topic):
            self._by_topic[one].discard(follower)
            if not self._by_topic[one]:
                del self._by_topic[one]

    async def close(self) -> None:
        """Every follower is told that this server goes away, and there will be no more of them."""
        self._is_closed = True
        for follower in self._followers:
            follower.end(away())
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    async def past(self, topic: Topic, *, after: int, until: int) -> list[EventRow]:
        """A page of what has happened behind `after` and not behind `until`."""

        async def read() -> list[EventRow]:
            return await events_about(
                self._reader, topic.key, types=topic.types, after=after, until=until, limit=PAST_PAGE
            )

        return await self.patiently(read)

    async def patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` gives, once PostgreSQL is there to be asked."""
        while True:
            try:
                return await ask()
            except ServiceUnavailable:
                await self.sit_out()

    async def sit_out(self) -> None:
        """A moment has passed in which PostgreSQL may have come back.

        Raises: ServiceUnavailable where this server is about to stop.
        """
        if self._is_closed:
            raise away()
        await asyncio.sleep(OUTAGE_SECONDS)

    async def _read_on(self) -> None:
        loop = asyncio.get_running_loop()
        recheck_at = loop.time() + RECHECK_SECONDS
        while self._followers:
            pause = POLL_SECONDS
            try:
                if await self._turn() == BATCH:
                    pause = 0
                if loop.time() >= recheck_at:
                    await self._recheck()
                    recheck_at = loop.time() + RECHECK_SECONDS
            except ServiceUnavailable as outage:
                log.warning("live.waiting", error=str(outage))
                pause = OUTAGE_SECONDS
            except Exception as bug:
                log.error("live.bug", exc_info=bug)
                for follower in self._followers:
                    follower.end(bug)
                return
            await asyncio.sleep(pause)

    async def _turn(self) -> int:
        events = await events_after(self._reader, self._position, limit=BATCH)
        for event in events:
            self._position = event.position
            concerned = {key for key in (event.aggregate_id, event.seller_id, event.buyer_id) if key is not None}
            for key in concerned:
                for follower in self._by_topic.get((event.type, key), ()):
                    follower.tell(event)
        return len(events)

    async def _recheck(self) -> None:
        sessions = {follower.actor.session_id for follower in self._followers} - {None}
        if not sessions:
            return
        live = await live_sessions(self._reader, [key for key in sessions if key], self._clock.now())
        for follower in self._followers:
            session_id = follower.actor.session_id
            if session_id in live:
                follower.meet(member(live[session_id], cart_id=follower.actor.cart_id))
            elif session_id in sessions and session_id is not None:
                follower.end(Unauthenticated(REFUSED))


def topics(topic: Topic) -> Iterator[tuple[str, UUID]]:
    """Each kind of event with the key, as they are looked up."""
    return ((kind, topic.key) for kind in topic.types)


def away() -> ServiceUnavailable:
    """Why this process streams nothing: it stops, or has as many followers as it can bear."""
    return ServiceUnavailable("This server's live feed")
