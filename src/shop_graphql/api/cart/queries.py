"""Looking at a cart."""

from typing import Annotated

import strawberry

from shop_graphql.api.cart.types import Cart, cart_of
from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of


@strawberry.type
class CartQueries:
    @strawberry.field(
        description="One's own cart: the signed-in user's, or the guest cart whose secret is sent in `X-Cart-Token`. "
        "Null for anyone else."
    )
    async def cart(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The cart's id.")]
    ) -> Cart | None:
        return await cart_of(info, key_of(id, "Cart"), info.context.actor)
