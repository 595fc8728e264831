"""Placing: a cart becomes an order that waits for payment, its units held.

One transaction. Prices are read again here and fixed for good; what the buyer has not seen is refused, never adjusted.
The busiest rows, those of stock, are locked last and so for the shortest time.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shop_graphql.accounts import queries as accounts
from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.accounts.service import guest_buyer
from shop_graphql.audit.states import ActorKind
from shop_graphql.cart import service as carts
from shop_graphql.cart.errors import CurrencyMismatch
from shop_graphql.cart.terms import price_of
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.catalogue.rows import SaleTerms
from shop_graphql.events.outbox import publish
from shop_graphql.inventory.service import holds
from shop_graphql.orders.contacts import Contact, canonical_contact, email_hash
from shop_graphql.orders.errors import PriceChanged
from shop_graphql.orders.events import OrderPlaced
from shop_graphql.orders.models import (
    ORDER_NUMBERS,
    Order,
    OrderContact,
    OrderLine,
    OrderTransition,
    SubOrder,
)
from shop_graphql.orders.numbers import order_number
from shop_graphql.orders.states import OrderStatus, SubOrderStatus
from shop_graphql.orders.totals import PricedLine, Totals, by_seller, totals_of
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Lock, WriteSession
from shop_graphql.platform.idempotency import claim, remember
from shop_graphql.platform.observability import ORDERS

PAYMENT_WINDOW = timedelta(minutes=30)
"""How long units wait for a payment."""
OPERATION = "checkout"
AT_CART = ("cartId",)


@dataclass(frozen=True, slots=True)
class ExpectedTotal:
    """What the buyer was told that the order costs. Units: `minor` in minor units of `currency`."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Placed:
    """The order, and whether an earlier request with the same key has placed it."""

    order_id: UUID
    replayed: bool


async def place(
    session: WriteSession,
    *,
    actor: Actor,
    cart_id: UUID,
    key: str,
    contact: Contact,
    expected_total: ExpectedTotal | None = None,
    now: datetime,
) -> Placed:
    """The cart is an order with a part for each seller, and all its units are held for `PAYMENT_WINDOW`.

    Prices must be those that the cart's lines were seen at, or, where `expected_total` is given, add up to it.
    The same key with the same request gives the same order again, whatever has become of cart and prices since.

    Raises: NotFound, CartNotOpen, CartEmpty, EmailInvalid, Invalid, OfferUnavailable, QuantityInvalid,
    CurrencyMismatch, PriceChanged, OutOfStock, IdempotencyKeyInvalid, IdempotencyKeyMismatch, IdempotencyInProgress.
    """
    request = [str(cart_id), asdict(contact), asdict(expected_total) if expected_total else None]
    done = await claim(session, actor=actor, key=key, operation=OPERATION, request=request, now=now)
    if done is not None:
        return Placed(order_id=UUID(done["orderId"]), replayed=True)

    contact = await _reachable(session, actor, canonical_contact(contact))
    cart = await carts.check_out(session, actor=actor, cart_id=cart_id)
    offers = [line.offer_id for line in cart.lines]
    terms = await catalogue.sale_terms(session, offers, currency=cart.currency, now=now)
    lines = _priced(cart, terms, expected_total)

    order = await _order_of(session, actor, cart, lines, terms, now)
    session.taking(Lock.ORDER)
    session.add(order)
    order.contact = _contact_of(contact)
    await session.flush()
    await carts.mark_ordered(session, cart_id=cart_id, order_id=order.id, now=now)
    await publish(session, _placed(order), now=now)
    await remember(session, actor=actor, key=key, result={"orderId": str(order.id)})
    wanted = [
        holds.HoldLine(line_no, line.offer_id, line.quantity, AT_CART) for line_no, line in enumerate(lines, start=1)
    ]
    await holds.hold(session, owner_id=order.id, lines=wanted, until=now + PAYMENT_WINDOW, now=now)
    ORDERS.labels(OrderStatus.PENDING_PAYMENT).inc()
    return Placed(order_id=order.id, replayed=False)


async def _reachable(session: WriteSession, actor: Actor, contact: Contact) -> Contact:
    if contact.email is not None:
        return contact
    member = (await accounts.users_by_ids(session, [actor.user_id])).get(actor.user_id) if actor.user_id else None
    if member is None or member.email is None:
        raise EmailInvalid(
            field=("contact", "email"), message="An e-mail address is needed: the order's mails go there."
        )
    return Contact(shipping=contact.shipping, email=member.email, phone=contact.phone)


