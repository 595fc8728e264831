"""What reading carts gives. Fields stand in the order of their statement's columns."""

from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.cart.states import CartStatus


class CartRow(msgspec.Struct, frozen=True):
    id: UUID
    user_id: UUID | None
    currency: str
    status: CartStatus
    order_id: UUID | None
    updated_at: datetime


class CartLineRow(msgspec.Struct, frozen=True):
    cart_id: UUID
    offer_id: UUID
    quantity: int
    seen_price_minor: int
    currency: str
    """The cart's."""


class QuoteKey(msgspec.Struct, frozen=True):
    """A cart as of one instant."""

    cart_id: UUID
    at: datetime


class QuotedLine(msgspec.Struct, frozen=True):
    """A line with what it would cost and whether it could be had, as of one instant.

    Units: `*_minor` of one unit, in minor units of `currency`.
    """

    cart_id: UUID
    offer_id: UUID
    quantity: int
    currency: str
    seen_price_minor: int
    unit_price_minor: int | None
    """None where the offer has no price in the cart's currency now."""
    is_sellable: bool
    max_per_order: int | None
    available: int
