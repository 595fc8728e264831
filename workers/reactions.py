"""What follows from what: every asynchronous consequence in the shop, on one page.

Names only: which jobs an event makes. What each kind of job does stands in `handlers`, which the relay never loads.
"""

from collections.abc import Mapping

from shop_graphql.inventory.events import StockChanged
from shop_graphql.orders.events import FulfillmentShipped, OrderExpired, OrderPaid, OrderPlaced, SellerOrderReceived

REACTIONS: Mapping[str, tuple[str, ...]] = {
    OrderPlaced.name: ("orders.refresh_availability",),
    OrderPaid.name: ("notifications.confirm_order", "orders.refresh_availability"),
    OrderExpired.name: ("notifications.explain_expiry", "orders.refresh_availability"),
    SellerOrderReceived.name: ("notifications.tell_seller",),
    FulfillmentShipped.name: ("notifications.announce_parcel",),
    StockChanged.name: ("inventory.refresh_stock_hints",),
}
