"""What each kind of job does: one call into a domain. It may run twice, and the second time changes nothing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from shop_graphql.inventory.service.hints import refresh_stock_hints
from shop_graphql.notifications import jobs as notifications
from shop_graphql.orders import jobs as orders
from workers.deps import Deps
from workers.reactions import REACTIONS

Handler = Callable[[Deps, Mapping[str, Any]], Awaitable[None]]


async def _confirm_order(deps: Deps, args: Mapping[str, Any]) -> None:
    await notifications.confirm_order(db=deps.db, clock=deps.clock, order_id=UUID(args["aggregate_id"]))


async def _explain_expiry(deps: Deps, args: Mapping[str, Any]) -> None:
    await notifications.explain_expiry(db=deps.db, clock=deps.clock, order_id=UUID(args["aggregate_id"]))


async def _tell_seller(deps: Deps, args: Mapping[str, Any]) -> None:
    await notifications.tell_seller(
        db=deps.db,
        clock=deps.clock,
        order_id=UUID(args["aggregate_id"]),
        sub_no=args["sub_no"],
        seller_id=UUID(args["seller_id"]),
    )


async def _announce_parcel(deps: Deps, args: Mapping[str, Any]) -> None:
    await notifications.announce_parcel(
        db=deps.db,
        clock=deps.clock,
        order_id=UUID(args["aggregate_id"]),
        fulfillment_id=UUID(args["fulfillment_id"]),
    )


async def _refresh_availability(deps: Deps, args: Mapping[str, Any]) -> None:
    await orders.refresh_availability(db=deps.db, clock=deps.clock, order_id=UUID(args["aggregate_id"]))


async def _refresh_stock_hints(deps: Deps, args: Mapping[str, Any]) -> None:
    async with deps.db.write() as session:
        await refresh_stock_hints(session, offer_ids=[UUID(args["aggregate_id"])], now=deps.clock.now())


HANDLERS: Mapping[str, Handler] = {
    "notifications.confirm_order": _confirm_order,
    "notifications.explain_expiry": _explain_expiry,
    "notifications.tell_seller": _tell_seller,
    "notifications.announce_parcel": _announce_parcel,
    "orders.refresh_availability": _refresh_availability,
    "inventory.refresh_stock_hints": _refresh_stock_hints,
}

assert {kind for kinds in REACTIONS.values() for kind in kinds} <= HANDLERS.keys(), "a reaction without a handler"
