"""What belongs to orders, in batches. Keyed by orders and parts that the caller was found to see."""

from shop_graphql.api.loading import many, one
from shop_graphql.orders import queries as orders
from shop_graphql.platform.db import Reader


class OrderLoaders:
    def __init__(self, reader: Reader) -> None:
        self.lines_of_order = many(reader, orders.lines_by_order_ids)
        self.sub_orders_of_order = many(reader, orders.sub_orders_by_order_ids)
        self.fulfillments_of_order = many(reader, orders.fulfillments_by_order_ids)
        self.lines_of_fulfillment = many(reader, orders.fulfillment_lines_by_ids)
        self.contact_of_order = one(reader, orders.contacts_by_order_ids)
        self.transitions_of_order = many(reader, orders.transitions_by_order_ids)
