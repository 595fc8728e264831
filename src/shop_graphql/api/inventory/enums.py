"""How availability is spelled in GraphQL; products show it too."""

from shop_graphql.api.enums import describe
from shop_graphql.inventory.availability import Availability

describe(
    Availability,
    "Whether something can be bought now. Shown, not promised: only a checkout takes units.",
    {
        Availability.IN_STOCK: "Enough lies ready.",
        Availability.LOW: "Few are left: at most 5, or the seller's own warning level.",
        Availability.OUT: "Nothing can be bought.",
        Availability.BACKORDER: "Nothing lies ready; the seller sells units that are on their way.",
        Availability.PREORDER: "Nothing has arrived yet; the seller takes orders before the first delivery.",
    },
)

__all__ = ["Availability"]
