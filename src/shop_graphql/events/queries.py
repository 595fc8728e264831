"""Reading the feed, and how far behind it is."""

from datetime import datetime

from sqlalchemy import bindparam, select, text

from shop_graphql.events.models import FeedEvent
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


async def figures(reader: Reader, *, now: datetime) -> Figures:
    """Depth, lag and age for `/metrics`."""
    return (await reader.fetch(FIGURES, {"now": now}, into=Figures))[0]
