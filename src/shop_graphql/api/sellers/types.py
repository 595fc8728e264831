"""Sellers as clients see them: the public profile, and who acts for whom."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.enums import describe
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import CountryCode
from shop_graphql.platform.auth import Actor
from shop_graphql.sellers.permissions import may_see
from shop_graphql.sellers.rows import SellerRow
from shop_graphql.sellers.states import MemberRole

describe(
    MemberRole,
    "What a member of a seller's team may do.",
    {
        MemberRole.OWNER: "Everything, also who else is in the team and where money is paid out.",
        MemberRole.MANAGER: "Products, offers, prices, stock and orders.",
        MemberRole.FULFILLER: "Orders and their parcels only.",
    },
    name="SellerRole",
)


@strawberry.type(description="What buyers think of a seller.")
class SellerRating:
    average: float = strawberry.field(description="Stars, 1 to 5, rounded to two digits.")
    count: int = strawberry.field(description="How many ratings this is the average of; at least 1.")


@strawberry.type(description="A merchant on the marketplace. Visible to everyone while in business.")
class Seller(Node):
    slug: str = strawberry.field(description="The seller's name in URLs.")
    name: str = strawberry.field(description="What the seller calls itself.")
    about: str | None = strawberry.field(description="The seller's own words, plain text; null if it wrote none.")
    country: CountryCode = strawberry.field(description="Where the seller is established.")
    ships_in_days: int = strawberry.field(description="Working days in which its parcels usually leave.")
    rating: SellerRating | None = strawberry.field(description="Null until the first rating.")
    created_at: datetime = strawberry.field(description="When the seller joined.")
    key: strawberry.Private[UUID]

    @classmethod
    def from_row(cls, row: SellerRow) -> Self:
        return cls(
            id=global_id("Seller", row.id),
            slug=row.slug,
            name=row.name,
            about=row.about,
            country=CountryCode(row.country),
            ships_in_days=row.ships_in_days,
            rating=rating_of(row),
            created_at=row.created_at,
            key=row.id,
        )

    @classmethod
    def visible(cls, row: SellerRow | None, actor: Actor) -> Self | None:
        """The seller, or None where there is none that `actor` may see."""
        if row is None or not may_see(actor, seller_id=row.id, status=row.status):
            return None
        return cls.from_row(row)


def rating_of(row: SellerRow) -> SellerRating | None:
    """None for a seller that nobody has rated."""
    if row.rating_count == 0:
        return None
    return SellerRating(average=round(row.rating_sum / row.rating_count, 2), count=row.rating_count)


@strawberry.type(description="A place in a seller's team.")
class SellerMembership:
    role: MemberRole = strawberry.field(description="What the member may do there.")
    seller_key: strawberry.Private[UUID]

    @strawberry.field(description="The seller; also one that is not in business yet or any more.")
    async def seller(self, info: Info) -> Seller:
        row = await info.context.loaders.sellers.seller.load(self.seller_key)
        assert row is not None, "seller_members.seller_id is a foreign key"
        return Seller.from_row(row)


async def load_sellers(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Sellers for `node` and `nodes`, in the order asked; None where there is none to see."""
    rows = await info.context.loaders.sellers.seller.load_many([key for key, _ in keys])
    return [
        None if number is not None else Seller.visible(row, info.context.actor)
        for row, (_, number) in zip(rows, keys, strict=True)
    ]


NODES = {"Seller": load_sellers}
