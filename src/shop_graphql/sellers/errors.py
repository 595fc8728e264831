"""Why a seller was refused."""

from shop_graphql.platform.errors import ErrorCode, ShopError


class SlugTaken(ShopError):
    code = ErrorCode.ALREADY_EXISTS
    message = "Another seller uses this name in its address already."
