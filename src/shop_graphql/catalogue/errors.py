"""Why the catalogue refuses a change."""

from shop_graphql.platform.errors import ErrorCode, ShopError


class SkuTaken(ShopError):
    code = ErrorCode.ALREADY_EXISTS
    message = "This seller has another offer with this SKU."


class OfferExists(ShopError):
    """One seller offers one variant once in each condition."""

    code = ErrorCode.ALREADY_EXISTS
    message = "This seller already offers this variant in this condition."


class GtinTaken(ShopError):
    """A GTIN names one product of the whole shop; whoever else sells it joins that product with an offer."""

    code = ErrorCode.ALREADY_EXISTS
    message = "Another product has this GTIN; make an offer for it instead."


class CategorySlugTaken(ShopError):
    code = ErrorCode.ALREADY_EXISTS
    message = "Another category has this slug."


class RoleTooLow(ShopError):
    """The caller belongs to the seller's team, but only its owners and managers may do this."""

    code = ErrorCode.NOT_ALLOWED
    message = "Only owners and managers of the seller may do this."


class VersionChanged(ShopError):
    """Somebody else changed the object after the caller read it."""

    code = ErrorCode.STATE_CONFLICT
    message = "This was changed in the meantime; read it again."


class StatusUnreachable(ShopError):
    code = ErrorCode.STATE_CONFLICT
    message = "This status cannot follow the present one."
