"""Changing stock levels: for members of sellers' teams, each within its own."""

from typing import Annotated

import strawberry

from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.catalogue.types import Offer
from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload
from shop_graphql.api.ids import key_of
from shop_graphql.api.inventory.types import StockLevel
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.catalogue.queries import offers_by_ids
from shop_graphql.inventory.queries import levels_by_offer_ids
from shop_graphql.inventory.service.levels import LevelRequest, LevelSet, set_level_once
from shop_graphql.platform.db import Reader


@strawberry.input(description="How many units of an offer are on hand at a place.")
class InventorySetInput:
    offer_id: strawberry.ID = strawberry.field(description="Whose units.")
    location_id: strawberry.ID | None = strawberry.field(
        default=None, description="Where; the seller's first place when absent, made when it has none yet."
    )
    on_hand: int = strawberry.field(description="Units, 0 to 1,000,000; never fewer than are promised to orders.")
    expected_on_hand: int | None = strawberry.field(
        default=None, description="The level that was read; another one by now is refused with STOCK_CHANGED."
    )
    backorder_limit: int | None = strawberry.field(
        default=None,
        description="Units that may be sold beyond those on hand, 0 to 1,000,000, for offers whose policy allows it; "
        "stays as it is when absent.",
    )
    idempotency_key: str = strawberry.field(
        description="1 to 255 printable characters; a repetition with the same key changes nothing."
    )

    def to_request(self) -> LevelRequest:
        return LevelRequest(
            offer_id=key_of(self.offer_id, "Offer"),
            location_id=key_of(self.location_id, "Location") if self.location_id is not None else None,
            on_hand=self.on_hand,
            expected_on_hand=self.expected_on_hand,
            backorder_limit=self.backorder_limit,
        )


@strawberry.type(description="What came of `inventorySet`.")
class InventorySetPayload(Payload):
    offer: Offer | None = strawberry.field(default=None, description="The offer; null when refused.")
    level: StockLevel | None = strawberry.field(
        default=None, description="The level as it is now; null when refused. A replay shows today's, not its own."
    )
    replayed: bool = strawberry.field(default=False, description="True when this key had been used before.")


async def payload_of(info: Info, reader: Reader, done: LevelSet) -> InventorySetPayload:
    """The offer and its level as the transaction leaves them."""
    scene = scene_of(info)
    offer = (await offers_by_ids(reader, [done.offer_id]))[done.offer_id]
    levels = (await levels_by_offer_ids(reader, [done.offer_id], scene.at))[done.offer_id]
    level = next(row for row in levels if row.location_id == done.location_id)
    return InventorySetPayload(
        offer=Offer.from_row(offer, scene), level=StockLevel.from_row(level), replayed=done.replayed
    )


@strawberry.type
class InventoryMutations:
    @strawberry.mutation(
        description="Sets how many units of an offer are on hand at a place. For owners and managers of its seller. "
        "Refusals: INVALID, NOT_FOUND, NOT_ALLOWED, STOCK_CHANGED (with the level), STATE_CONFLICT (units are "
        "promised to orders), IDEMPOTENCY_KEY_MISMATCH, IDEMPOTENCY_IN_PROGRESS.",
        extensions=[Needs(Access.SELLER)],
    )
    async def inventory_set(
        self,
        info: Info,
        input: Annotated[InventorySetInput, strawberry.argument(description="Which level, and what it shall be.")],
    ) -> InventorySetPayload | None:
        request, key = input.to_request(), input.idempotency_key
        async with info.context.transaction() as tx:
            done = await set_level_once(tx.session, actor=info.context.actor, key=key, request=request, now=tx.now)
            return await payload_of(info, tx.session, done)
        return InventorySetPayload(user_errors=tx.errors)
