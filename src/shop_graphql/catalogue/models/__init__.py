"""The catalogue's tables. Only `catalogue.service` writes them."""

from shop_graphql.catalogue.models.listings import ProductListing, ProductSearch
from shop_graphql.catalogue.models.offers import FeaturedOffer, Offer, OfferPrice
from shop_graphql.catalogue.models.products import (
    Media,
    Product,
    ProductAttributeValue,
    ProductOption,
    ProductSlug,
    Variant,
)
from shop_graphql.catalogue.models.taxonomy import Attribute, AttributeChoice, Brand, Category, CategoryAttribute

__all__ = [
    "Attribute",
    "AttributeChoice",
    "Brand",
    "Category",
    "CategoryAttribute",
    "FeaturedOffer",
    "Media",
    "Offer",
    "OfferPrice",
    "Product",
    "ProductAttributeValue",
    "ProductListing",
    "ProductOption",
    "ProductSearch",
    "ProductSlug",
    "Variant",
]
