"""Reading the feed, and how far behind it is."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, bindparam, or_, select, text

from shop_graphql.events.models import EventSequencer, FeedEvent
from shop_graphql.events.rows import EventRow, Figures
from shop_graphql.platform.db import Reader

AFTER = (
    select(
        FeedEvent.position,
        FeedEvent.id,
        FeedEvent.type,
        FeedEvent.aggregate_id,
        FeedEvent.seller_id,
        FeedEvent.buyer_id,
        FeedEvent.payload,
        FeedEvent.occurred_at,
    )
    .where(FeedEvent.position > bindparam("position"))
    .order_by(FeedEvent.position)
    .limit(bindparam("limit"))
)
_KEY = bindparam("key", type_=Uuid)
ABOUT = AFTER.where(
    FeedEvent.position <= bindparam("until"),
    FeedEvent.type == any_(bindparam("types", type_=ARRAY(Text))),
    or_(FeedEvent.aggregate_id == _KEY, FeedEvent.seller_id == _KEY, FeedEvent.buyer_id == _KEY),
)
LAST_POSITION = select(EventSequencer.last_position)

FIGURES = text(
    """
    select (select count(*) from (select 1 from outbox_messages limit 10000) few),
           (select last_position from event_sequencer)
               - coalesce((select min(position) from event_consumers), 0),
           count(*),
           coalesce(extract(epoch from :now - min(run_at)), 0)::float,
           (select count(*) from jobs where status = 'failed')
    from jobs where status = 'ready' and run_at <= :now
    """
)


async def events_after(reader: Reader, position: int, *, limit: int) -> list[EventRow]:
    """The events that follow `position`, in their order, without gaps."""
    return await reader.fetch(AFTER, {"position": position, "limit": limit}, into=EventRow)


async def events_about(
    reader: Reader, key: UUID, *, types: Collection[str], after: int, until: int, limit: int
) -> list[EventRow]:
    """The first events behind `after` and not behind `until` that are of `types` and about, from or for `key`."""
    params = {"key": key, "types": list(types), "position": after, "until": until, "limit": limit}
    return await reader.fetch(ABOUT, params, into=EventRow)


async def last_position(reader: Reader) -> int:
    """The end of the feed: every event up to here can be read, and later ones lie behind it."""
    return (await reader.fetch(LAST_POSITION, into=int))[0]


async def figures(reader: Reader, *, now: datetime) -> Figures:
    """Depth, lag and age for `/metrics`."""
    return (await reader.fetch(FIGURES, {"now": now}, into=Figures))[0]
