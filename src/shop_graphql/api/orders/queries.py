"""Looking up orders: the buyer's own, and a seller's parts."""

from typing import Annotated
from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of
from shop_graphql.api.orders.types import Order, SubOrder
from shop_graphql.api.pagination import PAGE_DEFAULT, After, Connection, First, connection, decode_cursor, page_size
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.orders import queries as orders
from shop_graphql.orders.states import SubOrderStatus


def key_after(after: str | None) -> UUID | None:
    """The key in a cursor of a list that is sorted by key alone.

    Raises: BadUserInput.
    """
    cursor = decode_cursor(after, tuple[UUID])
    return cursor[0] if cursor else None


@strawberry.type
class OrderQueries:
    @strawberry.field(
        description="One order: the signed-in buyer's, or the guest's whose cart's secret is sent in `X-Cart-Token`. "
        "Null for anyone else but staff."
    )
    async def order(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The order's id.")]
    ) -> Order | None:
        key = key_of(id, "Order")
        rows = await orders.orders_by_ids(info.context.reader, [key], info.context.actor)
        return Order.from_row(rows[key]) if key in rows else None

    @strawberry.field(
        description="The caller's own orders, the newest first; a guest has the one of their cart.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def orders(self, info: Info, first: First = PAGE_DEFAULT, after: After = None) -> Connection[Order]:
        limit = page_size(first) + 1
        rows = await orders.orders_of(info.context.reader, info.context.actor, limit=limit, before=key_after(after))
        nodes = [Order.from_row(row) for row in rows]
        return connection(nodes, [(row.id,) for row in rows], first=first, after=after)

    @strawberry.field(
        description="A seller's parts of orders, the newest first, for its team and staff; null for anyone else.",
        extensions=[Needs(Access.SELLER)],
    )
    async def seller_orders(
        self,
        info: Info,
        seller_id: Annotated[strawberry.ID, strawberry.argument(description="The seller.")],
        first: First = PAGE_DEFAULT,
        after: After = None,
        status: Annotated[
            SubOrderStatus | None, strawberry.argument(description="Only parts in this state; all if absent.")
        ] = None,
    ) -> Connection[SubOrder] | None:
        key, limit, before = key_of(seller_id, "Seller"), page_size(first) + 1, key_after(after)
        if not (key in info.context.actor.seller_roles or info.context.actor.sees_everything):
            return None
        reader = info.context.reader
        rows = await orders.sub_orders_of_seller(reader, key, status=status, limit=limit, before=before)
        nodes = [SubOrder.from_row(row) for row in rows]
        return connection(nodes, [(row.order_id,) for row in rows], first=first, after=after)
