"""Reading carts. A cart is seen by its user, or by whoever sent its secret; staff have no business in carts."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Uuid, any_, bindparam, or_, select

from shop_graphql.cart.models import Cart, CartLine
from shop_graphql.cart.rows import CartLineRow, CartRow, QuotedLine, QuoteKey
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.catalogue.rows import SaleTerms
from shop_graphql.inventory import queries as inventory
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Reader

IDS = bindparam("ids", type_=ARRAY(Uuid))
# Parameters, never values: comparing with the Python value None would ask for carts without a user, and find them.
IS_OWNER = or_(
    Cart.user_id == bindparam("owner_id", type_=Uuid),
    (Cart.id == bindparam("guest_cart_id", type_=Uuid)) & Cart.user_id.is_(None),
)

CART_BY_SECRET = select(Cart.id).where(Cart.guest_secret_hash == bindparam("secret_hash", type_=LargeBinary))
CARTS_BY_IDS = select(Cart.id, Cart.user_id, Cart.currency, Cart.status, Cart.order_id, Cart.updated_at).where(
    Cart.id == any_(IDS), IS_OWNER
)
LINES_BY_CART_IDS = (
    select(CartLine.cart_id, CartLine.offer_id, CartLine.quantity, CartLine.seen_price_minor, Cart.currency)
    .join(Cart, Cart.id == CartLine.cart_id)
    .where(CartLine.cart_id == any_(IDS), CartLine.is_saved_for_later.is_(False))
    .order_by(CartLine.cart_id, CartLine.added_at, CartLine.offer_id)
)


def owned_by(actor: Actor) -> dict[str, UUID | None]:
    """The parameters that tell `IS_OWNER` who is asking."""
    return {"owner_id": actor.user_id, "guest_cart_id": actor.cart_id}


async def cart_id_by_secret(reader: Reader, secret_hash: bytes) -> UUID | None:
    """The guest cart that this secret opens."""
    rows = await reader.fetch(CART_BY_SECRET, {"secret_hash": secret_hash}, into=lambda key: key)
    return rows[0] if rows else None


async def carts_by_ids(reader: Reader, ids: list[UUID], actor: Actor) -> dict[UUID, CartRow]:
    """Those of the carts that are the actor's, in any state, keyed by id."""
    rows = await reader.fetch(CARTS_BY_IDS, {"ids": ids, **owned_by(actor)}, into=CartRow)
    return {row.id: row for row in rows}


async def lines_by_cart_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[CartLineRow]]:
    """Each cart's lines as they were added, the oldest first; empty carts are absent."""
    found: dict[UUID, list[CartLineRow]] = defaultdict(list)
    for row in await reader.fetch(LINES_BY_CART_IDS, {"ids": ids}, into=CartLineRow):
        found[row.cart_id].append(row)
    return found


async def quotes(reader: Reader, keys: list[QuoteKey]) -> dict[QuoteKey, list[QuotedLine]]:
    """Each cart's lines with the terms of that instant, the oldest first; empty carts are absent.

    Nothing is promised: prices and stock are decided when an order is placed.
    """
    lines = await lines_by_cart_ids(reader, list({key.cart_id for key in keys}))
    found: dict[QuoteKey, list[QuotedLine]] = {}
    groups: dict[tuple[datetime, str], list[QuoteKey]] = defaultdict(list)
    for key in keys:
        if key.cart_id in lines:
            groups[key.at, lines[key.cart_id][0].currency].append(key)
    # One group, but for an operation that shows carts in several currencies.
    for (at, currency), members in groups.items():
        offers = list({line.offer_id for key in members for line in lines[key.cart_id]})
        terms = await catalogue.sale_terms(reader, offers, currency=currency, now=at)
        available = await inventory.available_by_offer_ids(reader, offers, at)
        for key in members:
            found[key] = [_quoted(line, terms, available) for line in lines[key.cart_id]]
    return found


def _quoted(line: CartLineRow, terms: dict[UUID, SaleTerms], available: dict[UUID, int]) -> QuotedLine:
    offer = terms.get(line.offer_id)
    return QuotedLine(
        cart_id=line.cart_id,
        offer_id=line.offer_id,
        quantity=line.quantity,
        currency=line.currency,
        seen_price_minor=line.seen_price_minor,
        unit_price_minor=offer.unit_price_minor if offer else None,
        is_sellable=offer is not None and offer.is_sellable,
        max_per_order=offer.max_per_order if offer else None,
        available=available.get(line.offer_id, 0),
    )
