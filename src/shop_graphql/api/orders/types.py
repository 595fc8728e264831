"""Orders as clients see them: what was bought, at the price and under the name it had that day.

The buyer sees all of an order. A seller sees its own part, and of the buyer nothing but where the parcel goes.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.cart.types import LazyOffer, offer_of
from shop_graphql.api.context import Info
from shop_graphql.api.errors import UserError, basics, to_user_error
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.orders import statuses
from shop_graphql.api.orders.details import OrderAddress, OrderContact, OrderTimelineEntry
from shop_graphql.api.orders.goods import Fulfillment, OrderLine
from shop_graphql.api.scalars import CurrencyCode, Money
from shop_graphql.api.sellers.types import Seller
from shop_graphql.orders import queries as orders
from shop_graphql.orders.errors import PriceChanged
from shop_graphql.orders.permissions import OrderAction, allowed_actions, is_buyer, seller_may_see_address
from shop_graphql.orders.rows import OrderRow, SubOrderRow
from shop_graphql.orders.states import OrderStatus, SubOrderStatus

if TYPE_CHECKING:
    from shop_graphql.api.payments.types import Payment

__all__ = ["NODES", "Fulfillment", "Order", "OrderLine", "SubOrder", "statuses"]

LazyPayment = Annotated["Payment", strawberry.lazy("shop_graphql.api.payments.types")]


@strawberry.type(description="One seller's part of an order, for its buyer, the seller's team and staff.")
class SubOrder(Node):
    number: str = strawberry.field(description="The number of the order it belongs to.")
    status: SubOrderStatus = strawberry.field(description="Where this part stands.")
    placed_at: datetime = strawberry.field(description="When the order was placed.")
    ship_by: datetime | None = strawberry.field(description="Until when the seller means to send it.")
    items_total: Money = strawberry.field(description="What its lines cost.")
    total: Money = strawberry.field(description="What this part cost: items less discounts, with shipping and tax.")
    row: strawberry.Private[SubOrderRow]

    @classmethod
    def from_row(cls, row: SubOrderRow) -> Self:
        return cls(
            id=global_id("SubOrder", row.order_id, row.sub_no),
            number=str(row.number),
            status=row.status,
            placed_at=row.placed_at,
            ship_by=row.ship_by,
            items_total=Money.of(row.items_minor, row.currency),
            total=Money.of(row.total_minor, row.currency),
            row=row,
        )

    @strawberry.field(description="Who sells and sends it.")
    async def seller(self, info: Info) -> Seller:
        row = await info.context.loaders.sellers.seller.load(self.row.seller_id)
        assert row is not None, "a seller is never deleted"
        return Seller.from_row(row)

    @strawberry.field(description="What the seller is to send.")
    async def lines(self, info: Info) -> list[OrderLine]:
        rows = await info.context.loaders.orders.lines_of_order.load(self.row.order_id)
        return [OrderLine.from_row(row) for row in rows if row.sub_no == self.row.sub_no]

    @strawberry.field(description="Its parcels, the oldest first.")
    async def fulfillments(self, info: Info) -> list[Fulfillment]:
        rows = await info.context.loaders.orders.fulfillments_of_order.load(self.row.order_id)
        return [Fulfillment.from_row(row) for row in rows if row.sub_no == self.row.sub_no]

    @strawberry.field(description="Where its parcels go. The seller is told once it is paid for; null once erased.")
    async def shipping_address(self, info: Info) -> OrderAddress | None:
        buyer = is_buyer(info.context.actor, buyer_id=self.row.buyer_id, cart_id=self.row.cart_id)
        if not (buyer or seller_may_see_address(self.row.status)):
            return None
        contact = await info.context.loaders.orders.contact_of_order.load(self.row.order_id)
        return OrderAddress.from_json(contact.shipping) if contact and contact.shipping else None


@strawberry.type(description="A purchase, for its buyer and staff. A guest sees it with the secret of the cart it was.")
class Order(Node):
    number: str = strawberry.field(description="For people: the day, and ten digits.")
    status: OrderStatus = strawberry.field(description="Where it stands.")
    placed_at: datetime = strawberry.field(description="When it was placed.")
    expires_at: datetime | None = strawberry.field(description="Until when its units are held for a payment.")
    paid_at: datetime | None = strawberry.field(description="When the money came; null before.")
    currency: CurrencyCode = strawberry.field(description="The currency of all its amounts.")
    items_total: Money = strawberry.field(description="What the lines cost.")
    discount_total: Money = strawberry.field(description="What was taken off.")
    shipping_total: Money = strawberry.field(description="What sending costs.")
    tax_total: Money = strawberry.field(description="Tax that the prices did not include.")
    total: Money = strawberry.field(description="What is to be paid: items less discounts, with shipping and tax.")
    row: strawberry.Private[OrderRow]

    @classmethod
    def from_row(cls, row: OrderRow) -> Self:
        return cls(
            id=global_id("Order", row.id),
            number=str(row.number),
            status=row.status,
            placed_at=row.placed_at,
            expires_at=row.expires_at,
            paid_at=row.paid_at,
            currency=CurrencyCode(row.currency),
            items_total=Money.of(row.items_minor, row.currency),
            discount_total=Money.of(row.discount_minor, row.currency),
            shipping_total=Money.of(row.shipping_minor, row.currency),
            tax_total=Money.of(row.tax_minor, row.currency),
            total=Money.of(row.total_minor, row.currency),
            row=row,
        )

    @strawberry.field(description="All lines over all sellers, in the order they had in the cart; at most 100.")
    async def lines(self, info: Info) -> list[OrderLine]:
        return [OrderLine.from_row(row) for row in await info.context.loaders.orders.lines_of_order.load(self.row.id)]

    @strawberry.field(description="Each seller's part; at most 100.")
    async def sub_orders(self, info: Info) -> list[SubOrder]:
        rows = await info.context.loaders.orders.sub_orders_of_order.load(self.row.id)
        return [SubOrder.from_row(row) for row in rows]

    @strawberry.field(description="Its parcels over all sellers, the oldest first.")
    async def fulfillments(self, info: Info) -> list[Fulfillment]:
        rows = await info.context.loaders.orders.fulfillments_of_order.load(self.row.id)
        return [Fulfillment.from_row(row) for row in rows]

    @strawberry.field(description="How the buyer is reached; null once the person was erased.")
    async def contact(self, info: Info) -> OrderContact | None:
        row = await info.context.loaders.orders.contact_of_order.load(self.row.id)
        return OrderContact.from_row(row) if row else None

    @strawberry.field(description="Where the parcels go; null once the person was erased.")
    async def shipping_address(self, info: Info) -> OrderAddress | None:
        row = await info.context.loaders.orders.contact_of_order.load(self.row.id)
        return OrderAddress.from_json(row.shipping) if row and row.shipping else None

    @strawberry.field(description="Attempts to pay, the oldest first.")
    async def payments(self, info: Info) -> list[LazyPayment]:
        # A back edge: a payment knows no order.
        from shop_graphql.api.payments.types import Payment

        return [Payment.from_row(row) for row in await info.context.loaders.payments.of_subject.load(self.row.id)]

    @strawberry.field(description="What happened to it and its parts, the oldest first.")
    async def timeline(self, info: Info) -> list[OrderTimelineEntry]:
        rows = await info.context.loaders.orders.transitions_of_order.load(self.row.id)
        parts = [None if row.sub_no is None else global_id("SubOrder", row.order_id, row.sub_no) for row in rows]
        return [OrderTimelineEntry.from_row(row, part) for row, part in zip(rows, parts, strict=True)]

    @strawberry.field(description="What the buyer may do with it now.")
    def allowed_actions(self, info: Info) -> list[OrderAction]:
        now = info.context.clock.now()
        return list(allowed_actions(self.row.status, expires_at=self.row.expires_at, now=now))


@strawberry.type(description="What the buyer saw is not what it costs now. Nothing was adjusted.")
class PriceChangedError(UserError):
    was: Money = strawberry.field(description="What was seen: of one unit, or the total where `offer` is null.")
    now: Money = strawberry.field(description="What it costs now: one unit, or the total where `offer` is null.")
    offer_key: strawberry.Private[UUID | None]

    @strawberry.field(description="What has another price; null where only the total differs.")
    async def offer(self, info: Info) -> LazyOffer | None:
        return await offer_of(info, self.offer_key, self.now.currency) if self.offer_key else None


@to_user_error.register
def _(error: PriceChanged) -> PriceChangedError:
    return PriceChangedError(
        **basics(error),
        was=Money.of(error.was_minor, error.currency),
        now=Money.of(error.now_minor, error.currency),
        offer_key=error.offer_id,
    )


async def load_orders(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Orders for `node` and `nodes`, in the order asked; None where there is none to see."""
    rows = await orders.orders_by_ids(info.context.reader, [key for key, _ in keys], info.context.actor)
    found = [rows.get(key) if number is None else None for key, number in keys]
    return [Order.from_row(row) if row else None for row in found]


async def load_sub_orders(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Parts of orders for `node` and `nodes`, in the order asked; None where there is none to see."""
    parts = [(key, number) for key, number in keys if number is not None]
    rows = await orders.sub_orders_by_ids(info.context.reader, parts, info.context.actor)
    found = [rows.get((key, number)) if number is not None else None for key, number in keys]
    return [SubOrder.from_row(row) if row else None for row in found]


async def load_fulfillments(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Parcels for `node` and `nodes`, in the order asked; None where there is none to see."""
    rows = await orders.fulfillments_by_ids(info.context.reader, [key for key, _ in keys], info.context.actor)
    found = [rows.get(key) if number is None else None for key, number in keys]
    return [Fulfillment.from_row(row) if row else None for row in found]


NODES = {"Order": load_orders, "SubOrder": load_sub_orders, "Fulfillment": load_fulfillments}
