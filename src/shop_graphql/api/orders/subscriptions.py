"""Orders as they change: for their buyers, and for the sellers who are to send something."""

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from shop_graphql.api.context import Context, Info
from shop_graphql.api.enums import describe
from shop_graphql.api.following import Resume, envelope, follow
from shop_graphql.api.ids import key_of
from shop_graphql.api.live import Topic
from shop_graphql.api.orders.types import Order, SubOrder
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.events.rows import EventRow
from shop_graphql.orders import events
from shop_graphql.orders import queries as orders


class OrderEvent(StrEnum):
    """What a buyer is told of; the values are the names of the feed's events."""

    PLACED = events.OrderPlaced.name
    PAID = events.OrderPaid.name
    EXPIRED = events.OrderExpired.name
    FULFILLMENT_SHIPPED = events.FulfillmentShipped.name


class SellerOrderEvent(StrEnum):
    """What a seller's team is told of; the values are the names of the feed's events."""

    RECEIVED = events.SellerOrderReceived.name


describe(
    OrderEvent,
    "What happened to an order.",
    {
        OrderEvent.PLACED: "It was placed; its units are held.",
        OrderEvent.PAID: "The money came; the sellers have been told.",
        OrderEvent.EXPIRED: "Nobody paid in time; its units are free again.",
        OrderEvent.FULFILLMENT_SHIPPED: "A parcel is on its way.",
    },
)
describe(
    SellerOrderEvent,
    "What happened to a seller's part of an order.",
    {SellerOrderEvent.RECEIVED: "It is paid for: time to send it."},
)


@strawberry.type(description="Something that happened to an order.")
class OrderUpdate:
    cursor: str = strawberry.field(description="Opaque; pass the last one as `after` to resume.")
    at: datetime = strawberry.field(description="When it happened.")
    event: OrderEvent = strawberry.field(description="What happened.")
    order: Order = strawberry.field(description="The order as it is now, which may be later than `at`.")


@strawberry.type(description="Something that happened to a seller's part of an order.")
class SellerOrderUpdate:
    cursor: str = strawberry.field(description="Opaque; pass the last one as `after` to resume.")
    at: datetime = strawberry.field(description="When it happened.")
    event: SellerOrderEvent = strawberry.field(description="What happened.")
    sub_order: SubOrder = strawberry.field(description="The part as it is now, which may be later than `at`.")


@strawberry.type
class OrderSubscriptions:
    @strawberry.subscription(
        description="What happens to one order, for whoever `order(id)` shows it to: its buyer, the guest whose cart's "
        "secret is sent, and staff. For anyone else a single null and the end.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def order_updated(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The order's id.")],
        after: Resume = None,
    ) -> AsyncIterator[OrderUpdate | None]:
        context, key = info.context, key_of(id, "Order")

        async def read(event: EventRow) -> OrderUpdate | None:
            order = await order_now(context, key)
            return OrderUpdate(order=order, event=OrderEvent(event.type), **envelope(event)) if order else None

        may = partial(order_now, context, key)
        return await follow(context, Topic(frozenset(OrderEvent), key), after=after, may=may, read=read)

    @strawberry.subscription(
        description="Parts of orders that a seller is to send, once they are paid for; for its team and staff. For "
        "members of other teams a single null and the end.",
        extensions=[Needs(Access.SELLER)],
    )
    async def seller_order_received(
        self,
        info: Info,
        seller_id: Annotated[strawberry.ID, strawberry.argument(description="The seller.")],
        after: Resume = None,
    ) -> AsyncIterator[SellerOrderUpdate | None]:
        context, key = info.context, key_of(seller_id, "Seller")

        async def read(event: EventRow) -> SellerOrderUpdate | None:
            part = await part_now(context, event.aggregate_id, event.payload["sub_no"])
            what = SellerOrderEvent(event.type)
            return SellerOrderUpdate(sub_order=part, event=what, **envelope(event)) if part else None

        may = partial(is_of_team, context, key)
        return await follow(context, Topic(frozenset(SellerOrderEvent), key), after=after, may=may, read=read)


async def order_now(context: Context, key: UUID) -> Order | None:
    """The order, if the caller may see it whole."""
    rows = await orders.orders_by_ids(context.reader, [key], context.actor)
    return Order.from_row(rows[key]) if key in rows else None


async def part_now(context: Context, order_id: UUID, sub_no: int) -> SubOrder | None:
    """The part of an order, if the caller may see it."""
    rows = await orders.sub_orders_by_ids(context.reader, [(order_id, sub_no)], context.actor)
    return SubOrder.from_row(rows[order_id, sub_no]) if rows else None


async def is_of_team(context: Context, seller_id: UUID) -> bool:
    """Whether the caller belongs to the seller's team, or to the staff."""
    return seller_id in context.actor.seller_roles or context.actor.sees_everything
