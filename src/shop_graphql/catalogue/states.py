"""The closed sets of the catalogue."""

from collections.abc import Mapping
from enum import StrEnum


class AttributeType(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"


class ProductStatus(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class VariantStatus(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


class MediaKind(StrEnum):
    IMAGE = "image"
    VIDEO = "video"


class MediaStatus(StrEnum):
    PROCESSING = "processing"
    READY = "ready"
    REFUSED = "refused"


class OfferStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"
    ARCHIVED = "archived"


class OfferCondition(StrEnum):
    NEW = "new"
    REFURBISHED = "refurbished"
    USED = "used"


class StockPolicy(StrEnum):
    """What happens when nothing is left: refuse, promise a later delivery, or sell before the first arrives."""

    DENY = "deny"
    BACKORDER = "backorder"
    PREORDER = "preorder"


class PriceKind(StrEnum):
    """A sale price beats the list price while its window is open."""

    LIST = "list"
    SALE = "sale"


PRODUCT_NEXT: Mapping[ProductStatus, frozenset[ProductStatus]] = {
    ProductStatus.DRAFT: frozenset({ProductStatus.PUBLISHED, ProductStatus.ARCHIVED}),
    ProductStatus.SCHEDULED: frozenset({ProductStatus.DRAFT, ProductStatus.PUBLISHED, ProductStatus.ARCHIVED}),
    ProductStatus.PUBLISHED: frozenset({ProductStatus.DRAFT, ProductStatus.ARCHIVED}),
    # Back through a draft, so that an old page is looked over before everybody sees it again.
    ProductStatus.ARCHIVED: frozenset({ProductStatus.DRAFT}),
}
assert PRODUCT_NEXT.keys() == set(ProductStatus)
