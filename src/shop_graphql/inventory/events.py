"""Facts about stock. The offer's stock rows are locked whenever one of them is published."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from shop_graphql.events.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class StockChanged(Event):
    """An offer came into stock or ran out; `aggregate_id` is the offer."""

    name: ClassVar[str] = "stock.changed"
    aggregate_type: ClassVar[str] = "offer"

    product_id: UUID
    is_in_stock: bool
