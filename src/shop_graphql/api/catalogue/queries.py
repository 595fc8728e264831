"""Reading the catalogue. Everybody may; drafts are their owner's."""

from typing import Annotated
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.categories import Category, tree_of
from shop_graphql.api.catalogue.enums import ProductSort
from shop_graphql.api.catalogue.pages import ProductFilter, ProductPage, page_of_products
from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.catalogue.types import Product
from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of
from shop_graphql.api.pagination import PAGE_DEFAULT, After, First
from shop_graphql.api.scalars import CurrencyCode
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.platform.errors import BadUserInput

IdArgument = Annotated[strawberry.ID | None, strawberry.argument(description="Its global id; exactly one of both.")]
SlugArgument = Annotated[str | None, strawberry.argument(description="Its name in URLs; exactly one of both.")]
CurrencyArgument = Annotated[
    CurrencyCode | None,
    strawberry.argument(
        description="The currency of all prices below; the shop's own by default. Nothing is converted."
    ),
]


def check_one(id: str | None, slug: str | None) -> None:
    """Raises: BadUserInput unless exactly one of both is given."""
    if (id is None) == (slug is None):
        raise BadUserInput("Give exactly one of `id` and `slug`.")


async def product_key(info: Info, id: str | None, slug: str | None) -> UUID | None:
    """The key of the product that is meant, if there is one.

    Raises: BadUserInput unless exactly one of both is given.
    """
    check_one(id, slug)
    if id is not None:
        return key_of(id, "Product")
    return await catalogue.product_id_by_slug(info.context.reader, slug or "")


@strawberry.type
class CatalogueQueries:
    @strawberry.field(description="The top level of the catalogue's tree, in the shop's order.")
    async def categories(self, info: Info) -> list[Category]:
        return [Category.from_row(row) for row in (await tree_of(info)).children(None)]

    @strawberry.field(description="A category; null where there is none. BAD_USER_INPUT unless exactly one of both.")
    async def category(self, info: Info, id: IdArgument = None, slug: SlugArgument = None) -> Category | None:
        check_one(id, slug)
        tree = await tree_of(info)
        row = tree.by_id.get(key_of(id, "Category")) if id is not None else tree.by_slug.get(slug or "")
        return Category.from_row(row) if row else None

    @strawberry.field(
        description="A product, by an old slug too; null where there is none to see. "
        "BAD_USER_INPUT unless exactly one of both."
    )
    async def product(
        self, info: Info, id: IdArgument = None, slug: SlugArgument = None, currency: CurrencyArgument = None
    ) -> Product | None:
        key = await product_key(info, id, slug)
        row = await info.context.loaders.catalogue.product.load(key) if key else None
        return Product.visible(row, info.context.actor, scene_of(info, currency))

    @strawberry.field(description="Published products that are sold in the currency asked for.")
    async def products(
        self,
        info: Info,
        query: Annotated[
            str | None,
            strawberry.argument(
                description="Words of the title, brand or description, the last one perhaps half typed, "
                "or a SKU or GTIN; at most 200 characters. Accents and letter case do not matter."
            ),
        ] = None,
        filter: Annotated[ProductFilter | None, strawberry.argument(description="What to narrow the list to.")] = None,
        sort: Annotated[
            ProductSort | None,
            strawberry.argument(description="By default RELEVANCE with a `query`, else NEWEST."),
        ] = None,
        currency: CurrencyArgument = None,
        first: First = PAGE_DEFAULT,
        after: After = None,
    ) -> ProductPage:
        return await page_of_products(
            info, scene_of(info, currency), query=query, filter=filter, sort=sort, first=first, after=after
        )
