"""Orders that people of the demo shop placed before it opened for us: placed, paid and sent by the shop's own rules.

What each ends as: `pending` (units held, to be paid), `expired` (nobody paid), `declined` (the card was refused, then
nobody paid), `cancelled` (called off before it was paid), `paid`, `packing` (a part is on its way), `shipped`,
`delivered` or `completed`. Each step is a transaction of its own. No fact of them is published: nobody is to get mail
about a parcel of last month.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, bindparam, text

from shop_graphql.cart import service as carts
from shop_graphql.dev.demo.reviewing import Review, write_reviews
from shop_graphql.dev.demo.shapes import Catalogue, Order
from shop_graphql.dev.demo.shelving import Seats
from shop_graphql.inventory.service import holds
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.queries import orders_by_ids
from shop_graphql.orders.rows import OrderRow
from shop_graphql.orders.service import pay
from shop_graphql.orders.service.expire import GRACE, expire
from shop_graphql.orders.service.place import PAYMENT_WINDOW, place
from shop_graphql.orders.service.ship import Parcel, ParcelLine, ship
from shop_graphql.orders.service.timeline import lock_order, move, parts_of
from shop_graphql.orders.states import OrderStatus, SubOrderStatus
from shop_graphql.payments.gateway import GatewayPayment, GatewayStatus
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Database, WriteSession

ADDRESSES = {
    "ada@example.com": ShippingAddress("Ada Winter", "Lindenweg 14", "Berlin", "DE", postal_code="10115"),
    "mara@example.com": ShippingAddress("Mara Holm", "Havnegade 3", "Aarhus", "DK", postal_code="8000"),
    "jonas@example.com": ShippingAddress("Jonas Feld", "Speicherstraße 8", "Hamburg", "DE", postal_code="20457"),
    "priya@example.com": ShippingAddress("Priya Nair", "Oudegracht 211", "Utrecht", "NL", postal_code="3511 NM"),
}
PAID_AFTER = timedelta(minutes=2)
SENT_AFTER = timedelta(hours=20)
REVIEWED_AFTER = timedelta(hours=90)
ARRIVED_AFTER = timedelta(hours=70)
COMPLETED_AFTER = timedelta(days=15)
SENT = frozenset({"packing", "shipped", "delivered", "completed"})
ARRIVED = frozenset({"delivered", "completed"})
UNPAID = frozenset({"pending", "expired", "declined", "cancelled"})
METHOD = "pm_card_visa"

SKUS = bindparam("skus", type_=ARRAY(Text))
OFFERS = text(
    "select sku, o.id, v.product_id from offers o join variants v on v.id = variant_id where sku = any(:skus)"
)
OFFERS = OFFERS.bindparams(SKUS)
ORDERS_OF_BUYERS = text("select buyer_id, count(*) from orders where buyer_id = any(:buyers) group by buyer_id")
PARTS = text(
    """
    select sub_no, seller_id, min(line_no) from order_lines where order_id = :id group by sub_no, seller_id
    order by min(line_no)
    """
)
DROP_NEWS = text("delete from outbox_messages where aggregate_id = :id")
ARRIVED_PARCELS = text(
    "update fulfillments set status = 'delivered', delivered_at = :now where order_id = :id and status = 'shipped'"
)


class OfferRow(msgspec.Struct, frozen=True):
    sku: str
    id: UUID
    product_id: UUID


class PartRow(msgspec.Struct, frozen=True):
    sub_no: int
    seller_id: UUID
    first_line: int


async def missing_orders(db: Database, demo: Catalogue, people: Mapping[str, UUID]) -> list[tuple[int, Order]]:
    """What of the written orders was not placed yet, with their numbers: each buyer's are placed in their order."""
    counted = await db.reader.fetch(
        ORDERS_OF_BUYERS, {"buyers": list(people.values())}, into=lambda buyer, count: (buyer, count)
    )
    there: dict[UUID, int] = dict(counted)
    missing = []
    for number, order in enumerate(demo.orders, start=1):
        buyer_id = people.get(order.buyer)
        if buyer_id is not None and there.get(buyer_id, 0) > 0:
            there[buyer_id] -= 1
        else:
            missing.append((number, order))
    return missing


async def plant_order(db: Database, number: int, order: Order, *, buyer_id: UUID, seats: Seats, now: datetime) -> None:
    """The order was placed `order.hours_ago` and has become what is written about it."""
    at = now - timedelta(hours=order.hours_ago)
    buyer = Actor(user_id=buyer_id)
    rows = await db.reader.fetch(OFFERS, {"skus": list(order.units)}, into=OfferRow)
    offers = {row.sku: row for row in rows}
    order_id = await _placed(db, number, order, buyer, offers, at)
    if order.ends in UNPAID:
        await _leave_unpaid(db, number, order_id, buyer, order.ends, at)
    else:
        await _pay(db, number, order_id, buyer, GatewayStatus.SUCCEEDED, at + PAID_AFTER)
    if order.ends in SENT:
        team = {seller_id: actor for actor, seller_id in seats.sellers.values()}
        await _send(db, number, order_id, team, is_whole=order.ends != "packing", now=at + SENT_AFTER)
    if order.ends in ARRIVED:
        await _arrive(db, order_id, OrderStatus.DELIVERED, SubOrderStatus.DELIVERED, now=at + ARRIVED_AFTER)
    if order.ends == "completed":
        await _arrive(db, order_id, OrderStatus.COMPLETED, SubOrderStatus.COMPLETED, now=at + COMPLETED_AFTER)
    if order.said is not None:
        await _review(db, order, order_id, buyer_id, offers[next(iter(order.units))].product_id, at + REVIEWED_AFTER)


