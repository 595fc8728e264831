"""Products and what belongs to them whoever sells them."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import and_, any_, bindparam, func, select

from shop_graphql.catalogue.models import Brand, Media, Product, ProductListing, ProductOption, ProductSlug, Variant
from shop_graphql.catalogue.queries.binds import IDS
from shop_graphql.catalogue.queries.visibility import PRODUCT_IS_PUBLIC, VARIANT_IS_PUBLIC, Owner
from shop_graphql.catalogue.rows import BrandRow, MediaRow, OptionRow, ProductRow, RatingRow, VariantRow
from shop_graphql.catalogue.states import MediaStatus
from shop_graphql.platform.db import Reader

MEDIA_MAX = 20
"""Pictures and films shown of one product."""

PRODUCTS_BY_IDS = (
    select(
        Product.id,
        Product.owner_seller_id,
        Product.category_id,
        Product.brand_id,
        ProductSlug.slug,
        Product.title,
        Product.description,
        Product.status,
        Product.published_at,
        Product.version,
        Product.created_at,
        Product.updated_at,
        PRODUCT_IS_PUBLIC,
    )
    .join(Owner, Owner.id == Product.owner_seller_id)
    .join(ProductSlug, and_(ProductSlug.product_id == Product.id, ProductSlug.is_current))
    .where(Product.id == any_(IDS))
)
PRODUCT_BY_SLUG = select(ProductSlug.product_id).where(ProductSlug.slug == bindparam("slug"))
VARIANTS = (
    select(
        Variant.id,
        Variant.product_id,
        Product.owner_seller_id,
        Variant.title,
        Variant.gtin,
        Variant.option_values,
        Variant.status,
        VARIANT_IS_PUBLIC,
    )
    .join(Product, Product.id == Variant.product_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
)
VARIANTS_BY_IDS = VARIANTS.where(Variant.id == any_(IDS))
VARIANTS_BY_PRODUCTS = VARIANTS.where(Variant.product_id == any_(IDS)).order_by(Variant.position, Variant.id)
OPTIONS_BY_PRODUCTS = (
    select(ProductOption.product_id, ProductOption.name)
    .where(ProductOption.product_id == any_(IDS))
    .order_by(ProductOption.product_id, ProductOption.position)
)
BRANDS_BY_IDS = select(Brand.id, Brand.name, Brand.slug).where(Brand.id == any_(IDS))
RANKED_MEDIA = (
    select(
        Media.product_id,
        Media.file_key,
        Media.alt_text,
        Media.width,
        Media.height,
        func.row_number().over(partition_by=Media.product_id, order_by=(Media.position, Media.id)).label("place"),
    )
    .where(Media.product_id == any_(IDS), Media.status == MediaStatus.READY)
    .subquery()
)
MEDIA_BY_PRODUCTS = (
    select(
        RANKED_MEDIA.c.product_id,
        RANKED_MEDIA.c.file_key,
        RANKED_MEDIA.c.alt_text,
        RANKED_MEDIA.c.width,
        RANKED_MEDIA.c.height,
    )
    .where(RANKED_MEDIA.c.place <= MEDIA_MAX)
    .order_by(RANKED_MEDIA.c.product_id, RANKED_MEDIA.c.place)
)
# Listings of one product in several currencies repeat the same rating.
RATINGS_BY_PRODUCTS = (
    select(ProductListing.product_id, func.max(ProductListing.rating_score), func.max(ProductListing.rating_count))
    .where(ProductListing.product_id == any_(IDS), ProductListing.rating_count > 0)
    .group_by(ProductListing.product_id)
)


async def products_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, ProductRow]:
    """Products keyed by id, public or not; unknown ids are absent."""
    rows = await reader.fetch(PRODUCTS_BY_IDS, {"ids": ids}, into=ProductRow)
    return {row.id: row for row in rows}


async def product_id_by_slug(reader: Reader, slug: str) -> UUID | None:
    """The product that has or once had this address."""
    found = await reader.fetch(PRODUCT_BY_SLUG, {"slug": slug}, into=lambda key: key)
    return found[0] if found else None


async def variants_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, VariantRow]:
    """Variants keyed by id, public or not; unknown ids are absent."""
    rows = await reader.fetch(VARIANTS_BY_IDS, {"ids": ids}, into=VariantRow)
    return {row.id: row for row in rows}


async def variants_by_product_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[VariantRow]]:
    """Each product's variants in their seller's order, archived ones included."""
    found: dict[UUID, list[VariantRow]] = defaultdict(list)
    for row in await reader.fetch(VARIANTS_BY_PRODUCTS, {"ids": ids}, into=VariantRow):
        found[row.product_id].append(row)
    return found


async def options_by_product_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[OptionRow]]:
    """What each product's variants differ by, in the order of their `option_values`."""
    found: dict[UUID, list[OptionRow]] = defaultdict(list)
    for row in await reader.fetch(OPTIONS_BY_PRODUCTS, {"ids": ids}, into=OptionRow):
        found[row.product_id].append(row)
    return found


async def brands_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, BrandRow]:
    """Brands keyed by id; unknown ids are absent."""
    rows = await reader.fetch(BRANDS_BY_IDS, {"ids": ids}, into=BrandRow)
    return {row.id: row for row in rows}


async def media_by_product_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[MediaRow]]:
    """Each product's first 20 pictures and films that are ready to be shown."""
    found: dict[UUID, list[MediaRow]] = defaultdict(list)
    for row in await reader.fetch(MEDIA_BY_PRODUCTS, {"ids": ids}, into=MediaRow):
        found[row.product_id].append(row)
    return found


async def ratings_by_product_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, RatingRow]:
    """Ratings keyed by product; products that nobody has rated are absent."""
    rows = await reader.fetch(RATINGS_BY_PRODUCTS, {"ids": ids}, into=RatingRow)
    return {row.product_id: row for row in rows}
