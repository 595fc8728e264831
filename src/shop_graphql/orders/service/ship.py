"""Sending: a seller's parcel leaves the house, and its units leave the stock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from shop_graphql.events.outbox import publish
from shop_graphql.inventory.service import holds
from shop_graphql.orders.errors import NotShippable, ShipQuantityInvalid
from shop_graphql.orders.events import FulfillmentShipped
from shop_graphql.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine, SubOrder
from shop_graphql.orders.service.timeline import lock_order, move, parts_of
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus, SubOrderStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import Invalid, NotFound
from shop_graphql.platform.idempotency import claim, remember

OPERATION = "fulfillmentCreate"
TEXT_MAX = 100
SHIPPABLE = frozenset({SubOrderStatus.NEW, SubOrderStatus.IN_FULFILLMENT})
GONE = frozenset({SubOrderStatus.SHIPPED, SubOrderStatus.DELIVERED, SubOrderStatus.COMPLETED, SubOrderStatus.CANCELLED})
"""Parts that nothing more is to be sent of."""


@dataclass(frozen=True, slots=True)
class ParcelLine:
    """Units of one line that lie in the parcel."""

    line_no: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a seller sends. `lines` None is all that is still to be sent of the part."""

    order_id: UUID
    sub_no: int
    lines: Sequence[ParcelLine] | None
    carrier: str
    tracking_number: str
    key: str
    """The request's idempotency key."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """The parcel, and whether an earlier request with the same key has sent it."""

    fulfillment_id: UUID
    order_id: UUID
    sub_no: int
    replayed: bool


async def ship(session: WriteSession, *, actor: Actor, parcel: Parcel, now: datetime) -> Shipped:
    """A parcel of one seller's part is on its way, and its units are neither on hand nor promised any more.

    Any member of the seller's team may send, and staff.
    Raises: NotFound (also for another seller's part), NotShippable, ShipQuantityInvalid, Invalid, OutOfStock for units
    sold on backorder that have not arrived, IdempotencyKeyInvalid, IdempotencyKeyMismatch, IdempotencyInProgress.
    """
    order_id, sub_no, key = parcel.order_id, parcel.sub_no, parcel.key
    done = await claim(session, actor=actor, key=key, operation=OPERATION, request=parcel, now=now)
    if done is not None:
        return Shipped(UUID(done["fulfillmentId"]), order_id, sub_no, replayed=True)

    _check_text("carrier", parcel.carrier)
    _check_text("trackingNumber", parcel.tracking_number)
    await _check_membership(session, actor, order_id, sub_no)
    order = await lock_order(session, order_id)
    parts = await parts_of(session, order_id)
    part = next(part for part in parts if part.sub_no == sub_no)
    if part.status not in SHIPPABLE:
        raise NotShippable(status=part.status)
    rows = await _lines_of(session, order_id, sub_no)
    leaving = _whole_rest(rows) if parcel.lines is None else _checked(rows, parcel.lines)

    fulfillment_id = await _write_down(session, parcel, leaving, now=now)
    for line in leaving:
        rows[line.line_no].shipped_quantity += line.quantity
    await _advance(session, order, parts, part, is_whole=not _whole_rest(rows), actor=actor, now=now)
    shipped = FulfillmentShipped(
        aggregate_id=order_id,
        seller_id=part.seller_id,
        buyer_id=order.buyer_id,
        sub_no=sub_no,
        fulfillment_id=fulfillment_id,
    )
    await publish(session, shipped, now=now)
    await remember(session, actor=actor, key=key, result={"fulfillmentId": str(fulfillment_id)})
    # Stock rows are the busiest ones, so they are locked last.
    await holds.ship(session, owner_id=order_id, lines=leaving, now=now)
    return Shipped(fulfillment_id, order_id, sub_no, replayed=False)


def _check_text(field: str, text: str) -> None:
    if not (1 <= len(text.strip()) <= len(text) <= TEXT_MAX and text.isprintable()):
        raise Invalid(field=(field,), message=f"1 to {TEXT_MAX} printable characters are expected.")


async def _check_membership(session: WriteSession, actor: Actor, order_id: UUID, sub_no: int) -> None:
    part = (SubOrder.order_id == order_id, SubOrder.sub_no == sub_no)
    seller_id = await session.scalar(select(SubOrder.seller_id).where(*part))
    if seller_id is None or not (actor.sees_everything or seller_id in actor.seller_roles):
        raise NotFound(field=("subOrderId",))


async def _lines_of(session: WriteSession, order_id: UUID, sub_no: int) -> dict[int, OrderLine]:
    of_part = select(OrderLine).where(OrderLine.order_id == order_id, OrderLine.sub_no == sub_no)
    rows = await session.scalars(of_part.order_by(OrderLine.line_no).execution_options(populate_existing=True))
    return {row.line_no: row for row in rows}


def _unsent(row: OrderLine) -> int:
    return row.quantity - row.cancelled_quantity - row.shipped_quantity


def _whole_rest(rows: dict[int, OrderLine]) -> list[holds.ShipLine]:
    return [holds.ShipLine(row.line_no, _unsent(row), ("subOrderId",)) for row in rows.values() if _unsent(row)]


def _checked(rows: dict[int, OrderLine], lines: Sequence[ParcelLine]) -> list[holds.ShipLine]:
    if not lines:
        raise ShipQuantityInvalid(field=("lines",))
    left = {row.line_no: _unsent(row) for row in rows.values()}
    for place, line in enumerate(lines):
        if line.line_no not in left:
            raise NotFound(field=("lines", str(place), "lineId"))
        if not 1 <= line.quantity <= left[line.line_no]:
            raise ShipQuantityInvalid(field=("lines", str(place), "quantity"))
        # A line named twice shares what is left of it.
        left[line.line_no] -= line.quantity
    in_parcel: dict[int, holds.ShipLine] = {}
    for place, line in enumerate(lines):
        before = in_parcel[line.line_no].quantity if line.line_no in in_parcel else 0
        field = ("lines", str(place), "quantity")
        in_parcel[line.line_no] = holds.ShipLine(line.line_no, before + line.quantity, field)
    return list(in_parcel.values())


async def _write_down(
    session: WriteSession, parcel: Parcel, leaving: Sequence[holds.ShipLine], *, now: datetime
) -> UUID:
    parcel_id = session.new_id(now)
    session.add(
        Fulfillment(
            id=parcel_id,
            order_id=parcel.order_id,
            sub_no=parcel.sub_no,
            carrier=parcel.carrier.strip(),
            tracking_number=parcel.tracking_number.strip(),
            status=FulfillmentStatus.SHIPPED,
            created_at=now,
            shipped_at=now,
            lines=[FulfillmentLine(line_no=line.line_no, quantity=line.quantity) for line in leaving],
        )
    )
    await session.flush()
    return parcel_id


async def _advance(
    session: WriteSession,
    order: Order,
    parts: Sequence[SubOrder],
    part: SubOrder,
    *,
    is_whole: bool,
    actor: Actor,
    now: datetime,
) -> None:
    part_to = SubOrderStatus.SHIPPED if is_whole else SubOrderStatus.IN_FULFILLMENT
    rest_is_gone = all(other.status in GONE for other in parts if other is not part)
    order_to = OrderStatus.SHIPPED if is_whole and rest_is_gone else OrderStatus.IN_FULFILLMENT
    await move(session, order, to=order_to, parts=[part], parts_to=part_to, actor=actor, now=now)