def _priced(
    cart: carts.CheckedOut, terms: Mapping[UUID, SaleTerms], expected: ExpectedTotal | None
) -> list[PricedLine]:
    if expected is not None and expected.currency != cart.currency:
        raise CurrencyMismatch(field=("expectedTotal", "currency"), message=f"The cart is in {cart.currency}.")
    lines = []
    for line in cart.lines:
        price = price_of(terms.get(line.offer_id), quantity=line.quantity, field=AT_CART)
        lines.append(PricedLine(line.offer_id, terms[line.offer_id].seller_id, line.quantity, price))
    total = totals_of(lines).total_minor
    if expected is not None and expected.minor == total:
        return lines
    for seen, now in zip(cart.lines, lines, strict=True):
        if seen.seen_price_minor != now.unit_price_minor:
            raise PriceChanged(
                offer_id=seen.offer_id,
                was_minor=seen.seen_price_minor,
                now_minor=now.unit_price_minor,
                currency=cart.currency,
                field=AT_CART,
            )
    if expected is not None:
        raise PriceChanged(
            offer_id=None, was_minor=expected.minor, now_minor=total, currency=cart.currency, field=("expectedTotal",)
        )
    return lines


async def _order_of(
    session: WriteSession,
    actor: Actor,
    cart: carts.CheckedOut,
    lines: list[PricedLine],
    terms: Mapping[UUID, SaleTerms],
    now: datetime,
) -> Order:
    buyer_id = actor.user_id or await guest_buyer(session, now=now)
    number = order_number(now, await session.scalar(ORDER_NUMBERS.next_value()))
    line_nos = {line.offer_id: line_no for line_no, line in enumerate(lines, start=1)}
    parts = [
        _part_of(sub_no, seller_id, part, line_nos, terms, now)
        for sub_no, (seller_id, part) in enumerate(by_seller(lines).items(), start=1)
    ]
    first = OrderTransition(
        seq=1,
        to_status=OrderStatus.PENDING_PAYMENT,
        actor_kind=ActorKind(actor.kind),
        actor_id=actor.user_id,
        at=now,
    )
    return Order(
        id=session.new_id(now),
        number=number,
        buyer_id=buyer_id,
        cart_id=cart.id,
        status=OrderStatus.PENDING_PAYMENT,
        currency=cart.currency,
        **_columns(totals_of(lines)),
        expires_at=now + PAYMENT_WINDOW,
        placed_at=now,
        sub_orders=parts,
        transitions=[first],
    )


def _part_of(
    sub_no: int,
    seller_id: UUID,
    lines: list[PricedLine],
    line_nos: Mapping[UUID, int],
    terms: Mapping[UUID, SaleTerms],
    now: datetime,
) -> SubOrder:
    return SubOrder(
        sub_no=sub_no,
        seller_id=seller_id,
        status=SubOrderStatus.PENDING_PAYMENT,
        **_columns(totals_of(lines)),
        ship_by=now + timedelta(days=max(terms[line.offer_id].handling_days for line in lines)),
        lines=[_line_of(line, line_nos[line.offer_id], sub_no, terms[line.offer_id]) for line in lines],
    )


def _line_of(line: PricedLine, line_no: int, sub_no: int, terms: SaleTerms) -> OrderLine:
    return OrderLine(
        line_no=line_no,
        sub_no=sub_no,
        offer_id=line.offer_id,
        variant_id=terms.variant_id,
        product_id=terms.product_id,
        seller_id=line.seller_id,
        title=terms.product_title,
        variant_title=terms.variant_title,
        sku=terms.sku,
        quantity=line.quantity,
        unit_price_minor=line.unit_price_minor,
        total_minor=line.total_minor,
    )


def _columns(totals: Totals) -> dict[str, Any]:
    return {**asdict(totals), "total_minor": totals.total_minor}


def _contact_of(contact: Contact) -> OrderContact:
    assert contact.email is not None, "_reachable found an address"
    return OrderContact(
        email=contact.email,
        email_hash=email_hash(contact.email),
        phone=contact.phone,
        shipping=contact.shipping.as_json(),
    )


def _placed(order: Order) -> OrderPlaced:
    return OrderPlaced(
        aggregate_id=order.id,
        buyer_id=order.buyer_id,
        number=order.number,
        total_minor=order.total_minor,
        currency=order.currency,
    )
