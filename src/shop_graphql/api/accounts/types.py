"""Accounts as clients see them. A user is visible to itself and to staff, never to anyone else."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from shop_graphql.accounts.details import readable_email
from shop_graphql.accounts.rows import UserRow
from shop_graphql.api.context import Info
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import EmailAddress
from shop_graphql.api.sellers.types import SellerMembership
from shop_graphql.platform.auth import Actor


@strawberry.type(description="A person with an account. Visible to that person and to staff only.")
class User(Node):
    email: EmailAddress | None = strawberry.field(
        description="In lower case, the domain in its own script; null once the account is erased."
    )
    display_name: str | None = strawberry.field(
        description="How the person wants to be called, at most 100 characters; null once the account is erased."
    )
    locale: str = strawberry.field(description="The language of mails and texts, as a BCP 47 tag: de-AT.")
    created_at: datetime = strawberry.field(description="When the account was made.")
    key: strawberry.Private[UUID]

    @classmethod
    def from_row(cls, row: UserRow) -> Self:
        return cls(
            id=global_id("User", row.id),
            email=EmailAddress(readable_email(row.email)) if row.email else None,
            display_name=row.display_name,
            locale=row.locale,
            created_at=row.created_at,
            key=row.id,
        )

    @classmethod
    def visible(cls, row: UserRow | None, actor: Actor) -> Self | None:
        """The user, or None where there is none that `actor` may see."""
        if row is None or not (row.id == actor.user_id or actor.sees_everything):
            return None
        return cls.from_row(row)

    @strawberry.field(description="Whether the person is in any seller's team.")
    async def is_seller(self, info: Info) -> bool:
        return bool(await info.context.loaders.sellers.memberships_of_user.load(self.key))

    @strawberry.field(description="The sellers for whom the person acts, and as what; the oldest first.")
    async def sellers(self, info: Info) -> list[SellerMembership]:
        rows = await info.context.loaders.sellers.memberships_of_user.load(self.key)
        return [SellerMembership(role=row.role, seller_key=row.seller_id) for row in rows]


async def load_users(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Users for `node` and `nodes`, in the order asked; None where there is none to see."""
    rows = await info.context.loaders.accounts.user.load_many([key for key, _ in keys])
    return [
        None if number is not None else User.visible(row, info.context.actor)
        for row, (_, number) in zip(rows, keys, strict=True)
    ]


NODES = {"User": load_users}
