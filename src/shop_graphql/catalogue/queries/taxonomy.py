"""The tree of categories: read whole, since it is small and every page shows parts of it."""

from collections import Counter, defaultdict
from functools import cached_property
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from shop_graphql.catalogue.models import Category, Product
from shop_graphql.catalogue.queries.visibility import PRODUCT_IS_PUBLIC, Owner
from shop_graphql.catalogue.rows import CategoryRow
from shop_graphql.platform.cache import Cache
from shop_graphql.platform.db import Reader

TREE_KEY = "categories"
TREE_SECONDS = 300
"""How long product counts may lag behind; a change of the tree itself drops the cached copy at once."""

CATEGORIES = select(
    Category.id, Category.node, Category.parent_id, Category.name, Category.slug, Category.path
).order_by(Category.sort_order, Category.name, Category.node)
COUNTS = (
    select(Product.category_id, func.count())
    .join(Owner, Owner.id == Product.owner_seller_id)
    .where(PRODUCT_IS_PUBLIC)
    .group_by(Product.category_id)
)


class CategoryTree:
    """All categories, siblings in their shop's order, with the ways between them."""

    def __init__(self, categories: list[CategoryRow]) -> None:
        self.categories = categories

    @cached_property
    def by_id(self) -> dict[UUID, CategoryRow]:
        return {row.id: row for row in self.categories}

    @cached_property
    def by_slug(self) -> dict[str, CategoryRow]:
        return {row.slug: row for row in self.categories}

    @cached_property
    def _by_node(self) -> dict[int, CategoryRow]:
        return {row.node: row for row in self.categories}

    @cached_property
    def _by_parent(self) -> dict[UUID | None, list[CategoryRow]]:
        found: dict[UUID | None, list[CategoryRow]] = defaultdict(list)
        for row in self.categories:
            found[row.parent_id].append(row)
        return found

    def children(self, key: UUID | None) -> list[CategoryRow]:
        """The categories right below `key`; those of the top level for None."""
        return self._by_parent.get(key, [])

    def ancestors(self, row: CategoryRow) -> list[CategoryRow]:
        """From the top level down to the parent."""
        return [self._by_node[node] for node in row.path[:-1]]


async def category_tree(reader: Reader) -> list[CategoryRow]:
    """Every category with the number of public products in it and below, siblings in their shop's order."""
    rows = await reader.fetch(CATEGORIES, into=CategoryRow)
    nodes = {row.id: row.path for row in rows}
    counts: Counter[int] = Counter()
    for key, count in await reader.fetch(COUNTS, into=lambda key, count: (key, count)):
        # A category made between the two statements counts from the next time on.
        counts.update(dict.fromkeys(nodes.get(key, []), count))
    return [msgspec.structs.replace(row, product_count=counts[row.node]) for row in rows]


async def cached_tree(reader: Reader, cache: Cache) -> CategoryTree:
    """The tree as it was at most five minutes ago; a change of a category is seen at once."""
    rows = await cache.get_or_load(
        TREE_KEY, lambda: category_tree(reader), kind=list[CategoryRow], ttl_seconds=TREE_SECONDS
    )
    return CategoryTree(rows)
