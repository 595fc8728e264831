"""Sums and problems of a cart. Pure."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID, uuid5

from shop_graphql.platform.errors import ErrorCode


class Quoted(Protocol):
    """A line of a cart with today's terms. Units: prices of one unit, in minor units of the cart's currency."""

    @property
    def cart_id(self) -> UUID: ...
    @property
    def offer_id(self) -> UUID: ...
    @property
    def quantity(self) -> int: ...
    @property
    def seen_price_minor(self) -> int: ...
    @property
    def unit_price_minor(self) -> int | None: ...
    @property
    def is_sellable(self) -> bool: ...
    @property
    def max_per_order(self) -> int | None: ...
    @property
    def available(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line could not be bought as it stands."""

    line_id: UUID
    code: ErrorCode
    message: str


def secret_hash(secret: str) -> bytes:
    """How a guest cart's secret is kept: SHA-256, since 32 random bytes need no slower hash."""
    return hashlib.sha256(secret.encode()).digest()


def line_id(cart_id: UUID, offer_id: UUID) -> UUID:
    """A line's key as clients see it: the same for one offer in one cart, and another in every other cart."""
    return uuid5(cart_id, offer_id.hex)


def subtotal(lines: Iterable[Quoted]) -> int:
    """What the lines cost today, in minor units; lines without a price or no longer sold count nothing."""
    return sum(line.quantity * (line.unit_price_minor or 0) for line in lines if line.is_sellable)


def problems(lines: Iterable[Quoted]) -> list[Problem]:
    """What a checkout would be refused for, at most one problem a line, in the lines' order."""
    found = ((line, _problem(line)) for line in lines)
    return [Problem(line_id(line.cart_id, line.offer_id), *problem) for line, problem in found if problem]


def _problem(line: Quoted) -> tuple[ErrorCode, str] | None:
    if not line.is_sellable:
        return ErrorCode.OFFER_UNAVAILABLE, "This item is not sold any more."
    if line.unit_price_minor is None:
        return ErrorCode.CURRENCY_MISMATCH, "This item has no price in the cart's currency any more."
    if line.max_per_order is not None and line.quantity > line.max_per_order:
        return ErrorCode.QUANTITY_INVALID, f"At most {line.max_per_order} of this item are sold in one order."
    if line.available < line.quantity:
        left = f"Only {line.available} are left." if line.available else "It is sold out."
        return ErrorCode.OUT_OF_STOCK, left
    if line.unit_price_minor != line.seen_price_minor:
        return ErrorCode.PRICE_CHANGED, "The price has changed since this item was added."
    return None
