"""Lists of products: arguments into a page of the catalogue, and rows into a connection."""

from typing import Annotated, TypeAlias

import msgspec
import strawberry

from shop_graphql.api.catalogue.categories import tree_of
from shop_graphql.api.catalogue.scene import Scene
from shop_graphql.api.catalogue.types import Product
from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of, keys_of
from shop_graphql.api.pagination import PAGE_MAX, Connection, connection, decode_cursor, encode_cursor, page_size
from shop_graphql.api.scalars import MoneyInput
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.catalogue.queries import Filters, Place, ProductSort
from shop_graphql.catalogue.rows import ListedProduct
from shop_graphql.catalogue.search import QUERY_LENGTH_MAX, Search, taken_apart
from shop_graphql.platform.errors import BadUserInput

SortValue: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=10**16)]
Number: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
ProductPage: TypeAlias = Connection[Product]


@strawberry.input(description="What a list of products is narrowed to. All conditions must hold.")
class ProductFilter:
    category_id: strawberry.ID | None = strawberry.field(default=None, description="In this category or any below it.")
    seller_id: strawberry.ID | None = strawberry.field(default=None, description="Sold by this seller.")
    brand_id: strawberry.ID | None = strawberry.field(default=None, description="Made by this brand.")
    min_price: MoneyInput | None = strawberry.field(
        default=None, description="Costs at least this much, in the currency of the list."
    )
    max_price: MoneyInput | None = strawberry.field(
        default=None, description="Costs at most this much, in the currency of the list."
    )
    in_stock: bool | None = strawberry.field(
        default=None, description="True: can be bought now; false: cannot; null: either."
    )
    ids: list[strawberry.ID] | None = strawberry.field(default=None, description="One of these products, 1 to 100.")


async def page_of_products(
    info: Info,
    scene: Scene,
    *,
    query: str | None,
    filter: ProductFilter | None,
    sort: ProductSort | None,
    first: int,
    after: str | None,
) -> ProductPage:
    """The products that fit, with cursors that hold their place in this order.

    Raises: BadUserInput for arguments that contradict themselves or are out of bounds.
    """
    search = search_of(query)
    order = order_of(sort, search)
    rows = await catalogue.product_page(
        info.context.reader,
        currency=scene.currency,
        sort=order,
        search=search,
        filters=await filters_of(info, filter, scene.currency),
        after=place_of(after, order),
        limit=page_size(first) + 1,
    )
    return await _connection(info, scene, order, rows, first=first, after=after)


def search_of(query: str | None) -> Search | None:
    """Raises: BadUserInput for a search that is too long."""
    if query is None or not query.strip():
        return None
    if len(query) > QUERY_LENGTH_MAX:
        raise BadUserInput(f"`query` has at most {QUERY_LENGTH_MAX} characters.")
    return taken_apart(query)


def order_of(sort: ProductSort | None, search: Search | None) -> ProductSort:
    """The order asked for; by default the best match of a search, else the newest."""
    if sort is ProductSort.RELEVANCE and search is None:
        return ProductSort.BEST_SELLING
    return sort or (ProductSort.RELEVANCE if search else ProductSort.NEWEST)


def place_of(after: str | None, order: ProductSort) -> Place | None:
    """Raises: BadUserInput for a cursor of another list or of the same list in another order."""
    cursor = decode_cursor(after, tuple[str, SortValue, Number])
    if cursor is None:
        return None
    name, value, number = cursor
    if name != order.value:
        raise BadUserInput("This cursor belongs to a list in another order.")
    return Place(sort_value=value, number=number)


async def filters_of(info: Info, given: ProductFilter | None, currency: str) -> Filters:
    """Raises: BadUserInput for a malformed id, too many ids or a price in another currency."""
    if given is None:
        return Filters()
    node, size = await _category(info, given.category_id)
    if given.ids is not None and not 1 <= len(given.ids) <= PAGE_MAX:
        raise BadUserInput(f"`filter.ids` holds 1 to {PAGE_MAX} ids, not {len(given.ids)}.")
    return Filters(
        category_node=node,
        category_size=size,
        seller_id=key_of(given.seller_id, "Seller") if given.seller_id else None,
        brand_id=key_of(given.brand_id, "Brand") if given.brand_id else None,
        min_price_minor=_minor(given.min_price, currency),
        max_price_minor=_minor(given.max_price, currency),
        in_stock=given.in_stock,
        ids=None if given.ids is None else keys_of(given.ids, "Product"),
    )


NO_NODE = 0
"""Nodes begin at 1: nothing is in a category that does not exist."""


async def _category(info: Info, category_id: strawberry.ID | None) -> tuple[int | None, int]:
    if category_id is None:
        return None, 0
    row = (await tree_of(info)).by_id.get(key_of(category_id, "Category"))
    return (row.node, row.product_count) if row else (NO_NODE, 0)


def _minor(price: MoneyInput | None, currency: str) -> int | None:
    if price is None:
        return None
    if price.currency != currency:
        raise BadUserInput(f"This list is in {currency}; prices are never converted from {price.currency}.")
    return price.to_minor()


async def _connection(
    info: Info, scene: Scene, order: ProductSort, rows: list[ListedProduct], *, first: int, after: str | None
) -> ProductPage:
    inside = rows[:first]
    found = await info.context.loaders.catalogue.product.load_many([row.product_id for row in inside])
    shown = [
        (product, (order.value, row.sort_value, row.number))
        for row, product_row in zip(inside, found, strict=True)
        # A listing lags a moment behind a seller's standing; the product's own row decides.
        if (product := Product.visible(product_row, info.context.actor, scene))
    ]
    page = connection([node for node, _ in shown], [key for _, key in shown], first=first, after=after)
    page.page_info.has_next_page = len(rows) > first
    if inside:
        page.page_info.end_cursor = encode_cursor((order.value, inside[-1].sort_value, inside[-1].number))
    return page
