"""Letters for templates: no database is asked."""

from typing import Any
from uuid import UUID

import msgspec

from shop_graphql.notifications.rows import Letter, Person
from shop_graphql.orders.rows import FulfillmentRow, OrderLineRow, OrderRow
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus
from tests.clock import NOON

ID = UUID(int=7)
ORDER = OrderRow(
    id=ID,
    number=2611231234567890,
    buyer_id=ID,
    cart_id=None,
    status=OrderStatus.PAID,
    currency="EUR",
    items_minor=2598,
    discount_minor=0,
    shipping_minor=0,
    tax_minor=0,
    total_minor=2598,
    captured_minor=2598,
    refunded_minor=0,
    placed_at=NOON,
    expires_at=None,
    paid_at=NOON,
    closed_at=None,
)
LINE = OrderLineRow(
    order_id=ID,
    line_no=1,
    sub_no=1,
    offer_id=ID,
    variant_id=ID,
    product_id=ID,
    seller_id=ID,
    title="Kettle",
    variant_title="Steel",
    sku="K-1",
    quantity=2,
    unit_price_minor=1299,
    discount_minor=0,
    tax_minor=0,
    total_minor=2598,
    cancelled_quantity=0,
    shipped_quantity=0,
    returned_quantity=0,
    currency="EUR",
)
PARCEL = FulfillmentRow(ID, ID, 1, "DHL", "JJD 0003", FulfillmentStatus.SHIPPED, NOON, NOON, None)


def a_letter(*, name: str | None = "Ada Example", title: str = "Kettle", **changes: Any) -> Letter:
    """To Ada, about two kettles at 12.99 in a parcel of Kettles & Co's."""
    line = msgspec.structs.replace(LINE, title=title)
    letter = Letter(Person(ID, name, "ada@example.com", None), ORDER, [line], {1: 2}, "Kettles & Co", PARCEL)
    return msgspec.structs.replace(letter, **changes)
