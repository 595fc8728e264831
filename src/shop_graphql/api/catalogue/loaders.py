"""The catalogue in batches. What has a price is keyed by (id, scene)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from aiodataloader import DataLoader

from shop_graphql.api.catalogue.scene import Scene
from shop_graphql.api.loading import many, one
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.catalogue.queries import CategoryTree
from shop_graphql.catalogue.queries.taxonomy import TREE_KEY
from shop_graphql.platform.cache import Cache
from shop_graphql.platform.db import Reader

V = TypeVar("V")
InScene: TypeAlias = tuple[UUID, Scene]
CACHED, FRESH = "cached", "fresh"


def priced(
    fetch: Callable[..., Awaitable[Mapping[tuple[UUID, str], V]]], *, is_timed: bool = False
) -> Callable[[Reader, list[InScene]], Awaitable[Mapping[InScene, V]]]:
    """A batch query by (id, currency) as one by (id, scene); a timed one is given the batch's latest instant."""

    async def load(reader: Reader, wanted: list[InScene]) -> Mapping[InScene, V]:
        keys = list({(key, scene.currency) for key, scene in wanted})
        at = [max(scene.at for _, scene in wanted)] if is_timed else []
        found = await fetch(reader, keys, *at)
        return {(key, scene): found[key, scene.currency] for key, scene in wanted if (key, scene.currency) in found}

    return load


class CatalogueLoaders:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.product = one(reader, catalogue.products_by_ids)
        self.variant = one(reader, catalogue.variants_by_ids)
        self.offer = one(reader, catalogue.offers_by_ids)
        self.brand = one(reader, catalogue.brands_by_ids)
        self.rating_of_product = one(reader, catalogue.ratings_by_product_ids)
        self.variants_of_product = many(reader, catalogue.variants_by_product_ids)
        self.options_of_product = many(reader, catalogue.options_by_product_ids)
        self.media_of_product = many(reader, catalogue.media_by_product_ids)
        self.price = one(reader, priced(catalogue.prices_now, is_timed=True))
        self.price_range = one(reader, priced(catalogue.price_ranges))
        self.featured_offer = one(reader, priced(catalogue.featured_offers))
        self.featured_offer_of_product = one(reader, priced(catalogue.featured_offers_of_products))
        self.offers_of_variant = many(reader, priced(catalogue.offers_of_variants, is_timed=True))
        self._trees: DataLoader[str, CategoryTree] | None = None

    async def tree(self, cache: Cache, version: str = CACHED) -> CategoryTree:
        """All categories, read once per request; FRESH ones come past the cache, for a category it does not know."""
        if self._trees is None:

            async def load(versions: list[str]) -> list[CategoryTree]:
                if FRESH in versions:
                    await cache.forget(TREE_KEY)
                tree = await catalogue.cached_tree(self._reader, cache)
                return [tree for _ in versions]

            self._trees = DataLoader(load)
        tree: Any = await self._trees.load(version)
        assert isinstance(tree, CategoryTree)
        return tree
