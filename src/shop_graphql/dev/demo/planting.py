"""Filling a shop. Each step leaves out what is there already, so an interrupted start is finished by the next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from shop_graphql.accounts import queries as accounts
from shop_graphql.accounts import service as account_service
from shop_graphql.accounts.models import User
from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.states import StaffRole
from shop_graphql.catalogue import service as catalogue_service
from shop_graphql.dev.demo.catalogue import catalogue
from shop_graphql.dev.demo.ordering import missing_orders, plant_order
from shop_graphql.dev.demo.shapes import Catalogue, Person
from shop_graphql.dev.demo.shelving import CURRENCY, Seats, plant_goods, plant_offers, planted
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Database
from shop_graphql.sellers import queries as sellers
from shop_graphql.sellers import service as seller_service
from shop_graphql.sellers.states import MemberRole

SOMEBODY_ELSE = text("select id from users where not is_guest and email <> all(:emails) limit 1")
CATEGORIES = text("select slug, id from categories")
USERS = text("select email, id from users where not is_guest and email = any(:emails)")
ADD_RESIDENT = insert(User).on_conflict_do_nothing()

OPENED = timedelta(days=1100)
"""How long ago sellers and reviewers came, so that nothing is older than its owner."""
BATCH = 100
"""Products per transaction."""

Progress = Callable[[int, int], None]


async def plant(db: Database, *, now: datetime, progress: Progress | None = None) -> str:
    """The demo shop is there: people, sellers, goods with reviews, and orders. Says in one line what was done."""
    demo = catalogue()
    people = await _users(db, [person.email for person in demo.people])
    if len(await planted(db, demo.skus)) == len(demo.skus) and not await missing_orders(db, demo, people):
        return "The demo shop is there already."
    if await _has_people_of_its_own(db, demo):
        return "This shop has people of its own: no demo data was added."
    people = await _people(db, demo.people, now)
    residents = await _residents(db, demo, now - OPENED)
    sellers_there = await _sellers(db, demo, people | residents, now - OPENED)
    seats = Seats(sellers_there, await _categories(db, demo, now - OPENED), list(residents.values()))
    await _goods(db, demo, seats, now, progress)
    for number, order in await missing_orders(db, demo, people):
        await plant_order(db, number, order, buyer_id=people[order.buyer], seats=seats, now=now)
    return f"Planted {len(demo.products)} products of {len(demo.sellers)} sellers and {len(demo.people)} people."


async def _goods(db: Database, demo: Catalogue, seats: Seats, now: datetime, progress: Progress | None) -> None:
    there = await planted(db, demo.skus)
    # By seller, since each seller's goods of a batch are launched together.
    steps = sorted((product for product in demo.products if product.sku not in there), key=lambda one: one.seller)
    for start in range(0, len(steps), BATCH):
        batch = steps[start : start + BATCH]
        await plant_goods(db, batch, demo.offers, seats, now)
        if progress:
            progress(start + len(batch), len(steps))
    # What other sellers offer of goods that were there before.
    there = await planted(db, demo.skus)
    if missing := [offer for offer in demo.offers if offer.sku not in there]:
        await plant_offers(db, missing, there, seats, now)


async def _has_people_of_its_own(db: Database, demo: Catalogue) -> bool:
    """Whether this is somebody's real shop: accounts with passwords that everybody knows do not belong into it."""
    emails = [*(one.email for one in demo.people), *(one.email for one in demo.residents)]
    return bool(await db.reader.fetch(SOMEBODY_ELSE, {"emails": emails}, into=lambda key: key))


async def _users(db: Database, emails: Sequence[str]) -> dict[str, UUID]:
    return dict(await db.reader.fetch(USERS, {"emails": emails}, into=lambda email, key: (email, key)))


async def _residents(db: Database, demo: Catalogue, now: datetime) -> dict[str, UUID]:
    """Accounts that nobody can log in to; made without the fact, since nobody is to be welcomed."""
    names = {one.email: one.name for one in demo.residents}
    async with db.write() as session:
        rows = [
            {"id": session.new_id(now), "email": email, "display_name": name, "created_at": now}
            for email, name in names.items()
        ]
        await session.execute(ADD_RESIDENT, rows)
    return await _users(db, list(names))


async def _people(db: Database, people: list[Person], now: datetime) -> dict[str, UUID]:
    hasher = PasswordHasher()
    try:
        return {person.email: await _person(db, hasher, person, now) for person in people}
    finally:
        hasher.close()


async def _person(db: Database, hasher: PasswordHasher, person: Person, now: datetime) -> UUID:
    known = await accounts.credentials_by_email(db.reader, person.email)
    if known is not None:
        return known.user_id
    password_hash = await hasher.hash(person.password)
    async with db.write() as session:
        user = await account_service.register(
            session,
            email=person.email,
            password_hash=password_hash,
            display_name=person.name,
            locale=None,
            now=now,
        )
        if person.staff:
            await account_service.grant_role(
                session, actor=SYSTEM, user_id=user.id, role=StaffRole(person.staff), now=now
            )
    return user.id


async def _sellers(
    db: Database, demo: Catalogue, owners: dict[str, UUID], now: datetime
) -> dict[str, tuple[Actor, UUID]]:
    seats = {}
    for seller in demo.sellers:
        owner_id = owners[seller.owner]
        known = await sellers.seller_by_slug(db.reader, seller.slug)
        if known is not None:
            seller_id = known.id
        else:
            async with db.write() as session:
                seller_id = await seller_service.create_seller(
                    session,
                    owner_id=owner_id,
                    name=seller.name,
                    slug=seller.slug,
                    country=seller.country,
                    currency=CURRENCY,
                    about=seller.about,
                    now=now,
                )
        seats[seller.slug] = (Actor(user_id=owner_id, seller_roles={seller_id: MemberRole.OWNER}), seller_id)
    return seats


async def _categories(db: Database, demo: Catalogue, now: datetime) -> dict[str, UUID]:
    known = dict(await db.reader.fetch(CATEGORIES, into=lambda slug, key: (slug, key)))
    for place, category in enumerate(demo.categories):
        if category.slug not in known:
            async with db.write() as session:
                known[category.slug] = await catalogue_service.category_create(
                    session,
                    name=category.name,
                    slug=category.slug,
                    parent_id=known[category.parent] if category.parent else None,
                    sort_order=place,
                    now=now,
                )
    return known
