"""Refusals as data: `userErrors` on every payload, never top-level errors."""

from functools import singledispatch
from typing import Any

import strawberry

from shop_graphql.api.enums import describe
from shop_graphql.platform.errors import ErrorCode, ShopError

describe(
    ErrorCode,
    "Why a mutation was refused. Codes may be added at any time; treat an unknown one as a refusal.",
    {
        ErrorCode.ALREADY_EXISTS: "Something of this name or number is there already.",
        ErrorCode.CART_EMPTY: "There is nothing in the cart.",
        ErrorCode.CART_NOT_OPEN: "The cart has become an order or is closed.",
        ErrorCode.CREDENTIALS_INVALID: "Address or password is wrong, or the account may not sign in.",
        ErrorCode.CURRENCY_MISMATCH: "There is no price in this currency; prices are never converted.",
        ErrorCode.EMAIL_INVALID: "This is not an e-mail address.",
        ErrorCode.EMAIL_TAKEN: "Another account has this address.",
        ErrorCode.IDEMPOTENCY_IN_PROGRESS: "A request with this key is still running; ask again in a moment.",
        ErrorCode.IDEMPOTENCY_KEY_MISMATCH: "This key was used before with another input.",
        ErrorCode.INVALID: "A value breaks the rule that the message names.",
        ErrorCode.NOT_ALLOWED: "The caller's role in the team does not cover this.",
        ErrorCode.NOT_FOUND: "There is no such object, or it is not the caller's.",
        ErrorCode.OFFER_UNAVAILABLE: "The offer is not for sale now.",
        ErrorCode.ORDER_NOT_PAYABLE: "The order is paid, closed, or its time to be paid is over.",
        ErrorCode.OUT_OF_STOCK: "Fewer units are free than were asked for.",
        ErrorCode.PASSWORD_TOO_COMMON: "The password is easy to guess.",
        ErrorCode.PASSWORD_TOO_LONG: "The password has more than 256 characters.",
        ErrorCode.PASSWORD_TOO_SHORT: "The password has fewer than 15 characters.",
        ErrorCode.PAYMENT_DECLINED: "The card's bank said no; another card may be tried with a new key.",
        ErrorCode.PAYMENT_GATEWAY_UNAVAILABLE: "The payment gateway cannot be reached; nothing was charged.",
        ErrorCode.PAYMENT_IN_PROGRESS: "Another payment for this order is not decided yet.",
        ErrorCode.PRICE_CHANGED: "The price is not the one the buyer saw; nothing was adjusted.",
        ErrorCode.QUANTITY_INVALID: "The number of units is outside what is allowed here.",
        ErrorCode.STATE_CONFLICT: "The object's state does not allow this now.",
        ErrorCode.STOCK_CHANGED: "The level is not the expected one; a sale or a colleague was faster.",
        ErrorCode.TOO_MANY: "The list has too few or too many entries.",
    },
)


@strawberry.interface(description="Why a mutation was refused, in terms that the caller can act on.")
class UserError:
    code: ErrorCode = strawberry.field(description="Stable and machine-readable; never changes meaning.")
    message: str = strawberry.field(description="For people, in English.")
    field: list[str] | None = strawberry.field(
        description="The path inside `input` of what was at fault, outermost first, list positions as digits."
    )


@strawberry.type(description="A refusal with nothing more to say than its code.")
class SimpleError(UserError):
    pass


@strawberry.type
class Payload:
    """What every mutation's payload has in common."""

    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="Why the mutation was refused; empty on success."
    )


def basics(error: ShopError) -> dict[str, Any]:
    """The fields that every implementation of `UserError` shares."""
    return {"code": error.code, "message": str(error), "field": list(error.field) or None}


@singledispatch
def to_user_error(error: ShopError) -> UserError:
    """The GraphQL form of a refusal; types with data of their own register themselves here."""
    return SimpleError(**basics(error))
