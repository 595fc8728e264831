"""Carts as clients see them: lines with today's terms, sums and problems. A cart only quotes; an order decides."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.context import Info
from shop_graphql.api.errors import UserError, basics, to_user_error
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import CurrencyCode, Money
from shop_graphql.cart import queries as carts
from shop_graphql.cart import totals
from shop_graphql.cart.rows import CartRow, QuotedLine, QuoteKey
from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.errors import ErrorCode

if TYPE_CHECKING:
    from shop_graphql.api.catalogue.types import Offer

LazyOffer = Annotated["Offer", strawberry.lazy("shop_graphql.api.catalogue.types")]


async def offer_of(info: Info, offer_key: UUID, currency: str | None = None) -> "Offer | None":
    """The offer if the caller may see it now, priced in `currency` or else in the shop's own."""
    # A back edge: offers are shown in carts and orders, and lead to neither.
    from shop_graphql.api.catalogue.types import Offer

    row = await info.context.loaders.catalogue.offer.load(offer_key)
    return Offer.visible(row, info.context.actor, scene_of(info, currency))


@strawberry.type(description="Some units of one offer in a cart.")
class CartLine:
    id: strawberry.ID = strawberry.field(description="Names this line in `cartLinesUpdate` and `cartLinesRemove`.")
    quantity: int = strawberry.field(description="Units, 1 to 9999.")
    unit_price: Money | None = strawberry.field(
        description="What one unit costs now; null where there is no price in the cart's currency any more."
    )
    total: Money | None = strawberry.field(description="`unitPrice` times `quantity`; null without a price.")
    seen_price: Money = strawberry.field(description="What one unit cost when the line was last added to or changed.")
    row: strawberry.Private[QuotedLine]

    @classmethod
    def from_row(cls, row: QuotedLine) -> Self:
        price = row.unit_price_minor
        return cls(
            id=global_id("CartLine", totals.line_id(row.cart_id, row.offer_id)),
            quantity=row.quantity,
            unit_price=Money.of(price, row.currency) if price is not None else None,
            total=Money.of(price * row.quantity, row.currency) if price is not None else None,
            seen_price=Money.of(row.seen_price_minor, row.currency),
            row=row,
        )

    @strawberry.field(description="What is to be bought, and from whom; null once it is not public any more.")
    async def offer(self, info: Info) -> LazyOffer | None:
        return await offer_of(info, self.row.offer_id, self.row.currency)


@strawberry.type(description="Why a checkout would be refused as the cart stands.")
class CartProblem:
    code: ErrorCode = strawberry.field(
        description="PRICE_CHANGED, OUT_OF_STOCK, OFFER_UNAVAILABLE, QUANTITY_INVALID or CURRENCY_MISMATCH."
    )
    message: str = strawberry.field(description="For people, in English.")
    line_id: strawberry.ID = strawberry.field(description="The line at fault.")


@strawberry.type(description="What somebody means to buy. Visible to its user, or to whoever sends its secret.")
class Cart(Node):
    currency: CurrencyCode = strawberry.field(
        description="The currency of every price in it; prices are not converted."
    )
    key: strawberry.Private[UUID]
    at: strawberry.Private[datetime]

    @classmethod
    def from_row(cls, row: CartRow, now: datetime) -> Self:
        return cls(id=global_id("Cart", row.id), currency=CurrencyCode(row.currency), key=row.id, at=now)

    async def quote(self, info: Info) -> list[QuotedLine]:
        """The lines with the terms of the instant at which the cart was read."""
        return await info.context.loaders.cart.quote.load(QuoteKey(cart_id=self.key, at=self.at))

    @strawberry.field(description="At most 100 lines, in the order in which they were first added.")
    async def lines(self, info: Info) -> list[CartLine]:
        return [CartLine.from_row(row) for row in await self.quote(info)]

    @strawberry.field(description="Units over all lines.")
    async def item_count(self, info: Info) -> int:
        return sum(row.quantity for row in await self.quote(info))

    @strawberry.field(description="What the lines cost now; lines that are not sold any more count nothing.")
    async def subtotal(self, info: Info) -> Money:
        return Money.of(totals.subtotal(await self.quote(info)), self.currency)

    @strawberry.field(description="What a checkout would be refused for now, at most one problem a line.")
    async def problems(self, info: Info) -> list[CartProblem]:
        return [
            CartProblem(code=problem.code, message=problem.message, line_id=global_id("CartLine", problem.line_id))
            for problem in totals.problems(await self.quote(info))
        ]


@strawberry.type(description="Fewer units are left than were asked for.")
class OutOfStockError(UserError):
    available: int = strawberry.field(description="How many can be had now.")
    offer_key: strawberry.Private[UUID]

    @strawberry.field(description="What there is not enough of; null where it is not public.")
    async def offer(self, info: Info) -> LazyOffer | None:
        return await offer_of(info, self.offer_key)


@to_user_error.register
def _(error: OutOfStock) -> OutOfStockError:
    return OutOfStockError(**basics(error), available=error.available, offer_key=error.offer_id)


async def cart_of(info: Info, key: UUID, actor: Actor) -> Cart | None:
    """The cart if it is the actor's, read afresh."""
    rows = await carts.carts_by_ids(info.context.reader, [key], actor)
    return Cart.from_row(rows[key], info.context.clock.now()) if key in rows else None


async def load_carts(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Carts for `node` and `nodes`, in the order asked; None where there is none of the caller's."""
    rows = await carts.carts_by_ids(info.context.reader, [key for key, _ in keys], info.context.actor)
    now = info.context.clock.now()
    found = [rows.get(key) if number is None else None for key, number in keys]
    return [Cart.from_row(row, now) if row else None for row in found]


NODES = {"Cart": load_carts}
