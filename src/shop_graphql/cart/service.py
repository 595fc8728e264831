"""Carts: what somebody means to buy. The only module that writes `carts` and `cart_lines`.

A cart only quotes prices; an order fixes them. Every change holds the cart's row, so that two tabs of one shopper add
up and a cart is ordered once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.cart.errors import CartEmpty, CartNotOpen, CurrencyMismatch, QuantityInvalid, TooManyLines
from shop_graphql.cart.models import Cart, CartLine
from shop_graphql.cart.queries import IS_OWNER, lines_by_cart_ids, owned_by
from shop_graphql.cart.rows import CartLineRow
from shop_graphql.cart.states import CartStatus
from shop_graphql.cart.terms import QUANTITY_MAX, check_available, price_of
from shop_graphql.cart.totals import line_id, secret_hash
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.inventory import queries as inventory
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Lock, WriteSession, locked
from shop_graphql.platform.errors import NotFound

IDLE_MAX = timedelta(days=90)
"""How long an untouched cart is kept."""
LINES_MAX = 100
"""Bounds what one checkout locks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of one offer, or of the line with one id."""

    key: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class CheckedOut:
    """A cart under lock, about to be ordered. `currency` is that of all its prices."""

    id: UUID
    currency: str
    lines: list[CartLineRow]


async def create(
    session: WriteSession, *, actor: Actor, currency: str | None, shop_currency: str, secret: str, now: datetime
) -> UUID:
    """A signed-in user has one open cart, a guest a new one that `secret` opens and nothing else does.

    A new cart is in `shop_currency` unless another is asked for; so is the user's own, if it is empty.
    Raises: CurrencyMismatch when the user's cart has lines in another currency.
    """
    if actor.user_id is not None:
        return await _create_for_user(session, actor.user_id, currency, shop_currency, now)
    cart = _new_cart(session, currency or shop_currency, now)
    cart.guest_secret_hash = secret_hash(secret)
    session.add(cart)
    await session.flush()
    return cart.id


async def add_lines(
    session: WriteSession, *, actor: Actor, cart_id: UUID, lines: Sequence[Wanted], now: datetime
) -> None:
    """The cart holds these units more, `key` being an offer; all of them or none. Today's prices count as seen.

    Raises: NotFound, CartNotOpen, QuantityInvalid, OfferUnavailable, CurrencyMismatch, OutOfStock, TooManyLines.
    """
    cart = await _open(session, actor=actor, cart_id=cart_id)
    there = await _lines(session, cart_id)
    quantities = {line.offer_id: line.quantity for line in there}
    _check_quantities(lines)
    for line in lines:
        quantities[line.key] = quantities.get(line.key, 0) + line.quantity
    if len(quantities) > LINES_MAX:
        raise TooManyLines(field=("lines",))
    wanted = [Wanted(line.key, quantities[line.key]) for line in lines]
    fields = [("lines", str(place), "offerId") for place in range(len(lines))]
    await _set_lines(session, cart, wanted, fields, now)


async def update_lines(
    session: WriteSession, *, actor: Actor, cart_id: UUID, lines: Sequence[Wanted], now: datetime
) -> None:
    """The lines have these quantities, `key` being a line; all of them or none. Today's prices count as seen.

    Raises: NotFound, CartNotOpen, QuantityInvalid, OfferUnavailable, CurrencyMismatch, OutOfStock.
    """
    cart = await _open(session, actor=actor, cart_id=cart_id)
    there = await _lines(session, cart_id)
    _check_quantities(lines)
    offers = _offers_of(there, [line.key for line in lines], field="lines", inner=("id",))
    wanted = [Wanted(offer_id, line.quantity) for offer_id, line in zip(offers, lines, strict=True)]
    fields = [("lines", str(place), "id") for place in range(len(lines))]
    await _set_lines(session, cart, wanted, fields, now)


async def remove_lines(
    session: WriteSession, *, actor: Actor, cart_id: UUID, line_ids: Sequence[UUID], now: datetime
) -> None:
    """The lines are gone from the cart.

    Raises: NotFound, CartNotOpen.
    """
    cart = await _open(session, actor=actor, cart_id=cart_id)
    there = await _lines(session, cart_id)
    offers = _offers_of(there, line_ids, field="lineIds", inner=())
    gone = CartLine.offer_id == any_(literal(offers, ARRAY(Uuid)))
    await session.execute(delete(CartLine).where(CartLine.cart_id == cart.id, gone))
    await _touch(session, cart, now)


async def check_out(session: WriteSession, *, actor: Actor, cart_id: UUID) -> CheckedOut:
    """The cart is locked and has lines; it stays open until `mark_ordered`.

    Raises: NotFound (also somebody else's), CartNotOpen, CartEmpty.
    """
    cart = await _open(session, actor=actor, cart_id=cart_id)
    lines = await _lines(session, cart_id)
    if not lines:
        raise CartEmpty(field=("cartId",))
    return CheckedOut(id=cart.id, currency=cart.currency, lines=lines)


async def mark_ordered(session: WriteSession, *, cart_id: UUID, order_id: UUID, now: datetime) -> None:
    """The cart has become this order, for good. The caller holds it by `check_out`."""
    ordered = {"status": CartStatus.ORDERED, "order_id": order_id, "updated_at": now, "version": Cart.version + 1}
    await session.execute(update(Cart).where(Cart.id == cart_id).values(ordered))


async def _create_for_user(
    session: WriteSession, user_id: UUID, currency: str | None, shop_currency: str, now: datetime
) -> UUID:
    session.taking(Lock.CART)
    mine = select(Cart).where(Cart.user_id == user_id, Cart.status == CartStatus.OPEN)
    cart = await session.scalar(locked(mine))
    if cart is None:
        new = _new_cart(session, currency or shop_currency, now)
        values = {
            "id": new.id,
            "user_id": user_id,
            "currency": new.currency,
            "created_at": now,
            "updated_at": now,
            "expires_at": new.expires_at,
        }
        # Of two at once, the second waits here and then finds the first one's cart.
        only_one = text("status = 'open' and user_id is not null")
        made = insert(Cart).values(values).on_conflict_do_nothing(index_elements=["user_id"], index_where=only_one)
        await session.execute(made)
        cart = await session.scalar(locked(mine))
        assert cart is not None, "inserted, or in the way of the insert"
    if currency is not None and currency != cart.currency:
        if await _lines(session, cart.id):
            raise CurrencyMismatch(field=("currency",), message=f"Your open cart is in {cart.currency}.")
        await session.execute(update(Cart).where(Cart.id == cart.id).values(currency=currency, updated_at=now))
    return cart.id


def _new_cart(session: WriteSession, currency: str, now: datetime) -> Cart:
    return Cart(
        id=session.new_id(now),
        currency=currency,
        status=CartStatus.OPEN,
        created_at=now,
        updated_at=now,
        expires_at=now + IDLE_MAX,
    )


async def _open(session: WriteSession, *, actor: Actor, cart_id: UUID) -> Cart:
    session.taking(Lock.CART)
    cart = await session.scalar(locked(select(Cart).where(Cart.id == cart_id, IS_OWNER)), owned_by(actor))
    if cart is None:
        raise NotFound(field=("cartId",))
    if cart.status is not CartStatus.OPEN:
        raise CartNotOpen(field=("cartId",))
    return cart


async def _lines(session: WriteSession, cart_id: UUID) -> list[CartLineRow]:
    return (await lines_by_cart_ids(session, [cart_id])).get(cart_id, [])


def _check_quantities(lines: Sequence[Wanted]) -> None:
    for place, line in enumerate(lines):
        if not 1 <= line.quantity <= QUANTITY_MAX:
            raise QuantityInvalid(field=("lines", str(place), "quantity"))


def _offers_of(
    there: Sequence[CartLineRow], line_ids: Sequence[UUID], *, field: str, inner: tuple[str, ...]
) -> list[UUID]:
    offers = {line_id(line.cart_id, line.offer_id): line.offer_id for line in there}
    for place, key in enumerate(line_ids):
        if key not in offers:
            raise NotFound(field=(field, str(place), *inner))
    return [offers[key] for key in line_ids]


async def _set_lines(
    session: WriteSession, cart: Cart, wanted: Sequence[Wanted], fields: Sequence[tuple[str, ...]], now: datetime
) -> None:
    offers = list({line.key for line in wanted})
    terms = await catalogue.sale_terms(session, offers, currency=cart.currency, now=now)
    available = await inventory.available_by_offer_ids(session, offers, now)
    rows: dict[UUID, dict[str, object]] = {}
    for place, (line, field) in enumerate(zip(wanted, fields, strict=True)):
        price = price_of(terms.get(line.key), quantity=line.quantity, field=field)
        check_available(line.key, available.get(line.key, 0), quantity=line.quantity, field=field)
        rows[line.key] = {
            "cart_id": cart.id,
            "offer_id": line.key,
            "quantity": line.quantity,
            "seen_price_minor": price,
            # A moment apart, so that lines keep the order in which they came.
            "added_at": now + timedelta(microseconds=place),
        }
    lines = insert(CartLine).values(list(rows.values()))
    seen = {"quantity": lines.excluded.quantity, "seen_price_minor": lines.excluded.seen_price_minor}
    await session.execute(lines.on_conflict_do_update(index_elements=["cart_id", "offer_id"], set_=seen))
    await _touch(session, cart, now)


async def _touch(session: WriteSession, cart: Cart, now: datetime) -> None:
    touched = {"updated_at": now, "expires_at": now + IDLE_MAX, "version": Cart.version + 1}
    await session.execute(update(Cart).where(Cart.id == cart.id).values(touched))
