"""Categories and brands. Whoever changes a category drops the cached tree afterwards (`catalogue.flows`)."""

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.catalogue.codes import slug_of
from shop_graphql.catalogue.drafts import check_name
from shop_graphql.catalogue.errors import CategorySlugTaken
from shop_graphql.catalogue.models import Brand, Category
from shop_graphql.catalogue.service.refusing import refusing
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import NotFound


async def category_create(
    session: WriteSession, *, name: str, slug: str, parent_id: UUID | None, now: datetime, sort_order: int = 0
) -> UUID:
    """A category stands below `parent_id`, or at the top level.

    Raises: CategorySlugTaken, Invalid, NotFound for an unknown parent.
    """
    check_name(name, ("name",))
    if parent_id is not None:
        await check_category(session, category_id=parent_id, field=("parentId",))
    category = Category(id=session.new_id(now), parent_id=parent_id, name=name, slug=slug, sort_order=sort_order)
    session.add(category)
    with refusing({"uq_categories_slug": CategorySlugTaken(field=("slug",))}):
        await session.flush()
    return category.id


async def check_category(session: WriteSession, *, category_id: UUID, field: tuple[str, ...]) -> None:
    """The category is there.

    Raises: NotFound.
    """
    if await session.scalar(select(Category.id).where(Category.id == category_id)) is None:
        raise NotFound(field=field)


async def brand_named(session: WriteSession, *, name: str, now: datetime) -> UUID:
    """The brand of this name; names that differ in case, accents or punctuation are one brand."""
    name = name.strip()
    # A name without one Latin letter has no readable slug, but still one of its own.
    slug = slug_of(name) or hashlib.sha256(name.casefold().encode()).hexdigest()[:16]
    new = insert(Brand).values(id=session.new_id(now), name=name, slug=slug)
    await session.execute(new.on_conflict_do_nothing(index_elements=["slug"]))
    brand_id = await session.scalar(select(Brand.id).where(Brand.slug == slug))
    assert brand_id is not None, "nothing deletes brands"
    return brand_id
