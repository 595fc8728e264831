"""From the outbox to the feed, and from the feed to jobs.

Identity values become visible out of the order in which they were given, so they are no position. Here one
transaction at a time gives positions, to committed facts only: the feed has no gaps and nobody skips anything.
Source: README, decision 9.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text

from shop_graphql.events.queries import events_after
from shop_graphql.events.service.jobs import enqueue
from shop_graphql.platform.db import WriteSession

LAST_POSITION = text("select last_position from event_sequencer for update skip locked")

# An array is asked for and not a join, and sequential scans are off, because a plan made while the outbox was
# empty would read it from end to end for ever.
PIN_PLANS = text("set local enable_seqscan = off")
MOVE = text(
    """
    with taken as (
        delete from outbox_messages
        where seq = any(array(select seq from outbox_messages order by seq limit :limit))
        returning *
    ), placed as (
        insert into events (position, id, type, version, aggregate_type, aggregate_id, seller_id, buyer_id,
                            payload, trace_id, occurred_at, sequenced_at)
        select :last + row_number() over (order by seq), id, type, version, aggregate_type, aggregate_id, seller_id,
               buyer_id, payload, trace_id, occurred_at, :now
        from taken
        returning 1
    )
    select count(*) from placed
    """
)
ADVANCE = text("update event_sequencer set last_position = last_position + :count")

MEET_CONSUMER = text(
    "insert into event_consumers (name, position, updated_at) values (:name, 0, :now) on conflict (name) do nothing"
)
LOCK_CONSUMER = text("select position from event_consumers where name = :name for update skip locked")
MOVE_CONSUMER = text("update event_consumers set position = :position, updated_at = :now where name = :name")


async def sequence(session: WriteSession, *, limit: int, now: datetime) -> int:
    """At most `limit` committed facts have got their place in the feed; gives how many.

    0 also where another sequencer is at work: it will do what there is to do.
    """
    last = await session.scalar(LAST_POSITION)
    if last is None:
        return 0
    await session.execute(PIN_PLANS)
    count = await session.scalar(MOVE, {"limit": limit, "last": last, "now": now})
    if count:
        await session.execute(ADVANCE, {"count": count})
    return int(count or 0)


async def dispatch(
    session: WriteSession, *, consumer: str, reactions: Mapping[str, tuple[str, ...]], limit: int, now: datetime
) -> int:
    """The jobs that follow from the next `limit` events exist, and `consumer` stands behind those events.

    Shape: `reactions` maps an event's type to kinds of jobs; gives how many events were read.
    """
    await session.execute(MEET_CONSUMER, {"name": consumer, "now": now})
    position = await session.scalar(LOCK_CONSUMER, {"name": consumer})
    if position is None:
        return 0
    events = await events_after(session, position, limit=limit)
    for event in events:
        about = {"event_id": str(event.id), "aggregate_id": str(event.aggregate_id)} | event.payload
        about |= {"seller_id": str(event.seller_id)} if event.seller_id else {}
        for kind in reactions.get(event.type, ()):
            await enqueue(session, kind=kind, dedupe_key=str(event.id), args=about, run_at=now, now=now)
    if events:
        await session.execute(MOVE_CONSUMER, {"name": consumer, "position": events[-1].position, "now": now})
    return len(events)
