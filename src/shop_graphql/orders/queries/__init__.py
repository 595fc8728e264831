"""Reading orders. Whoever asks, the rule of who may see what stands in the statement itself.

A buyer sees whole orders: a member by their id, a guest by the cart whose secret they hold. A seller sees its own parts
and never the order around them. "Not yours" and "not there" are the same absence.
"""

from collections import defaultdict
from typing import Any, Protocol, TypeVar
from uuid import UUID

from shop_graphql.orders.queries import statements as sql
from shop_graphql.orders.rows import (
    ContactRow,
    FulfillmentLineRow,
    FulfillmentRow,
    OrderLineRow,
    OrderRow,
    SubOrderRow,
    TransitionRow,
)
from shop_graphql.orders.states import SubOrderStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Reader


def seen_by(actor: Actor) -> dict[str, Any]:
    """The parameters that tell `IS_BUYER` and `IS_OF_SELLER` who is asking."""
    return {
        "sees_everything": actor.sees_everything,
        "user_id": actor.user_id,
        "guest_cart_id": actor.cart_id,
        "seller_ids": list(actor.seller_roles),
    }


async def orders_by_ids(reader: Reader, ids: list[UUID], actor: Actor) -> dict[UUID, OrderRow]:
    """Those of the orders that `actor` may see whole, keyed by id."""
    rows = await reader.fetch(sql.ORDERS_BY_IDS, {**seen_by(actor), "ids": ids}, into=OrderRow)
    return {row.id: row for row in rows}


async def orders_of(reader: Reader, actor: Actor, *, limit: int, before: UUID | None) -> list[OrderRow]:
    """The actor's own orders, the newest first, beginning below `before`; a guest has the one of their cart."""
    page = {"before": before or sql.LAST_KEY}
    if actor.user_id is not None:
        return await reader.fetch(
            sql.ORDERS_OF_BUYER, {**page, "buyer_id": actor.user_id, "most": limit}, into=OrderRow
        )
    return await reader.fetch(sql.ORDER_OF_CART, {**page, "cart_key": actor.cart_id}, into=OrderRow)


async def sub_orders_by_ids(
    reader: Reader, ids: list[tuple[UUID, int]], actor: Actor
) -> dict[tuple[UUID, int], SubOrderRow]:
    """Those of the parts that `actor` may see as buyer or as their seller, keyed by order and number."""
    params = {**seen_by(actor), "ids": list({order_id for order_id, _ in ids})}
    rows = await reader.fetch(sql.SUB_ORDERS_VISIBLE, params, into=SubOrderRow)
    wanted = set(ids)
    return {(row.order_id, row.sub_no): row for row in rows if (row.order_id, row.sub_no) in wanted}


async def sub_orders_of_seller(
    reader: Reader, seller_id: UUID, *, status: SubOrderStatus | None, limit: int, before: UUID | None
) -> list[SubOrderRow]:
    """A seller's parts, the newest order first, beginning below `before`. The caller has checked the membership."""
    params: dict[str, Any] = {"seller_key": seller_id, "before": before or sql.LAST_KEY, "most": limit}
    if status is None:
        return await reader.fetch(sql.SUB_ORDERS_OF_SELLER, params, into=SubOrderRow)
    params["wanted_status"] = status
    return await reader.fetch(sql.SUB_ORDERS_OF_SELLER_BY_STATUS, params, into=SubOrderRow)


async def sub_orders_by_order_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[SubOrderRow]]:
    """Each order's parts in their numbers' order. For orders that the caller was found to see."""
    return _grouped(await reader.fetch(sql.SUB_ORDERS_BY_ORDER_IDS, {"ids": ids}, into=SubOrderRow))


async def lines_by_order_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[OrderLineRow]]:
    """Each order's lines over all parts, in the order they had in the cart."""
    return _grouped(await reader.fetch(sql.LINES_BY_ORDER_IDS, {"ids": ids}, into=OrderLineRow))


async def contacts_by_order_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, ContactRow]:
    """Where each order goes and whom to write to; absent once the person was erased."""
    rows = await reader.fetch(sql.CONTACTS_BY_ORDER_IDS, {"ids": ids}, into=ContactRow)
    return {row.order_id: row for row in rows}


async def transitions_by_order_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[TransitionRow]]:
    """What happened to each order and its parts, the oldest first."""
    return _grouped(await reader.fetch(sql.TRANSITIONS_BY_ORDER_IDS, {"ids": ids}, into=TransitionRow))


async def fulfillments_by_order_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[FulfillmentRow]]:
    """Each order's parcels over all parts, the oldest first."""
    return _grouped(await reader.fetch(sql.FULFILLMENTS_BY_ORDER_IDS, {"ids": ids}, into=FulfillmentRow))


async def fulfillments_by_ids(reader: Reader, ids: list[UUID], actor: Actor) -> dict[UUID, FulfillmentRow]:
    """Those of the parcels that `actor` may see as buyer or as their seller, keyed by id."""
    rows = await reader.fetch(sql.FULFILLMENTS_VISIBLE, {**seen_by(actor), "ids": ids}, into=FulfillmentRow)
    return {row.id: row for row in rows}


async def fulfillment_lines_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[FulfillmentLineRow]]:
    """What lies in each parcel, keyed by parcel."""
    found: dict[UUID, list[FulfillmentLineRow]] = defaultdict(list)
    for row in await reader.fetch(sql.FULFILLMENT_LINES, {"ids": ids}, into=FulfillmentLineRow):
        found[row.fulfillment_id].append(row)
    return found


class _OfOrder(Protocol):
    @property
    def order_id(self) -> UUID: ...


Part = TypeVar("Part", bound=_OfOrder)


def _grouped(rows: list[Part]) -> dict[UUID, list[Part]]:
    found: dict[UUID, list[Part]] = defaultdict(list)
    for row in rows:
        found[row.order_id].append(row)
    return found
