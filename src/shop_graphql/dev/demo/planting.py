"""Filling a shop. Each step leaves out what is there already, so an interrupted start is finished by the next."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec
from sqlalchemy import text

from shop_graphql.accounts import queries as accounts
from shop_graphql.accounts import service as account_service
from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.states import StaffRole
from shop_graphql.catalogue import service as catalogue_service
from shop_graphql.catalogue.drafts import OfferDraft, ProductDraft, VariantDraft
from shop_graphql.dev.demo.catalogue import Catalogue, Offer, Person, Product, catalogue
from shop_graphql.inventory.service.launch import launch_offer, launch_product
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.money import to_minor
from shop_graphql.sellers import queries as sellers
from shop_graphql.sellers import service as seller_service
from shop_graphql.sellers.states import MemberRole

CURRENCY = "EUR"

VARIANT_OF_SKU = text("select sku, variant_id from offers where sku = any(:skus)")
SOMEBODY_ELSE = text("select id from users where not is_guest and email <> all(:emails) limit 1")
CATEGORIES = text("select slug, id from categories")

Progress = Callable[[int, int], None]


class SkuRow(msgspec.Struct, frozen=True):
    sku: str
    variant_id: UUID


class Seats(msgspec.Struct, frozen=True):
    """Who acts for which seller, and what categories are called inside."""

    sellers: dict[str, tuple[Actor, UUID]]
    categories: dict[str, UUID]


async def plant(db: Database, *, now: datetime, progress: Progress | None = None) -> str:
    """The demo shop is there. Says in one line what was done."""
    demo = catalogue()
    if len(await _planted(db, demo)) == len(demo.skus):
        return "The demo shop is there already."
    if await _has_people_of_its_own(db, demo):
        return "This shop has people of its own: no demo data was added."
    owners = await _people(db, demo.people, now)
    seats = Seats(await _sellers(db, demo, owners, now), await _categories(db, demo, now))
    there = await _planted(db, demo)
    steps = [product for product in demo.products if product.variants[0].sku not in there]
    for number, product in enumerate(steps, start=1):
        await _product(db, product, seats, now)
        if progress:
            progress(number, len(steps))
    there = await _planted(db, demo)
    for offer in demo.offers:
        if offer.sku not in there:
            await _offer(db, offer, there[offer.of], seats, now)
    return f"Planted {len(demo.products)} products of {len(demo.sellers)} sellers and {len(demo.people)} people."


async def _has_people_of_its_own(db: Database, demo: Catalogue) -> bool:
    """Whether this is somebody's real shop: accounts with passwords that everybody knows do not belong into it."""
    emails = [person.email for person in demo.people]
    return bool(await db.reader.fetch(SOMEBODY_ELSE, {"emails": emails}, into=lambda key: key))


async def _planted(db: Database, demo: Catalogue) -> dict[str, UUID]:
    rows = await db.reader.fetch(VARIANT_OF_SKU, {"skus": demo.skus}, into=SkuRow)
    return {row.sku: row.variant_id for row in rows}


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


async def _product(db: Database, product: Product, seats: Seats, now: datetime) -> None:
    actor, seller_id = seats.sellers[product.seller]
    variants = tuple(
        VariantDraft(
            option_values=(variant.name,),
            gtin=variant.gtin,
            offer=OfferDraft(
                sku=variant.sku,
                price_minor=_cents(variant.price),
                currency=CURRENCY,
                quantity=variant.stock,
            ),
        )
        for variant in product.variants
    )
    draft = ProductDraft(
        title=product.title,
        description=product.description,
        brand=product.brand,
        category_id=seats.categories[product.category],
        options=(product.option,),
        variants=variants,
    )
    async with db.write() as session:
        await launch_product(session, actor=actor, seller_id=seller_id, draft=draft, now=now)


async def _offer(db: Database, offer: Offer, variant_id: UUID, seats: Seats, now: datetime) -> None:
    actor, seller_id = seats.sellers[offer.seller]
    draft = OfferDraft(
        sku=offer.sku,
        price_minor=_cents(offer.price),
        currency=CURRENCY,
        condition=offer.condition,
        quantity=offer.stock,
    )
    async with db.write() as session:
        await launch_offer(session, actor=actor, seller_id=seller_id, variant_id=variant_id, draft=draft, now=now)


def _cents(price: Decimal) -> int:
    minor = to_minor(price, CURRENCY)
    assert minor is not None, "the catalogue's prices are euros and cents"
    return minor
