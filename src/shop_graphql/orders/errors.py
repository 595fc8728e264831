"""Why an order cannot be placed, paid or sent."""

from uuid import UUID

from shop_graphql.orders.states import OrderStatus, SubOrderStatus
from shop_graphql.platform.errors import ErrorCode, ShopError
from shop_graphql.platform.money import to_major


class PriceChanged(ShopError):
    """What the buyer saw is not what it costs now; nothing was adjusted.

    Units: `was_minor` and `now_minor` in minor units of `currency`: of one unit of `offer_id`, or of the whole order
    where only the expected total differs.
    """

    code = ErrorCode.PRICE_CHANGED
    message = "The price has changed since it was shown."

    def __init__(
        self, *, offer_id: UUID | None, was_minor: int, now_minor: int, currency: str, field: tuple[str, ...]
    ) -> None:
        what = "The total is" if offer_id is None else "This costs"
        was, is_now = (to_major(minor, currency) for minor in (was_minor, now_minor))
        super().__init__(field=field, message=f"{what} {is_now} {currency} now, not {was} {currency}.")
        self.offer_id = offer_id
        self.was_minor = was_minor
        self.now_minor = now_minor
        self.currency = currency


class OrderNotPayable(ShopError):
    """Paid, cancelled or too late; `status` says which."""

    code = ErrorCode.ORDER_NOT_PAYABLE
    message = "This order cannot be paid now."

    def __init__(self, *, status: OrderStatus, field: tuple[str, ...] = ("orderId",)) -> None:
        super().__init__(field=field)
        self.status = status


class NotShippable(ShopError):
    """A part that is not paid for, or already over; `status` says which."""

    code = ErrorCode.STATE_CONFLICT
    message = "This part of the order cannot be sent now."

    def __init__(self, *, status: SubOrderStatus, field: tuple[str, ...] = ("subOrderId",)) -> None:
        super().__init__(field=field)
        self.status = status


class ShipQuantityInvalid(ShopError):
    code = ErrorCode.QUANTITY_INVALID
    message = "A parcel holds at least one unit of a line, and no more than are still to be sent."
