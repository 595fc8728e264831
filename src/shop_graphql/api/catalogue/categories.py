"""Categories: read from one cached tree, so that any way through it costs no statement."""

from typing import Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.loaders import FRESH
from shop_graphql.api.context import Info
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.catalogue.queries import CategoryTree
from shop_graphql.catalogue.rows import CategoryRow


async def tree_of(info: Info) -> CategoryTree:
    """All categories, once per request."""
    return await info.context.loaders.catalogue.tree(info.context.services.cache)


@strawberry.type(description="A node of the catalogue's tree.")
class Category(Node):
    name: str = strawberry.field(description="For people.")
    slug: str = strawberry.field(description="The category's name in URLs.")
    product_count: int = strawberry.field(
        description="Public products in this category and all below it, as of at most five minutes ago."
    )
    row: strawberry.Private[CategoryRow]

    @classmethod
    def from_row(cls, row: CategoryRow) -> Self:
        return cls(
            id=global_id("Category", row.id), name=row.name, slug=row.slug, product_count=row.product_count, row=row
        )

    @strawberry.field(description="The categories right below, in the shop's order.")
    async def children(self, info: Info) -> list["Category"]:
        return [Category.from_row(row) for row in (await tree_of(info)).children(self.row.id)]

    @strawberry.field(description="The category right above; null at the top level.")
    async def parent(self, info: Info) -> "Category | None":
        above = (await tree_of(info)).ancestors(self.row)
        return Category.from_row(above[-1]) if above else None

    @strawberry.field(description="The way down to this category, from the top level to the parent: a breadcrumb.")
    async def ancestors(self, info: Info) -> list["Category"]:
        return [Category.from_row(row) for row in (await tree_of(info)).ancestors(self.row)]


async def category_of(info: Info, key: UUID) -> Category:
    """The category of a product, also one that is younger than the cached tree."""
    row = (await tree_of(info)).by_id.get(key)
    if row is None:
        row = (await info.context.loaders.catalogue.tree(info.context.services.cache, FRESH)).by_id[key]
    return Category.from_row(row)


async def load_categories(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Categories for `node` and `nodes`, in the order asked; None where there is none."""
    found = (await tree_of(info)).by_id
    rows = [found.get(key) if number is None else None for key, number in keys]
    return [Category.from_row(row) if row else None for row in rows]
