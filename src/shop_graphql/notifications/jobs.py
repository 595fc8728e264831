"""From facts to messages. Shallow: find out whom to tell, and let the service write it down."""

from uuid import UUID

from shop_graphql.notifications import queries, service
from shop_graphql.notifications.topics import Topic
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database


async def confirm_order(*, db: Database, clock: Clock, order_id: UUID) -> None:
    """The buyer of a paid order gets a confirmation."""
    await _tell_buyer(db, clock, topic=Topic.ORDER_CONFIRMED, key=f"order_confirmed:{order_id}", order_id=order_id)


async def announce_parcel(*, db: Database, clock: Clock, order_id: UUID, fulfillment_id: UUID) -> None:
    """The buyer hears that a parcel is on its way."""
    await _tell_buyer(
        db,
        clock,
        topic=Topic.ORDER_SHIPPED,
        key=f"order_shipped:{fulfillment_id}",
        order_id=order_id,
        context={"fulfillment_id": str(fulfillment_id)},
    )


async def explain_expiry(*, db: Database, clock: Clock, order_id: UUID) -> None:
    """The buyer hears that the order was closed unpaid."""
    await _tell_buyer(db, clock, topic=Topic.ORDER_EXPIRED, key=f"order_expired:{order_id}", order_id=order_id)


async def tell_seller(*, db: Database, clock: Clock, order_id: UUID, sub_no: int, seller_id: UUID) -> None:
    """The seller's owners hear of a paid order."""
    owners = await queries.owners_of(db.reader, seller_id)
    async with db.write() as session:
        for owner in owners:
            await service.send(
                session,
                key=f"seller_order:{order_id}:{sub_no}",
                topic=Topic.SELLER_ORDER_RECEIVED,
                to=owner,
                order_id=order_id,
                seller_id=seller_id,
                context={"sub_no": sub_no},
                now=clock.now(),
            )


async def _tell_buyer(
    db: Database, clock: Clock, *, topic: Topic, key: str, order_id: UUID, context: dict[str, str] | None = None
) -> None:
    buyer = await queries.buyer_of(db.reader, order_id)
    if buyer is None:
        return
    async with db.write() as session:
        await service.send(session, key=key, topic=topic, to=buyer, order_id=order_id, context=context, now=clock.now())
