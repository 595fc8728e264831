"""The catalogue's closed sets for clients. Import them from here: an enum must be described before it is used."""

from shop_graphql.api.enums import describe
from shop_graphql.catalogue.queries import ProductSort
from shop_graphql.catalogue.states import OfferCondition, OfferStatus, ProductStatus, StockPolicy

__all__ = ["OfferCondition", "OfferStatus", "ProductSort", "ProductStatus", "StockPolicy"]

describe(
    ProductStatus,
    "Where a product stands.",
    {
        ProductStatus.DRAFT: "Seen by its owner only.",
        ProductStatus.SCHEDULED: "Published by itself at a set time.",
        ProductStatus.PUBLISHED: "Seen by everybody while its owner is in business.",
        ProductStatus.ARCHIVED: "Out of the catalogue; seen by its owner only.",
    },
)
describe(
    OfferStatus,
    "Where an offer stands.",
    {
        OfferStatus.DRAFT: "Not for sale yet.",
        OfferStatus.ACTIVE: "For sale.",
        OfferStatus.PAUSED: "Not for sale for a while.",
        OfferStatus.ARCHIVED: "Not for sale any more.",
    },
)
describe(
    OfferCondition,
    "What state the goods are in.",
    {
        OfferCondition.NEW: "Unused, in its packaging.",
        OfferCondition.REFURBISHED: "Used, repaired and tested by a professional.",
        OfferCondition.USED: "Used before.",
    },
)
describe(
    StockPolicy,
    "What happens when nothing is left on the shelf.",
    {
        StockPolicy.DENY: "Nothing is sold.",
        StockPolicy.BACKORDER: "Units on their way are sold, up to the seller's limit.",
        StockPolicy.PREORDER: "Units are sold before the first delivery, up to the seller's limit.",
    },
)
describe(
    ProductSort,
    "The order of a list of products; equal ones newest first.",
    {
        ProductSort.RELEVANCE: "Best match of the words first; without words the same as BEST_SELLING.",
        ProductSort.NEWEST: "Last published first.",
        ProductSort.PRICE_ASC: "Lowest price first; equal prices oldest first.",
        ProductSort.PRICE_DESC: "Highest price first.",
        ProductSort.BEST_SELLING: "Most units sold in the last 30 days first.",
        ProductSort.RATING: "Best mean rating first; unrated products last.",
    },
)
