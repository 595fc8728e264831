"""The catalogue's use cases: the only writers of its tables. The caller owns the transaction."""

from shop_graphql.catalogue.service.listings import products_of_offers, refresh_listing, set_in_stock, set_ratings
from shop_graphql.catalogue.service.locking import lock_products
from shop_graphql.catalogue.service.offers import (
    NewOffer,
    PlacedOffer,
    offer_create,
    offer_update,
    offers_create,
    set_price,
)
from shop_graphql.catalogue.service.products import (
    NewProduct,
    product_create,
    product_publish,
    product_update,
    products_create,
)
from shop_graphql.catalogue.service.taxonomy import brand_named, category_create

__all__ = [
    "NewOffer",
    "NewProduct",
    "PlacedOffer",
    "brand_named",
    "category_create",
    "lock_products",
    "offer_create",
    "offer_update",
    "offers_create",
    "product_create",
    "product_publish",
    "product_update",
    "products_create",
    "products_of_offers",
    "refresh_listing",
    "set_in_stock",
    "set_price",
    "set_ratings",
]
