"""What changes the catalogue and a copy of it outside the database."""

from uuid import UUID

from shop_graphql.catalogue import service
from shop_graphql.catalogue.queries.taxonomy import TREE_KEY
from shop_graphql.platform.cache import Cache
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database


async def add_category(
    db: Database,
    cache: Cache,
    clock: Clock,
    *,
    name: str,
    slug: str,
    parent_id: UUID | None = None,
    sort_order: int = 0,
) -> UUID:
    """A category stands in the tree that everybody sees from now on.

    Safe to repeat: a second call is refused for its slug, and the cached tree is dropped either way.
    Raises: CategorySlugTaken, Invalid, NotFound for an unknown parent.
    """
    try:
        async with db.write() as session:
            return await service.category_create(
                session, name=name, slug=slug, parent_id=parent_id, sort_order=sort_order, now=clock.now()
            )
    finally:
        await cache.forget(TREE_KEY)
