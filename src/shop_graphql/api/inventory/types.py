"""Stock as clients see it: coarse for shoppers, exact for the seller whose it is."""

from typing import Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.types import ProductVariant
from shop_graphql.api.context import Info
from shop_graphql.api.errors import UserError, basics, to_user_error
from shop_graphql.api.ids import global_id
from shop_graphql.api.inventory.enums import Availability
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import CountryCode
from shop_graphql.catalogue.access import belongs_to
from shop_graphql.inventory.availability import availability_of, best_of, shown
from shop_graphql.inventory.errors import StockHasChanged
from shop_graphql.inventory.rows import LevelRow, LocationRow, OfferStock


@strawberry.type(description="A refusal because the stock level is not what the caller believed.")
class StockChangedError(UserError):
    on_hand: int = strawberry.field(description="How many units are on hand.")


@to_user_error.register
def _(error: StockHasChanged) -> UserError:
    return StockChangedError(**basics(error), on_hand=error.on_hand)


@strawberry.type(description="How much there is of one variant, whoever sells it.")
class VariantInventory:
    variant: ProductVariant = strawberry.field(description="What is counted.")
    availability: Availability = strawberry.field(description="The best of all offers on sale.")
    available_quantity: int = strawberry.field(
        description="Units that can be bought over all offers on sale; more than 10 are shown as 10."
    )

    @classmethod
    def of(cls, variant: ProductVariant, stock: list[OfferStock]) -> Self:
        return cls(
            variant=variant,
            availability=best_of(availability_of(one) for one in stock),
            available_quantity=shown(sum(one.available for one in stock)),
        )


@strawberry.type(description="A place where a seller keeps stock. Its seller's and staff's only.")
class Location(Node):
    name: str = strawberry.field(description="The seller's name for it.")
    country: CountryCode = strawberry.field(description="Where it is.")
    is_active: bool = strawberry.field(description="Whether parcels leave from it.")

    @classmethod
    def from_row(cls, row: LocationRow) -> Self:
        return cls(
            id=global_id("Location", row.id),
            name=row.name,
            country=CountryCode(row.country),
            is_active=row.is_active,
        )


@strawberry.type(description="An offer's units at one place. Its seller's and staff's only.")
class StockLevel:
    on_hand: int = strawberry.field(description="Units that lie there; falls when a parcel leaves.")
    reserved: int = strawberry.field(description="Units promised to orders, paid or waiting for payment.")
    available: int = strawberry.field(description="Units that can be sold now, allowed backorders included.")
    location_key: strawberry.Private[UUID]

    @classmethod
    def from_row(cls, row: LevelRow) -> Self:
        return cls(on_hand=row.on_hand, reserved=row.reserved, available=row.available, location_key=row.location_id)

    @strawberry.field(description="The place.")
    async def location(self, info: Info) -> Location:
        row = await info.context.loaders.inventory.location.load(self.location_key)
        assert row is not None, "stock items refer to locations by foreign key"
        return Location.from_row(row)


async def load_locations(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Locations for `node` and `nodes`, in the order asked; None where there is none of the caller's."""
    rows = await info.context.loaders.inventory.location.load_many([key for key, _ in keys])
    return [
        Location.from_row(row) if row and number is None and belongs_to(info.context.actor, row.seller_id) else None
        for row, (_, number) in zip(rows, keys, strict=True)
    ]


NODES = {"Location": load_locations}
