"""How stock is shown to shoppers. Pure: a display decides no sale."""

import enum
from collections.abc import Iterable

from shop_graphql.catalogue.states import StockPolicy
from shop_graphql.inventory.rows import OfferStock

SHOWN_MAX = 10
"""More units than this are shown as this many: a seller's exact stock is nobody else's business."""
LOW_AT = 5
"""Units at or below which stock is shown as low, where the seller has not set a level."""


class Availability(enum.StrEnum):
    IN_STOCK = "in_stock"
    LOW = "low"
    OUT = "out"
    BACKORDER = "backorder"
    PREORDER = "preorder"


BEST_FIRST = (
    Availability.IN_STOCK,
    Availability.LOW,
    Availability.BACKORDER,
    Availability.PREORDER,
    Availability.OUT,
)


def availability_of(stock: OfferStock | None) -> Availability:
    """What one offer's stock is to a shopper; an offer that never had any is out."""
    if stock is None or stock.available <= 0:
        return Availability.OUT
    if stock.on_shelf <= 0:
        return Availability.PREORDER if stock.policy is StockPolicy.PREORDER else Availability.BACKORDER
    low_at = LOW_AT if stock.low_at is None else stock.low_at
    return Availability.LOW if stock.on_shelf <= low_at else Availability.IN_STOCK


def best_of(found: Iterable[Availability]) -> Availability:
    """The best of several sellers' offers; none at all is out."""
    return min(found, key=BEST_FIRST.index, default=Availability.OUT)


def shown(available: int) -> int:
    """The number that shoppers see."""
    return min(available, SHOWN_MAX)
