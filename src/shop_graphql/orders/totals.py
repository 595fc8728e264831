"""What an order costs, in whole minor units of its one currency. Pure.

Prices include tax, and sending is free of charge: both parts are nought here, and every sum already adds them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class PricedLine:
    """Units of one offer at a fixed price."""

    offer_id: UUID
    seller_id: UUID
    quantity: int
    unit_price_minor: int

    @property
    def total_minor(self) -> int:
        return self.quantity * self.unit_price_minor


@dataclass(frozen=True, slots=True)
class Totals:
    """The parts of a sum: `total_minor` = items - discount + shipping + tax."""

    items_minor: int
    discount_minor: int = 0
    shipping_minor: int = 0
    tax_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.items_minor - self.discount_minor + self.shipping_minor + self.tax_minor


def totals_of(lines: Sequence[PricedLine]) -> Totals:
    """What all of `lines` cost together."""
    return Totals(items_minor=sum(line.total_minor for line in lines))


def by_seller(lines: Sequence[PricedLine]) -> dict[UUID, list[PricedLine]]:
    """Each seller's lines in their order; the sellers in the order of their keys, the first being part 1."""
    parts: dict[UUID, list[PricedLine]] = {seller_id: [] for seller_id in sorted({line.seller_id for line in lines})}
    for line in lines:
        parts[line.seller_id].append(line)
    return parts
