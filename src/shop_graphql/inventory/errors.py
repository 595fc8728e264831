"""Why stock cannot be promised or changed."""

from uuid import UUID

from shop_graphql.platform.errors import ErrorCode, ShopError


class OutOfStock(ShopError):
    """Fewer units are free than were asked for; `available` says how many are."""

    code = ErrorCode.OUT_OF_STOCK
    message = "This is sold out."

    def __init__(self, *, offer_id: UUID, available: int, field: tuple[str, ...] = ()) -> None:
        super().__init__(field=field, message=f"Only {available} are left." if available > 0 else self.message)
        self.offer_id = offer_id
        self.available = available


class StockHasChanged(ShopError):
    """The level is not what the caller believed; `on_hand` says what it is."""

    code = ErrorCode.STOCK_CHANGED
    message = "The stock level changed in the meantime."

    def __init__(self, *, on_hand: int, field: tuple[str, ...] = ()) -> None:
        super().__init__(field=field)
        self.on_hand = on_hand


class StillPromised(ShopError):
    """A level never falls below what orders have been promised."""

    code = ErrorCode.STATE_CONFLICT
    message = "More units than that are promised to orders."

    def __init__(self, *, reserved: int, field: tuple[str, ...] = ()) -> None:
        super().__init__(field=field, message=f"{reserved} units are promised to orders.")
