"""Stock in batches, keyed by (id, scene): the scene's instant says which holds have run out."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from shop_graphql.api.catalogue.scene import Scene
from shop_graphql.api.loading import many, one
from shop_graphql.inventory import queries as inventory
from shop_graphql.platform.db import Reader

V = TypeVar("V")
InScene = tuple[UUID, Scene]


def timed(
    fetch: Callable[[Reader, list[UUID], datetime], Awaitable[Mapping[UUID, V]]],
) -> Callable[[Reader, list[InScene]], Awaitable[Mapping[InScene, V]]]:
    """A batch query by id as of an instant as one by (id, scene), asked for the latest instant of the batch."""

    async def load(reader: Reader, wanted: list[InScene]) -> Mapping[InScene, V]:
        found = await fetch(reader, list({key for key, _ in wanted}), max(scene.at for _, scene in wanted))
        return {(key, scene): found[key] for key, scene in wanted if key in found}

    return load


class InventoryLoaders:
    def __init__(self, reader: Reader) -> None:
        self.stock_of_offer = one(reader, timed(inventory.stock_by_offer_ids))
        self.stock_of_variant = many(reader, timed(inventory.stock_by_variant_ids))
        self.levels_of_offer = many(reader, timed(inventory.levels_by_offer_ids))
        self.location = one(reader, inventory.locations_by_ids)
