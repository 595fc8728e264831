"""Who the caller is."""

import strawberry

from shop_graphql.api.accounts.types import User
from shop_graphql.api.context import Info


@strawberry.type
class AccountQueries:
    @strawberry.field(description="The signed-in user; null for an anonymous caller.")
    async def me(self, info: Info) -> User | None:
        actor = info.context.actor
        row = await info.context.loaders.accounts.user.load(actor.user_id) if actor.user_id else None
        return User.visible(row, actor)
