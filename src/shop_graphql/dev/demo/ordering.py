"""Orders that people of the demo shop placed before it opened for us: placed, paid and sent by the shop's own rules.

What each ends as: `pending` (units held, to be paid), `expired` (nobody paid), `declined` (the card was refused, then
nobody paid), `paid`, `packing` (a part is on its way) or `shipped`. Each step is a transaction of its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Text, bindparam, text

from shop_graphql.cart import service as carts
from shop_graphql.dev.demo.reviewing import Review, write_reviews
from shop_graphql.dev.demo.shapes import Catalogue, Order
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.queries import orders_by_ids
from shop_graphql.orders.rows import OrderRow
from shop_graphql.orders.service import pay
from shop_graphql.orders.service.expire import GRACE, expire
from shop_graphql.orders.service.place import PAYMENT_WINDOW, place
from shop_graphql.orders.service.ship import Parcel, ParcelLine, ship
from shop_graphql.payments.gateway import GatewayPayment, GatewayStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database

ADDRESSES = {
    "ada@example.com": ShippingAddress("Ada Winter", "Lindenweg 14", "Berlin", "DE", postal_code="10115"),
    "mara@example.com": ShippingAddress("Mara Holm", "Havnegade 3", "Aarhus", "DK", postal_code="8000"),
    "jonas@example.com": ShippingAddress("Jonas Feld", "Speicherstraße 8", "Hamburg", "DE", postal_code="20457"),
    "priya@example.com": ShippingAddress("Priya Nair", "Oudegracht 211", "Utrecht", "NL", postal_code="3511 NM"),
}
PAID_AFTER = timedelta(minutes=2)
SENT_AFTER = timedelta(hours=20)
REVIEWED_AFTER = timedelta(hours=90)
SENT = frozenset({"packing", "shipped"})
UNPAID = frozenset({"expired", "declined"})

SKUS = bindparam("skus", type_=ARRAY(Text))
OFFERS = text(
    "select sku, o.id, v.product_id from offers o join variants v on v.id = variant_id where sku = any(:skus)"
)
OFFERS = OFFERS.bindparams(SKUS)
ORDERS_OF_BUYERS = text("select buyer_id, count(*) from orders where buyer_id = any(:buyers) group by buyer_id")
PARTS = text(
    """
    select sub_no, seller_id, min(line_no) from order_lines where order_id = :id group by sub_no, seller_id
    order by sub_no
    """
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


async def plant_order(db: Database, number: int, order: Order, *, buyer_id: UUID, now: datetime) -> None:
    """The order was placed `order.hours_ago` and has become what is written about it."""
    at = now - timedelta(hours=order.hours_ago)
    buyer = Actor(user_id=buyer_id)
    rows = await db.reader.fetch(OFFERS, {"skus": list(order.units)}, into=OfferRow)
    offers = {row.sku: row for row in rows}
    order_id = await _placed(db, number, order, buyer, offers, at)
    if order.ends == "declined":
        await _pay(db, number, order_id, buyer, GatewayStatus.FAILED, at + PAID_AFTER)
    if order.ends in UNPAID:
        async with db.write() as session:
            await expire(session, order_id=order_id, now=at + PAYMENT_WINDOW + GRACE)
    elif order.ends != "pending":
        await _pay(db, number, order_id, buyer, GatewayStatus.SUCCEEDED, at + PAID_AFTER)
    if order.ends in SENT:
        await _send(db, number, order_id, is_whole=order.ends == "shipped", now=at + SENT_AFTER)
    if order.said is not None:
        await _review(db, order, order_id, buyer_id, offers[next(iter(order.units))].product_id, at + REVIEWED_AFTER)


async def _placed(
    db: Database, number: int, order: Order, buyer: Actor, offers: Mapping[str, OfferRow], now: datetime
) -> UUID:
    contact = Contact(shipping=ADDRESSES[order.buyer], email=order.buyer)
    lines = [carts.Wanted(offers[sku].id, units) for sku, units in order.units.items()]
    async with db.write() as session:
        cart_id = await carts.create(session, actor=buyer, currency=None, shop_currency="EUR", secret="", now=now)
        await carts.add_lines(session, actor=buyer, cart_id=cart_id, lines=lines, now=now)
    async with db.write() as session:
        placed = await place(
            session, actor=buyer, cart_id=cart_id, key=f"demo-order-{number}", contact=contact, now=now
        )
    return placed.order_id


async def _pay(db: Database, number: int, order_id: UUID, buyer: Actor, status: GatewayStatus, now: datetime) -> None:
    """The gateway has told what became of a card; nobody is asked, for it never heard of these payments."""
    order: OrderRow = (await orders_by_ids(db.reader, [order_id], buyer))[order_id]
    asked = pay.PaymentRequest(order_id=order_id, method_token="pm_card_visa", key=f"demo-payment-{number}")
    async with db.write() as session:
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
    async with db.write() as session:
        await pay.settle(session, payment_id=started.payment_id, fact=fact, now=now)


async def _send(db: Database, number: int, order_id: UUID, *, is_whole: bool, now: datetime) -> None:
    """Every part is on its way; else only one unit of the first."""
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
        async with db.write() as session:
            await ship(session, actor=Actor(user_id=part.seller_id, is_system=True), parcel=parcel, now=now)


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
