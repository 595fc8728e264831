"""The places where a seller keeps stock. A seller who never made one gets its first on demand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.inventory.models import Location
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import NotFound
from shop_graphql.sellers.queries import sellers_by_ids

FIRST_NAME = "Main"


async def location_of(
    session: WriteSession, *, seller_id: UUID, location_id: UUID | None, field: tuple[str, ...], now: datetime
) -> UUID:
    """The place that is named, else the seller's first, which is made when there is none.

    Raises: NotFound for a place that is not this seller's.
    """
    mine = select(Location.id).where(Location.seller_id == seller_id)
    if location_id is not None:
        if await session.scalar(mine.where(Location.id == location_id)) is None:
            raise NotFound(field=field)
        return location_id
    first = mine.where(Location.is_active).order_by(Location.priority, Location.id).limit(1)
    return await session.scalar(first) or await _make_first(session, seller_id=seller_id, now=now)


async def _make_first(session: WriteSession, *, seller_id: UUID, now: datetime) -> UUID:
    seller = (await sellers_by_ids(session, [seller_id]))[seller_id]
    new = insert(Location).values(id=session.new_id(now), seller_id=seller_id, name=FIRST_NAME, country=seller.country)
    await session.execute(new.on_conflict_do_nothing(constraint="uq_locations_name"))
    mine = select(Location.id).where(Location.seller_id == seller_id, Location.name == FIRST_NAME)
    found = await session.scalar(mine)
    assert found is not None, "nothing deletes locations"
    return found
