"""The relay: committed facts get their place in the feed, and the jobs that follow from them.

One is active at a time, by the lock on the sequencer's row; others find nothing to do and look again.
"""

import asyncio
import signal

from shop_graphql.events.service.feed import dispatch, sequence
from shop_graphql.platform.clock import Clock, SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.heartbeat import Heartbeat
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.observability import log
from shop_graphql.platform.queue import Queue
from shop_graphql.platform.settings import Settings
from workers.reactions import REACTIONS

CONSUMER = "reactions"
BATCH = 500
IDLE_SECONDS = 0.2
"""How long a fact may lie in the outbox of an idle shop."""
OUTAGE_SECONDS_MAX = 5.0
POKE_SECONDS_MAX = 2.0
"""A Redis that takes the connection and says nothing must not stop the feed."""


async def run(settings: Settings) -> None:
    """Relay until told to stop."""
    db = Database(settings.database_url, ids=TimeOrderedIds(), pool_size=2)
    queue = Queue(settings.redis_url)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        log.info("relay.ready")
        await keep_relaying(db, queue, SystemClock(), stop, Heartbeat(settings.shop_heartbeat_file, db))
    finally:
        await queue.close()
        await db.close()


async def keep_relaying(db: Database, queue: Queue, clock: Clock, stop: asyncio.Event, heartbeat: Heartbeat) -> None:
    """Turn after turn until `stop`; an outage of PostgreSQL is waited out."""
    pause = IDLE_SECONDS
    while not stop.is_set():
        try:
            moved = await turn(db, clock)
            await heartbeat.beat()
            pause = IDLE_SECONDS
        except ServiceUnavailable as away:
            log.warning("relay.waiting", error=str(away))
            moved, pause = 0, min(pause * 2, OUTAGE_SECONDS_MAX)
        if moved:
            await _poke(queue)
        else:
            await _wait(stop, pause)


async def turn(db: Database, clock: Clock) -> int:
    """One batch of facts has its place, one batch of events its jobs. Shape: how many of both."""
    async with db.write() as session:
        sequenced = await sequence(session, limit=BATCH, now=clock.now())
    async with db.write() as session:
        read = await dispatch(session, consumer=CONSUMER, reactions=REACTIONS, limit=BATCH, now=clock.now())
    return sequenced + read


async def _poke(queue: Queue) -> None:
    try:
        async with asyncio.timeout(POKE_SECONDS_MAX):
            await queue.wake()
    except TimeoutError:
        log.warning("relay.poke_lost")


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
