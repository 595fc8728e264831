"""Reading the catalogue. Batch readers give dicts keyed by id, so that callers never depend on the order of rows."""

from shop_graphql.catalogue.queries.listings import Filters, Place, ProductSort, product_page
from shop_graphql.catalogue.queries.offers import (
    featured_offers,
    featured_offers_of_products,
    offers_by_ids,
    offers_of_variants,
    price_ranges,
    prices_now,
)
from shop_graphql.catalogue.queries.products import (
    brands_by_ids,
    media_by_product_ids,
    options_by_product_ids,
    product_id_by_slug,
    products_by_ids,
    ratings_by_product_ids,
    variants_by_ids,
    variants_by_product_ids,
)
from shop_graphql.catalogue.queries.taxonomy import CategoryTree, cached_tree, category_tree
from shop_graphql.catalogue.queries.terms import sale_terms

__all__ = [
    "CategoryTree",
    "Filters",
    "Place",
    "ProductSort",
    "brands_by_ids",
    "cached_tree",
    "category_tree",
    "featured_offers",
    "featured_offers_of_products",
    "media_by_product_ids",
    "offers_by_ids",
    "offers_of_variants",
    "options_by_product_ids",
    "price_ranges",
    "prices_now",
    "product_id_by_slug",
    "product_page",
    "products_by_ids",
    "ratings_by_product_ids",
    "sale_terms",
    "variants_by_ids",
    "variants_by_product_ids",
]
