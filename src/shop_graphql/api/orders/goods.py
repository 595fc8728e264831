"""What was bought, line by line, and the parcels it travels in."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.context import Info
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import Money
from shop_graphql.orders.rows import FulfillmentLineRow, FulfillmentRow, OrderLineRow
from shop_graphql.orders.states import FulfillmentStatus

if TYPE_CHECKING:
    from shop_graphql.api.catalogue.types import Product, ProductVariant

LazyProduct = Annotated["Product", strawberry.lazy("shop_graphql.api.catalogue.types")]
LazyVariant = Annotated["ProductVariant", strawberry.lazy("shop_graphql.api.catalogue.types")]


@strawberry.type(description="Units of one offer in an order, as they were called and priced that day.")
class OrderLine:
    id: strawberry.ID = strawberry.field(description="Names this line within parcels.")
    title: str = strawberry.field(description="The product's title on that day.")
    variant_title: str = strawberry.field(description="Which version of it; empty where there is only one.")
    sku: str = strawberry.field(description="The seller's stock-keeping unit on that day.")
    quantity: int = strawberry.field(description="Units bought.")
    unit_price: Money = strawberry.field(description="What one unit cost.")
    total: Money = strawberry.field(description="What the line cost, its share of discounts and taxes included.")
    shipped_quantity: int = strawberry.field(description="Units on their way or arrived.")
    cancelled_quantity: int = strawberry.field(description="Units called off.")
    returned_quantity: int = strawberry.field(description="Units sent back.")
    row: strawberry.Private[OrderLineRow]

    @classmethod
    def from_row(cls, row: OrderLineRow) -> Self:
        return cls(
            id=global_id("OrderLine", row.order_id, row.line_no),
            title=row.title,
            variant_title=row.variant_title,
            sku=row.sku,
            quantity=row.quantity,
            unit_price=Money.of(row.unit_price_minor, row.currency),
            total=Money.of(row.total_minor, row.currency),
            shipped_quantity=row.shipped_quantity,
            cancelled_quantity=row.cancelled_quantity,
            returned_quantity=row.returned_quantity,
            row=row,
        )

    @strawberry.field(description="The product as it is today; null once it is not public any more.")
    async def product(self, info: Info) -> LazyProduct | None:
        # A back edge: products are shown in orders and never lead to one.
        from shop_graphql.api.catalogue.types import Product

        row = await info.context.loaders.catalogue.product.load(self.row.product_id)
        return Product.visible(row, info.context.actor, scene_of(info, self.row.currency))

    @strawberry.field(description="The version as it is today; null once it is not public any more.")
    async def variant(self, info: Info) -> LazyVariant | None:
        # A back edge, as above.
        from shop_graphql.api.catalogue.types import ProductVariant

        row = await info.context.loaders.catalogue.variant.load(self.row.variant_id)
        return ProductVariant.visible(row, info.context.actor, scene_of(info, self.row.currency))


@strawberry.type(description="Units of one line in a parcel.")
class FulfillmentLine:
    quantity: int = strawberry.field(description="Units in the parcel.")
    key: strawberry.Private[tuple[UUID, int]]

    @classmethod
    def from_row(cls, row: FulfillmentLineRow, order_key: UUID) -> Self:
        return cls(quantity=row.quantity, key=(order_key, row.line_no))

    @strawberry.field(description="The line they belong to.")
    async def order_line(self, info: Info) -> OrderLine:
        order_key, line_no = self.key
        rows = await info.context.loaders.orders.lines_of_order.load(order_key)
        return next(OrderLine.from_row(row) for row in rows if row.line_no == line_no)


@strawberry.type(description="A parcel of one seller's part of an order.")
class Fulfillment(Node):
    status: FulfillmentStatus = strawberry.field(description="Where it is, as far as the shop has heard.")
    carrier: str | None = strawberry.field(description="Who carries it.")
    tracking_number: str | None = strawberry.field(description="What the carrier calls it.")
    created_at: datetime = strawberry.field(description="When it was packed.")
    shipped_at: datetime | None = strawberry.field(description="When the carrier took it; null before.")
    delivered_at: datetime | None = strawberry.field(description="When it arrived; null before.")
    key: strawberry.Private[UUID]
    order_key: strawberry.Private[UUID]

    @classmethod
    def from_row(cls, row: FulfillmentRow) -> Self:
        return cls(
            id=global_id("Fulfillment", row.id),
            status=row.status,
            carrier=row.carrier,
            tracking_number=row.tracking_number,
            created_at=row.created_at,
            shipped_at=row.shipped_at,
            delivered_at=row.delivered_at,
            key=row.id,
            order_key=row.order_id,
        )

    @strawberry.field(description="What lies in it.")
    async def lines(self, info: Info) -> list[FulfillmentLine]:
        rows = await info.context.loaders.orders.lines_of_fulfillment.load(self.key)
        return [FulfillmentLine.from_row(row, self.order_key) for row in rows]
