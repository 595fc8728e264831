"""The statements of promising stock, over arrays: one order or many take the same number of round trips.

A lock is a statement of its own; what is computed from locked rows is read by the next one.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from shop_graphql.inventory.models import StockItem as Item
from shop_graphql.inventory.models import StockReservation as Hold
from shop_graphql.inventory.states import ReservationStatus
from shop_graphql.platform.columns import Choice

LIVE = (ReservationStatus.HELD, ReservationStatus.ALLOCATED)
"""Counted in `reserved`."""

# Rows are added to the tables themselves: the mapped classes would take the arrays for values of columns.
HOLDS, MOVEMENTS = Item.metadata.tables["stock_reservations"], Item.metadata.tables["stock_movements"]

IDS = bindparam("ids", type_=ARRAY(Uuid))
OWNER = bindparam("owner", type_=Uuid)
NOW = bindparam("now", type_=DateTime(timezone=True))
HELD: ColumnElement[ReservationStatus] = literal_column("'held'")
"""Spelled out, because a plan made for any status could not use the index on held ones."""
EXPIRED_BY_NOW = (Hold.status == HELD) & (Hold.expires_at <= NOW)
"""At the very instant of `expires_at` the units are free for the next buyer."""
ENDED = (Hold.stock_item_id, Hold.order_id, Hold.line_no, Hold.quantity, Hold.ended_at)
PLAIN: dict[str, Any] = {"synchronize_session": False}


FULFILLED = literal(ReservationStatus.FULFILLED, Choice(ReservationStatus))


def arrays(name: str, **columns: TypeEngine[Any] | type[TypeEngine[Any]]) -> TableValuedAlias:
    """Bind parameters of equal length as a table, a row per position."""
    given = [bindparam(f"{name}_{key}", type_=ARRAY(kind)) for key, kind in columns.items()]
    typed = [column(key, kind) for key, kind in columns.items()]
    return func.unnest(*given).table_valued(*typed, name=name).render_derived(name=name)


LOCK_ITEMS_OF_OFFERS = (
    select(Item.id).where(Item.offer_id == any_(IDS)).order_by(Item.id).with_for_update(key_share=True)
)
LOCK_ITEMS_OF_OWNER = (
    select(Item.id)
    .where(Item.id.in_(select(Hold.stock_item_id).where(Hold.order_id == OWNER, Hold.status.in_(LIVE))))
    .order_by(Item.id)
    .with_for_update(key_share=True)
)
DUE = (
    select(Hold.stock_item_id)
    .where(EXPIRED_BY_NOW)
    .order_by(Hold.expires_at)
    .limit(bindparam("most", type_=Integer))
    .scalar_subquery()
)
# `any(array(…))` pins the plan: the few that are due first, whatever the planner believes about the table.
LOCK_ITEMS_THAT_ARE_DUE = (
    select(Item.id)
    .where(Item.id == any_(func.array(DUE)))
    .order_by(Item.id)
    .with_for_update(key_share=True, skip_locked=True)
)

PLACES = (
    select(Item.id, Item.offer_id, Item.on_hand + Item.backorder_limit - Item.reserved)
    .where(Item.id == any_(IDS))
    .order_by(Item.offer_id, Item.priority, Item.id)
)
ON_HAND = select(Item.id, Item.offer_id, Item.on_hand).where(Item.id == any_(IDS))

LOCK_EXPIRED = (
    select(Hold.id)
    .where(Hold.stock_item_id == any_(IDS), EXPIRED_BY_NOW, Hold.order_id != OWNER)
    .order_by(Hold.id)
    .with_for_update()
)
END_EXPIRED = (
    update(Hold)
    .where(Hold.id == any_(IDS), Hold.status == HELD)
    .values(status=ReservationStatus.EXPIRED, ended_at=Hold.expires_at)
    .returning(*ENDED)
    .execution_options(**PLAIN)
)

LOCK_HOLDS_OF_OWNER = select(Hold.status).where(Hold.order_id == OWNER).order_by(Hold.id).with_for_update()
HOLDS_OF_OWNER = (
    select(Hold.id, Hold.line_no, Hold.stock_item_id, Hold.quantity, Hold.status, Item.offer_id)
    .join(Item, Item.id == Hold.stock_item_id)
    .where(Hold.order_id == OWNER)
    .order_by(Hold.line_no, Item.priority, Hold.id)
)
ALLOCATE_HELD = (
    update(Hold)
    .where(Hold.order_id == OWNER, Hold.status == HELD)
    .values(status=ReservationStatus.ALLOCATED, expires_at=None)
    .execution_options(**PLAIN)
)
DELETE_EXPIRED = (
    delete(Hold).where(Hold.order_id == OWNER, Hold.status == ReservationStatus.EXPIRED).execution_options(**PLAIN)
)
RELEASE = (
    update(Hold)
    .where(Hold.order_id == OWNER, Hold.status.in_(LIVE))
    .values(status=ReservationStatus.RELEASED, ended_at=NOW)
    .returning(*ENDED)
    .execution_options(**PLAIN)
)
EXPIRE = (
    update(Hold)
    .where(Hold.order_id == OWNER, Hold.status == HELD)
    .values(status=ReservationStatus.EXPIRED, ended_at=func.least(Hold.expires_at, NOW))
    .returning(*ENDED)
    .execution_options(**PLAIN)
)

CHANGE = arrays("change", id=Uuid, on_hand=Integer, reserved=Integer)
CHANGE_ITEMS = (
    update(Item)
    .where(Item.id == CHANGE.c.id)
    .values(on_hand=Item.on_hand + CHANGE.c.on_hand, reserved=Item.reserved + CHANGE.c.reserved, updated_at=NOW)
    .execution_options(**PLAIN)
)

SENT = arrays("sent", id=Uuid, quantity=Integer)
ALL_OF_IT = Hold.quantity == SENT.c.quantity
SEND = (
    # A row keeps what is still promised; the last units to leave end it with the number they were.
    update(Hold)
    .where(Hold.id == SENT.c.id)
    .values(
        quantity=case((ALL_OF_IT, Hold.quantity), else_=Hold.quantity - SENT.c.quantity),
        status=case((ALL_OF_IT, FULFILLED), else_=Hold.status),
        ended_at=case((ALL_OF_IT, NOW)),
    )
    .execution_options(**PLAIN)
)

TAKEN = arrays("taken", id=Uuid, item=Uuid, owner=Uuid, line_no=SmallInteger, quantity=Integer)
STATUS = bindparam("status_of_all", type_=Choice(ReservationStatus))
UNTIL = bindparam("until", type_=DateTime(timezone=True))
_COLUMNS = ["id", "stock_item_id", "order_id", "line_no", "quantity", "status", "expires_at", "created_at"]
_ROWS = select(TAKEN.c.id, TAKEN.c.item, TAKEN.c.owner, TAKEN.c.line_no, TAKEN.c.quantity, STATUS, UNTIL, NOW)
_ADD = upsert(HOLDS).from_select(_COLUMNS, _ROWS)
# A line that takes more from a place it holds units of already has one row there, with both.
ADD_HOLDS = _ADD.on_conflict_do_update(
    constraint="uq_stock_reservations_line", set_={"quantity": HOLDS.c.quantity + _ADD.excluded.quantity}
)

MOVED = arrays(
    "moved",
    id=Uuid,
    item=Uuid,
    on_hand=Integer,
    reserved=Integer,
    reason=Text,
    owner=Uuid,
    line_no=SmallInteger,
    at=DateTime(timezone=True),
)
ADD_MOVEMENTS = insert(MOVEMENTS).from_select(
    ["id", "stock_item_id", "on_hand_delta", "reserved_delta", "reason", "order_id", "line_no", "at"], select(*MOVED.c)
)
