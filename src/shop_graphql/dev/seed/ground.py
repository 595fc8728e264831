"""What all products of the large shop stand on: sellers and their places, categories, brands. Made by services."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from shop_graphql.accounts.models import User
from shop_graphql.catalogue import service as catalogue
from shop_graphql.catalogue.service.taxonomy import brand_named
from shop_graphql.dev.seed.goods import DEPARTMENTS, SELLERS, SHELVES
from shop_graphql.dev.seed.products import CURRENCY, Ground, Seat
from shop_graphql.inventory.models import Location
from shop_graphql.inventory.service.locations import location_of
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.sellers import service as sellers
from shop_graphql.sellers.queries import seller_by_slug

CATEGORIES = text("select slug, id from categories")
LOCATIONS = text("select id from locations where seller_id = :seller order by name desc")
OUTLET = "Outlet"


async def lay_ground(db: Database, *, now: datetime) -> Ground:
    """Sellers, categories and brands are there; those that were there before are used as they are."""
    async with db.write() as session:
        seats = [
            await _seat(session, *seller, has_outlet=place % 3 == 0, now=now) for place, seller in enumerate(SELLERS)
        ]
        categories = await _categories(session, now)
        names = sorted({brand for shelf in SHELVES for brand in shelf.brands})
        brands = {name: await brand_named(session, name=name, now=now) for name in names}
    return Ground(tuple(seats), categories, brands)


async def _seat(session: WriteSession, slug: str, name: str, country: str, *, has_outlet: bool, now: datetime) -> Seat:
    known = await seller_by_slug(session, slug)
    seller_id = known.id if known else await _seller(session, slug, name, country, now=now)
    first = await location_of(session, seller_id=seller_id, location_id=None, field=(), now=now)
    places = await session.fetch(LOCATIONS, {"seller": seller_id}, into=lambda key: key)
    if has_outlet and len(places) == 1:
        outlet = Location(id=session.new_id(now), seller_id=seller_id, name=OUTLET, country=country, priority=1)
        session.add(outlet)
        await session.flush()
        places.append(outlet.id)
    return Seat(seller_id, (first, *(place for place in places if place != first)))


async def _seller(session: WriteSession, slug: str, name: str, country: str, *, now: datetime) -> UUID:
    # An account without a password: nobody signs in with it.
    owner = User(id=session.new_id(now), email=f"owner@{slug}.example", display_name=name, created_at=now)
    session.add(owner)
    await session.flush()
    return await sellers.create_seller(
        session, owner_id=owner.id, name=name, slug=slug, country=country, currency=CURRENCY, now=now
    )


async def _categories(session: WriteSession, now: datetime) -> dict[str, UUID]:
    known = dict(await session.fetch(CATEGORIES, into=lambda slug, key: (slug, key)))
    wanted: list[tuple[str, str, str | None]] = [(slug, name, None) for slug, name in DEPARTMENTS.items()]
    wanted += [(shelf.slug, shelf.name, shelf.parent) for shelf in SHELVES]
    for slug, name, parent in wanted:
        if slug not in known:
            parent_id = known[parent] if parent else None
            known[slug] = await catalogue.category_create(session, name=name, slug=slug, parent_id=parent_id, now=now)
    return known
