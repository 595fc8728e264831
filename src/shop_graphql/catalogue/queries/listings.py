"""Pages of products: by keyset over `product_listings`, found by words through `product_search`.

The shape of a statement is chosen here, not by the planner: a wide set walks the index of its sort and
filters on the way, a narrow one is collected first and sorted then. One statement for both is slow for one.
"""

import enum
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Uuid,
    any_,
    bindparam,
    cast,
    extract,
    func,
    select,
    tuple_,
)

from shop_graphql.catalogue.models import Brand, Offer, ProductListing, Variant
from shop_graphql.catalogue.models.listings import BRAND_TAGS_FROM
from shop_graphql.catalogue.queries import words
from shop_graphql.catalogue.queries.binds import CURRENCY, IDS
from shop_graphql.catalogue.rows import ListedProduct
from shop_graphql.catalogue.search import Search
from shop_graphql.platform.db import Reader

NARROW_MAX = 5_000
"""Products in a category up to which it is collected first. Source: measured, see README on catalogue pages."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
L = ProductListing


class ProductSort(enum.StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"
    BEST_SELLING = "best_selling"
    RATING = "rating"


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is narrowed to; None does not narrow. Prices in minor units of the page's currency."""

    category_node: int | None = None
    category_size: int = 0
    """Public products in the category, as of a few minutes ago: decides the statement's shape only."""
    seller_id: UUID | None = None
    brand_id: UUID | None = None
    min_price_minor: int | None = None
    max_price_minor: int | None = None
    in_stock: bool | None = None
    ids: Sequence[UUID] | None = None


class Place(msgspec.Struct, frozen=True):
    """After which row a page begins."""

    sort_value: int
    number: int


SORT_COLUMNS: dict[ProductSort, Any] = {
    ProductSort.NEWEST: L.published_at,
    ProductSort.PRICE_ASC: L.price_minor,
    ProductSort.PRICE_DESC: L.price_minor,
    ProductSort.BEST_SELLING: L.sold_30d,
    ProductSort.RATING: L.rating_score,
}

CONDITIONS: dict[str, ColumnElement[bool]] = {
    "seller_id": L.seller_ids.contains(bindparam("seller_ids", type_=ARRAY(Uuid))),
    "brand_id": L.brand_id == bindparam("brand_id", type_=Uuid),
    "min_price_minor": L.price_minor >= bindparam("min_price_minor", type_=BigInteger),
    "max_price_minor": L.price_minor <= bindparam("max_price_minor", type_=BigInteger),
    "in_stock": L.in_stock == bindparam("in_stock"),
    "ids": L.product_id == any_(IDS),
    "category_node": L.category_nodes.contains(bindparam("nodes", type_=ARRAY(Integer))),
}
"""What every shape checks of each row."""

SETS: dict[str, ColumnElement[bool]] = {
    "seller_id": L.product_id.in_(
        select(Variant.product_id)
        .join(Offer, Offer.variant_id == Variant.id)
        .where(Offer.seller_id == any_(bindparam("seller_ids", type_=ARRAY(Uuid))))
    ),
    "brand_id": L.tags.contains(
        func.array(
            select(Brand.number + BRAND_TAGS_FROM)
            .where(Brand.id == bindparam("brand_id", type_=Uuid))
            .scalar_subquery(),
            type_=ARRAY(Integer),
        )
    ),
    "category_node": L.tags.contains(bindparam("nodes", type_=ARRAY(Integer))),
}
"""Conditions that an index answers: a narrow shape is collected by these."""


async def product_page(
    reader: Reader,
    *,
    currency: str,
    sort: ProductSort,
    search: Search | None,
    filters: Filters,
    after: Place | None,
    limit: int,
) -> list[ListedProduct]:
    """The `limit` products after `after` that are sold in `currency` and pass the filters.

    Shape: in the order of `sort`, equal ones newest first (cheapest first: oldest first); RELEVANCE needs `search`.
    """
    given = frozenset(name for name in CONDITIONS if getattr(filters, name) is not None)
    is_narrow = bool(given & {"seller_id", "brand_id", "ids"}) or (
        "category_node" in given and filters.category_size <= NARROW_MAX
    )
    statement = page_statement(sort, search is not None, is_narrow, given, after is not None)
    params = {name: getattr(filters, name) for name in given} | {"currency": currency, "limit": limit}
    params |= {"seller_ids": [filters.seller_id], "nodes": [filters.category_node], "ids": list(filters.ids or ())}
    params |= msgspec.structs.asdict(search) | {"codes": [search.code]} if search else {}
    if after:
        params |= {"after_value": _sort_value(sort, after.sort_value), "after_number": after.number}
    return await reader.fetch(statement, params, into=ListedProduct)


@lru_cache(maxsize=512)
def page_statement(
    sort: ProductSort, by_words: bool, is_narrow: bool, given: frozenset[str], has_after: bool
) -> Select[Any]:
    """The statement for one combination; conditions that are not given are not in it, so plans stay simple."""
    rows = select(L).where(L.currency == CURRENCY, *(CONDITIONS[name] for name in sorted(given)))
    if by_words:
        rows = rows.where(L.product_id.in_(select(words.hits().c.product_id)))
    elif is_narrow:
        rows = rows.where(*(SETS[name] for name in sorted(given & SETS.keys())))
    if by_words or is_narrow:
        collected = rows.cte("collected").prefix_with("materialized", dialect="postgresql")
        return _ordered(sort, collected, has_after)
    return _ordered(sort, rows.subquery("walked"), has_after)


def _ordered(sort: ProductSort, rows: Any, has_after: bool) -> Select[Any]:
    if sort is ProductSort.RELEVANCE:
        scored = words.scored(rows)
        value: Any = scored.c.score
        page = select(scored.c.product_id, value, scored.c.number)
        number = scored.c.number
    else:
        value, number = rows.c[SORT_COLUMNS[sort].key], rows.c.number
        shown = cast(extract("epoch", value) * 1_000_000, BigInteger) if sort is ProductSort.NEWEST else value
        page = select(rows.c.product_id, shown, number)
    kind = DateTime(timezone=True) if sort is ProductSort.NEWEST else BigInteger()
    place = tuple_(value, number)
    after = tuple_(bindparam("after_value", type_=kind), bindparam("after_number", type_=Integer))
    is_rising = sort is ProductSort.PRICE_ASC
    if has_after:
        page = page.where(place > after if is_rising else place < after)
    order = (value, number) if is_rising else (value.desc(), number.desc())
    return page.order_by(*order).limit(bindparam("limit", type_=Integer))


def _sort_value(sort: ProductSort, value: int) -> int | datetime:
    return EPOCH + timedelta(microseconds=value) if sort is ProductSort.NEWEST else value
