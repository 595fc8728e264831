"""Whether an offer may be in a cart on today's terms. Pure: it judges terms that the caller has read."""

from uuid import UUID

from shop_graphql.cart.errors import CurrencyMismatch, OfferUnavailable, QuantityInvalid
from shop_graphql.catalogue.rows import SaleTerms
from shop_graphql.inventory.errors import OutOfStock

QUANTITY_MAX = 9_999
"""Units of one line."""


def price_of(terms: SaleTerms | None, *, quantity: int, field: tuple[str, ...]) -> int:
    """What one unit costs now, in minor units, once it is known that so many may be bought.

    Raises: OfferUnavailable, CurrencyMismatch, QuantityInvalid.
    """
    if terms is None or not terms.is_sellable:
        raise OfferUnavailable(field=field)
    if terms.unit_price_minor is None:
        raise CurrencyMismatch(field=field)
    if terms.max_per_order is not None and quantity > terms.max_per_order:
        raise QuantityInvalid(
            field=_quantity(field), message=f"At most {terms.max_per_order} of this item are sold in one order."
        )
    return terms.unit_price_minor


def check_available(offer_id: UUID, available: int, *, quantity: int, field: tuple[str, ...]) -> None:
    """Raises: QuantityInvalid for more than any line may have, OutOfStock for more than there are."""
    if quantity > QUANTITY_MAX:
        raise QuantityInvalid(field=_quantity(field))
    if quantity > available:
        raise OutOfStock(offer_id=offer_id, available=available, field=_quantity(field))


def _quantity(field: tuple[str, ...]) -> tuple[str, ...]:
    return (*field[:-1], "quantity") if len(field) > 1 else field
