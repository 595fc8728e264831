"""Carts with something in them."""

import itertools
from uuid import UUID

from shop_graphql.cart import service as carts
from shop_graphql.cart.service import Wanted
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.service.place import ExpectedTotal, Placed, place
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.shelves import Shelf, run

BERLIN = ShippingAddress(
    full_name="Ada Example", line1="Unter den Linden 1", city="Berlin", postal_code="10117", country="DE"
)
CONTACT = Contact(shipping=BERLIN, email="ada@example.com", phone="030 901820")
SECRET = "only the shopper knows this"

_numbers = itertools.count(1)


async def make_cart(db: Database, actor: Actor, *wanted: tuple[Shelf, int], currency: str = "EUR") -> UUID:
    """A committed open cart of a member with so many units of each offer."""
    async with db.write() as session:
        cart_id = await carts.create(
            session, actor=actor, currency=currency, shop_currency="EUR", secret=SECRET, now=NOON
        )
    if wanted:
        lines = [Wanted(shelf.offer_id, quantity) for shelf, quantity in wanted]
        async with db.write() as session:
            await carts.add_lines(session, actor=actor, cart_id=cart_id, lines=lines, now=NOON)
    return cart_id


async def make_guest_cart(db: Database, *wanted: tuple[Shelf, int]) -> Actor:
    """A guest who holds the secret of a committed cart."""
    async with db.write() as session:
        secret = f"{SECRET} {next(_numbers)}"
        cart_id = await carts.create(
            session, actor=Actor(), currency=None, shop_currency="EUR", secret=secret, now=NOON
        )
        guest = Actor(cart_id=cart_id)
        lines = [Wanted(shelf.offer_id, quantity) for shelf, quantity in wanted]
        if lines:
            await carts.add_lines(session, actor=guest, cart_id=cart_id, lines=lines, now=NOON)
    return guest


async def buy(
    db: Database,
    actor: Actor,
    cart_id: UUID,
    *,
    key: str = "key",
    contact: Contact = CONTACT,
    expected: ExpectedTotal | None = None,
) -> Placed:
    """The committed checkout of a cart."""
    async with db.write() as session:
        return await place(
            session, actor=actor, cart_id=cart_id, key=key, contact=contact, expected_total=expected, now=NOON
        )


async def force_line(db: Database, cart_id: UUID, shelf: Shelf, *, quantity: int, seen_minor: int = 1000) -> None:
    """A line that no rule was asked about: as if it had been added before something changed."""
    await run(
        db,
        "insert into cart_lines (cart_id, offer_id, quantity, seen_price_minor, added_at)"
        " values (:cart, :offer, :quantity, :seen, :now)",
        cart=cart_id,
        offer=shelf.offer_id,
        quantity=quantity,
        seen=seen_minor,
        now=NOON,
    )
