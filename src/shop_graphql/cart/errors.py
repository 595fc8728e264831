"""Why a cart cannot be changed or bought."""

from shop_graphql.platform.errors import ErrorCode, ShopError


class CartNotOpen(ShopError):
    code = ErrorCode.CART_NOT_OPEN
    message = "This cart has been ordered, merged or given up; make a new one."


class CartEmpty(ShopError):
    code = ErrorCode.CART_EMPTY
    message = "There is nothing in this cart."


class CurrencyMismatch(ShopError):
    code = ErrorCode.CURRENCY_MISMATCH
    message = "This is not priced in the cart's currency; prices are never converted."


class OfferUnavailable(ShopError):
    code = ErrorCode.OFFER_UNAVAILABLE
    message = "This item is not sold, or no longer."


class QuantityInvalid(ShopError):
    code = ErrorCode.QUANTITY_INVALID
    message = "A line of a cart has 1 to 9999 units."


class TooManyLines(ShopError):
    code = ErrorCode.TOO_MANY
    message = "A cart has at most 100 lines."
