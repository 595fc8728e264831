"""Sending parcels: what a seller's team and staff do with a paid order."""

from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload
from shop_graphql.api.ids import part_of
from shop_graphql.api.orders.types import Fulfillment, SubOrder, load_fulfillments, load_sub_orders
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.orders.service.ship import Parcel, ParcelLine, Shipped, ship
from shop_graphql.platform.errors import BadUserInput

LINES_MAX = 100


@strawberry.input(description="Units of one line that lie in the parcel.")
class FulfillmentLineInput:
    line_id: strawberry.ID = strawberry.field(description="A line of the part, as `SubOrder.lines` gives it.")
    quantity: int = strawberry.field(description="Units, 1 up to what is still to be sent of the line.")


@strawberry.input(description="A parcel that leaves the house.")
class FulfillmentCreateInput:
    sub_order_id: strawberry.ID = strawberry.field(description="The part of an order that it belongs to.")
    lines: list[FulfillmentLineInput] | None = strawberry.field(
        default=None, description="What lies in it, 1 to 100 lines; all that is still to be sent if absent."
    )
    carrier: str = strawberry.field(description="Who carries it, 1 to 100 characters.")
    tracking_number: str = strawberry.field(description="The carrier's number for it, 1 to 100 characters.")
    idempotency_key: str = strawberry.field(
        description="1 to 255 printable characters, new for each parcel: repeating it repeats the answer alone."
    )

    def decoded(self) -> Parcel:
        """As the domain knows it. Raises: BadUserInput."""
        order_id, sub_no = part_of(self.sub_order_id, "SubOrder")
        return Parcel(
            order_id=order_id,
            sub_no=sub_no,
            lines=None if self.lines is None else self.decoded_lines(self.lines, order_id),
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            key=self.idempotency_key,
        )

    @staticmethod
    def decoded_lines(lines: list[FulfillmentLineInput], order_id: UUID) -> list[ParcelLine]:
        """As the domain knows them. Raises: BadUserInput."""
        if len(lines) > LINES_MAX:
            raise BadUserInput(f"`lines` holds 1 to {LINES_MAX} lines, not {len(lines)}.")
        parts = [part_of(line.line_id, "OrderLine") for line in lines]
        # No line has the number 0: one of another order is as absent as one that never was.
        numbers = [line_no if owner == order_id else 0 for owner, line_no in parts]
        return [ParcelLine(number, line.quantity) for number, line in zip(numbers, lines, strict=True)]


@strawberry.type(description="The parcel, on its way.")
class FulfillmentCreatePayload(Payload):
    fulfillment: Fulfillment | None = strawberry.field(default=None, description="The parcel; null when refused.")
    sub_order: SubOrder | None = strawberry.field(
        default=None, description="The part it belongs to, as it stands now; null when refused."
    )
    replayed: bool = strawberry.field(
        default=False, description="Whether an earlier request with the same key had sent it."
    )

    @classmethod
    async def of(cls, info: Info, shipped: Shipped) -> "FulfillmentCreatePayload":
        """The parcel and its part as the caller sees them."""
        (parcel,) = await load_fulfillments(info, [(shipped.fulfillment_id, None)])
        (part,) = await load_sub_orders(info, [(shipped.order_id, shipped.sub_no)])
        return cls(fulfillment=parcel, sub_order=part, replayed=shipped.replayed)


@strawberry.type
class FulfillmentMutations:
    @strawberry.mutation(
        description="Send a parcel of a paid order; its units leave the stock. For the seller's team and staff. Refused"
        " with NOT_FOUND, STATE_CONFLICT, QUANTITY_INVALID, INVALID, OUT_OF_STOCK (sold on backorder and not arrived),"
        " IDEMPOTENCY_KEY_MISMATCH or IDEMPOTENCY_IN_PROGRESS.",
        extensions=[Needs(Access.SELLER)],
    )
    async def fulfillment_create(self, info: Info, input: FulfillmentCreateInput) -> FulfillmentCreatePayload | None:
        parcel = input.decoded()
        async with info.context.transaction() as tx:
            shipped = await ship(tx.session, actor=info.context.actor, parcel=parcel, now=tx.now)
        if tx.errors:
            return FulfillmentCreatePayload(user_errors=tx.errors)
        return await FulfillmentCreatePayload.of(info, shipped)