async def _leave_unpaid(db: Database, number: int, order_id: UUID, buyer: Actor, ends: str, at: datetime) -> None:
    if ends == "declined":
        await _pay(db, number, order_id, buyer, GatewayStatus.FAILED, at + PAID_AFTER)
    if ends == "cancelled":
        await _call_off(db, order_id, buyer, now=at + PAID_AFTER)
    elif ends != "pending":
        async with _quietly(db, order_id) as session:
            await expire(session, order_id=order_id, now=at + PAYMENT_WINDOW + GRACE)


@asynccontextmanager
async def _quietly(db: Database, order_id: UUID) -> AsyncIterator[WriteSession]:
    """A transaction that publishes nothing about the order."""
    async with db.write() as session:
        yield session
        await session.flush()
        await session.execute(DROP_NEWS, {"id": order_id})


async def _placed(
    db: Database, number: int, order: Order, buyer: Actor, offers: Mapping[str, OfferRow], now: datetime
) -> UUID:
    contact = Contact(shipping=ADDRESSES[order.buyer], email=order.buyer)
    lines = [carts.Wanted(offers[sku].id, units) for sku, units in order.units.items()]
    async with db.write() as session:
        cart_id = await carts.create(session, actor=buyer, currency=None, shop_currency="EUR", secret="", now=now)
        # One after the other: what came at the same instant is sorted by its random key, and parts with it.
        for seconds, line in enumerate(lines):
            at = now + timedelta(seconds=seconds)
            await carts.add_lines(session, actor=buyer, cart_id=cart_id, lines=[line], now=at)
    async with db.write() as session:
        placed = await place(
            session, actor=buyer, cart_id=cart_id, key=f"demo-order-{number}", contact=contact, now=now
        )
        await session.execute(DROP_NEWS, {"id": placed.order_id})
    return placed.order_id


async def _pay(db: Database, number: int, order_id: UUID, buyer: Actor, status: GatewayStatus, now: datetime) -> None:
    """The gateway has told what became of a card; nobody is asked, for it never heard of these payments."""
    order: OrderRow = (await orders_by_ids(db.reader, [order_id], buyer))[order_id]
    asked = pay.PaymentRequest(order_id=order_id, method_token=METHOD, key=f"demo-payment-{number}")
    async with _quietly(db, order_id) as session:
        started = await pay.start_payment(session, actor=buyer, asked=asked, now=now)
    has_money = status is GatewayStatus.SUCCEEDED
    fact = GatewayPayment(
        gateway_payment_id=f"pi_demo_{started.payment_id.hex}",
        status=status,
        amount_minor=order.total_minor,
        currency=order.currency,
        captured_minor=order.total_minor if has_money else 0,
        payment_id=started.payment_id,
        decline_code=None if has_money else "insufficient_funds",
        card_brand="visa",
        card_last4="4242",
    )
    async with _quietly(db, order_id) as session:
        await pay.settle(session, payment_id=started.payment_id, fact=fact, now=now)


async def _call_off(db: Database, order_id: UUID, buyer: Actor, *, now: datetime) -> None:
    """The buyer has thought better of it before paying."""
    async with _quietly(db, order_id) as session:
        order = await lock_order(session, order_id)
        parts = await parts_of(session, order_id)
        to, parts_to = OrderStatus.CANCELLED, SubOrderStatus.CANCELLED
        await move(session, order, to=to, parts=parts, parts_to=parts_to, actor=buyer, reason="by_buyer", now=now)
        order.closed_at = now
        await holds.release(session, owner_id=order_id, now=now)


async def _send(
    db: Database, number: int, order_id: UUID, team: Mapping[UUID, Actor], *, is_whole: bool, now: datetime
) -> None:
    """Every part is on its way; else only one unit of what was first in the cart."""
    parts = await db.reader.fetch(PARTS, {"id": order_id}, into=PartRow)
    for part in parts if is_whole else parts[:1]:
        parcel = Parcel(
            order_id,
            part.sub_no,
            lines=None if is_whole else [ParcelLine(part.first_line, 1)],
            carrier="DHL",
            tracking_number=f"JJD{number:06}{part.sub_no}",
            key=f"demo-parcel-{number}-{part.sub_no}",
        )
        async with _quietly(db, order_id) as session:
            await ship(session, actor=team[part.seller_id], parcel=parcel, now=now)


async def _arrive(db: Database, order_id: UUID, to: OrderStatus, parts_to: SubOrderStatus, *, now: datetime) -> None:
    """All parcels are at the door; or that was long enough ago that nothing can be returned."""
    async with _quietly(db, order_id) as session:
        order = await lock_order(session, order_id)
        parts = await parts_of(session, order_id)
        await move(session, order, to=to, parts=parts, parts_to=parts_to, actor=SYSTEM, now=now)
        if to is OrderStatus.COMPLETED:
            order.closed_at = now
        else:
            await session.execute(ARRIVED_PARCELS, {"id": order_id, "now": now})


async def _review(db: Database, order: Order, order_id: UUID, buyer_id: UUID, product_id: UUID, now: datetime) -> None:
    assert order.said is not None, "only what was said is written down"
    async with db.write() as session:
        review = Review(
            id=session.new_id(now),
            product_id=product_id,
            author_id=buyer_id,
            rating=order.said.rating,
            title=order.said.title,
            body=order.said.body,
            created_at=now,
            order_id=order_id,
        )
        await write_reviews(session, [review])
