"""Looking up sellers."""

from typing import Annotated

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of
from shop_graphql.api.sellers.types import Seller
from shop_graphql.platform.errors import BadUserInput
from shop_graphql.sellers import queries as sellers


@strawberry.type
class SellerQueries:
    @strawberry.field(description="One seller by id or slug, exactly one of them; null if there is none to see.")
    async def seller(
        self,
        info: Info,
        id: Annotated[strawberry.ID | None, strawberry.argument(description="The seller's id.")] = None,
        slug: Annotated[str | None, strawberry.argument(description="The seller's name in URLs.")] = None,
    ) -> Seller | None:
        if (id is None) == (slug is None):
            raise BadUserInput("Give exactly one of `id` and `slug`.")
        if id is not None:
            row = await info.context.loaders.sellers.seller.load(key_of(id, "Seller"))
        else:
            row = await sellers.seller_by_slug(info.context.reader, slug or "")
        return Seller.visible(row, info.context.actor)
