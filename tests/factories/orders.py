"""Orders that have gone the whole way: a cart, a checkout, a payment, a parcel."""

import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shop_graphql.accounts.rows import UserRow
from shop_graphql.orders.contacts import Contact
from shop_graphql.orders.service import expire as expiry
from shop_graphql.orders.service import pay
from shop_graphql.orders.service.place import PAYMENT_WINDOW
from shop_graphql.orders.service.ship import Parcel, ParcelLine, ship
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.accounts import make_user
from tests.factories.carts import CONTACT, buy, make_cart
from tests.factories.sellers import make_seller
from tests.factories.shelves import Shelf, make_shelf
from tests.orders.paying import says, settle

LATE = NOON + PAYMENT_WINDOW + timedelta(hours=1)
"""By then an unpaid order is closed."""

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Bought:
    """An order of two units at 10.00 EUR, the first part of it one seller's."""

    id: UUID
    buyer: Actor
    contact: Contact
    seller_id: UUID
    owner: UserRow
    shelf: Shelf


async def place_order(
    db: Database,
    *,
    email: str = "ada@example.com",
    phone: str | None = CONTACT.phone,
    name: str = "Ada Example",
    title: str = "Kettle",
) -> Bought:
    """A committed order that waits for payment."""
    owner, member = await make_user(db, display_name="Olga Owner"), await make_user(db)
    seller_id = await make_seller(db, owner_id=owner.id, name="Kettles & Co")
    shelf = await make_shelf(db, seller_id=seller_id, title=title)
    buyer = Actor(user_id=member.id)
    contact = replace(CONTACT, email=email, phone=phone, shipping=replace(CONTACT.shipping, full_name=name))
    cart_id = await make_cart(db, buyer, (shelf, 2))
    placed = await buy(db, buyer, cart_id, contact=contact)
    return Bought(placed.order_id, buyer, contact, seller_id, owner, shelf)


async def pay_for(db: Database, order: Bought, *, now: datetime = NOON) -> None:
    """The gateway has said that the money is there."""
    async with db.write() as session:
        asked = pay.PaymentRequest(order_id=order.id, method_token="pm_card_visa", key="pay")
        started = await pay.start_payment(session, actor=order.buyer, asked=asked, now=now)
    await settle(db, says(started.payment_id, GatewayStatus.SUCCEEDED), now=now)


async def paid_order(db: Database, *, email: str = "ada@example.com", phone: str | None = CONTACT.phone) -> Bought:
    """A committed order that is paid for."""
    order = await place_order(db, email=email, phone=phone)
    await pay_for(db, order)
    return order


async def send_parcel(db: Database, order: Bought, *, units: int = 1, now: datetime = NOON) -> UUID:
    """A committed parcel with so many units of the order's first line."""
    by_owner = Actor(user_id=order.owner.id, seller_roles={order.seller_id: "owner"})
    lines = [ParcelLine(1, units)]
    key = f"parcel {next(_numbers)}"
    parcel = Parcel(order.id, 1, lines=lines, carrier="DHL", tracking_number="JJD 0003", key=key)
    async with db.write() as session:
        return (await ship(session, actor=by_owner, parcel=parcel, now=now)).fulfillment_id


async def let_expire(db: Database, order: Bought) -> None:
    """Nobody has paid in time."""
    async with db.write() as session:
        assert await expiry.expire(session, order_id=order.id, now=LATE)
