"""An order's story: every change of a status, of the whole or of one part, written down where it happens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from shop_graphql.audit.states import ActorKind
from shop_graphql.orders.models import Order, OrderTransition, SubOrder
from shop_graphql.orders.states import OrderStatus, SubOrderStatus, can_become, part_can_become
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Lock, WriteSession, locked


async def lock_order(session: WriteSession, order_id: UUID) -> Order:
    """The order, held for this transaction; its parts and lines count as held with it."""
    session.taking(Lock.ORDER)
    return (await session.scalars(locked(select(Order).where(Order.id == order_id)))).one()


async def parts_of(session: WriteSession, order_id: UUID) -> list[SubOrder]:
    """The parts of an order that is locked already, by number."""
    parts = select(SubOrder).where(SubOrder.order_id == order_id).order_by(SubOrder.sub_no)
    return list(await session.scalars(parts.execution_options(populate_existing=True)))


async def move(
    session: WriteSession,
    order: Order,
    *,
    to: OrderStatus | None = None,
    parts: list[SubOrder],
    parts_to: SubOrderStatus,
    actor: Actor,
    reason: str | None = None,
    now: datetime,
) -> None:
    """The order and `parts` have their new statuses, and the timeline says since when and by whom.

    `to` None leaves the order's own status as it is. Whether the step is allowed was decided before.
    """
    steps: list[tuple[int | None, str, str]] = []
    if to is not None and to is not order.status:
        assert can_become(order.status, to), f"{order.status} -> {to}: callers check first"
        steps.append((None, order.status, to))
        order.status = to
        order.version += 1
    for part in parts:
        if part.status is not parts_to:
            assert part_can_become(part.status, parts_to), f"{part.status} -> {parts_to}: callers check first"
            steps.append((part.sub_no, part.status, parts_to))
            part.status = parts_to
            part.version += 1
    if not steps:
        return
    last = select(func.coalesce(func.max(OrderTransition.seq), 0)).where(OrderTransition.order_id == order.id)
    seq = (await session.scalars(last)).one()
    rows = [
        {
            "order_id": order.id,
            "seq": seq + place,
            "sub_no": sub_no,
            "from_status": was,
            "to_status": becomes,
            "actor_kind": ActorKind(actor.kind),
            "actor_id": actor.user_id,
            "reason": reason,
            "at": now,
        }
        for place, (sub_no, was, becomes) in enumerate(steps, start=1)
    ]
    await session.execute(insert(OrderTransition), rows)
