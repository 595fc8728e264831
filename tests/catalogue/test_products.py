"""Making and changing products."""

from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue import queries, service
from shop_graphql.catalogue.drafts import ProductChanges, VariantDraft
from shop_graphql.catalogue.rows import ProductRow
from shop_graphql.catalogue.states import ProductStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ErrorCode, ShopError
from tests.clock import NOON, FixedClock
from tests.factories.catalogue import a_draft, an_offer_draft, make_category, make_product, owner_of
from tests.factories.sellers import make_seller
from tests.factories.shelves import rows


async def read(db: Database, product_id: UUID) -> ProductRow:
    return (await queries.products_by_ids(db.reader, [product_id]))[product_id]


async def refused(
    db: Database, actor: Actor, product_id: UUID, expected: int | None = None, **changes: Any
) -> ShopError:
    with pytest.raises(ShopError) as refusal:
        await change(db, actor, product_id, expected, **changes)
    return refusal.value


async def change(db: Database, actor: Actor, product_id: UUID, expected: int | None = None, **changes: Any) -> None:
    async with db.write() as session:
        await service.product_update(
            session,
            actor=actor,
            product_id=product_id,
            changes=ProductChanges(**changes),
            expected_version=expected,
            now=NOON,
        )


async def test_create_makes_everything_that_was_drafted(db: Database) -> None:
    seller, category = await make_seller(db), await make_category(db)
    variants = (
        VariantDraft(option_values=("Red", "S"), gtin="4006381333931", offer=an_offer_draft(sku="R-S")),
        VariantDraft(option_values=("Red", "M"), title="Medium"),
    )

    made = await make_product(
        db,
        seller_id=seller,
        category_id=category,
        title=" Steel Kettle ",
        brand="Acmé",
        options=("Colour", "Size"),
        variants=variants,
        description="Boils water.",
    )

    product = await read(db, made.product_id)
    assert (product.title, product.description, product.slug) == ("Steel Kettle", "Boils water.", "steel-kettle")
    assert (product.status, product.published_at, product.is_public) == (ProductStatus.PUBLISHED, NOON, True)
    assert (product.owner_seller_id, product.category_id, product.version) == (seller, category, 1)
    assert product.brand_id is not None
    assert (await queries.brands_by_ids(db.reader, [product.brand_id]))[product.brand_id].slug == "acme"
    found = (await queries.variants_by_product_ids(db.reader, [product.id]))[product.id]
    assert [row.id for row in found] == made.variant_ids
    assert [(row.title, row.gtin) for row in found] == [("Red / S", "4006381333931"), ("Medium", None)]
    options = (await queries.options_by_product_ids(db.reader, [product.id]))[product.id]
    assert [row.name for row in options] == ["Colour", "Size"]
    assert [offer.variant_id for offer in made.offers] == [made.variant_ids[0]]


async def test_a_draft_is_not_public(db: Database) -> None:
    made = await make_product(db, publish=False)

    product = await read(db, made.product_id)

    assert (product.status, product.published_at, product.is_public) == (ProductStatus.DRAFT, None, False)


async def test_products_of_one_title_have_their_own_addresses(db: Database) -> None:
    made = [await make_product(db, title="Kettle") for _ in range(3)]

    slugs = [(await read(db, one.product_id)).slug for one in made]

    assert slugs[0] == "kettle"
    assert len(set(slugs)) == 3
    assert all(slug.startswith("kettle") for slug in slugs)


async def test_a_title_without_latin_letters_has_an_address(db: Database) -> None:
    made = await make_product(db, title="電気ケトル", brand="象印")

    product = await read(db, made.product_id)

    assert product.slug == "product"
    assert product.brand_id is not None


async def test_create_refuses_a_gtin_that_is_taken(db: Database) -> None:
    with_gtin = (VariantDraft(gtin="4006381333931"),)
    await make_product(db, variants=with_gtin)

    with pytest.raises(ShopError) as refusal:
        await make_product(db, variants=with_gtin)

    assert (refusal.value.code, refusal.value.field) == (ErrorCode.ALREADY_EXISTS, ("variants", "0", "gtin"))


async def test_create_refuses_a_sku_of_the_same_seller(db: Database) -> None:
    seller = await make_seller(db)
    await make_product(db, seller_id=seller, offers=[an_offer_draft(sku="K-1")])
    await make_product(db, offers=[an_offer_draft(sku="K-1")])

    with pytest.raises(ShopError) as refusal:
        await make_product(db, seller_id=seller, offers=[an_offer_draft(), an_offer_draft(sku="K-1")])

    assert (refusal.value.code, refusal.value.field) == (ErrorCode.ALREADY_EXISTS, ("variants", "1", "offer", "sku"))


async def test_create_refuses_an_unknown_category(db: Database) -> None:
    with pytest.raises(ShopError) as refusal:
        await make_product(db, category_id=UUID(int=5))

    assert (refusal.value.code, refusal.value.field) == (ErrorCode.NOT_FOUND, ("categoryId",))


@pytest.mark.parametrize(
    ("roles", "seller", "code"),
    [
        ({1: "fulfiller"}, 1, ErrorCode.NOT_ALLOWED),
        ({1: "owner"}, 2, ErrorCode.NOT_FOUND),
        ({1: "owner", 2: "owner"}, None, ErrorCode.INVALID),
        ({}, None, ErrorCode.INVALID),
    ],
)
async def test_create_is_for_owners_and_managers(
    db: Database, roles: dict[int, str], seller: int | None, code: ErrorCode
) -> None:
    sellers = {1: await make_seller(db), 2: await make_seller(db)}
    actor = Actor(user_id=UUID(int=7), seller_roles={sellers[number]: role for number, role in roles.items()})
    seller_id, draft = sellers[seller] if seller else None, a_draft(await make_category(db))

    async with db.write() as session:
        with pytest.raises(ShopError) as refusal:
            await service.product_create(session, actor=actor, seller_id=seller_id, draft=draft, now=NOON)

    assert (refusal.value.code, refusal.value.field) == (code, ("sellerId",))


async def test_a_manager_of_one_seller_need_not_name_it(db: Database) -> None:
    seller, draft = await make_seller(db), a_draft(await make_category(db))

    async with db.write() as session:
        made = await service.product_create(
            session, actor=owner_of(seller, "manager"), seller_id=None, draft=draft, now=NOON
        )

    assert (await read(db, made.product_id)).owner_seller_id == seller


async def test_many_are_created_at_once_each_with_an_address(db: Database) -> None:
    seller, category = await make_seller(db), await make_category(db)
    drafts = [a_draft(category, title="Kettle"), a_draft(category, title="Kettle"), a_draft(category, title="Pot")]

    async with db.write() as session:
        made = await service.products_create(session, actor=owner_of(seller), seller_id=seller, drafts=drafts, now=NOON)

    slugs = [(await read(db, one.product_id)).slug for one in made]
    assert slugs[0] == "kettle"
    assert slugs[1].startswith("kettle-")
    assert slugs[2] == "pot"


async def test_update_changes_only_what_is_given(db: Database, clock: FixedClock) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller, title="Kettle", brand="Acme", description="Old.")
    before = await read(db, made.product_id)

    await change(db, owner_of(seller), made.product_id, description="New.")

    after = await read(db, made.product_id)
    assert (after.title, after.description, after.brand_id) == ("Kettle", "New.", before.brand_id)
    assert (after.slug, after.version) == (before.slug, before.version + 1)


async def test_an_empty_brand_takes_it_away(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller, brand="Acme")

    await change(db, owner_of(seller), made.product_id, brand="")

    assert (await read(db, made.product_id)).brand_id is None


async def test_old_addresses_lead_to_the_product(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller, title="Kettle")

    await change(db, owner_of(seller), made.product_id, title="Steel kettle")
    moved = (await read(db, made.product_id)).slug
    await change(db, owner_of(seller), made.product_id, title="Kettle")

    assert moved == "steel-kettle"
    assert (await read(db, made.product_id)).slug == "kettle"
    assert await queries.product_id_by_slug(db.reader, "steel-kettle") == made.product_id


async def test_update_refuses_a_version_that_has_passed(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller)
    await change(db, owner_of(seller), made.product_id, 1, title="First")

    refusal = await refused(db, owner_of(seller), made.product_id, 1, title="Second")

    assert (refusal.code, refusal.field) == (ErrorCode.STATE_CONFLICT, ("expectedVersion",))
    assert (await read(db, made.product_id)).title == "First"


async def test_somebody_elses_product_looks_absent(db: Database) -> None:
    made, stranger = await make_product(db), owner_of(await make_seller(db))

    theirs = await refused(db, stranger, made.product_id, title="Mine")
    absent = await refused(db, stranger, UUID(int=5), title="Mine")

    assert (theirs.code, theirs.field, str(theirs)) == (absent.code, absent.field, str(absent))
    assert theirs.code is ErrorCode.NOT_FOUND


async def test_a_fulfiller_changes_nothing(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller)

    refusal = await refused(db, owner_of(seller, "fulfiller"), made.product_id, title="Mine")

    assert refusal.code is ErrorCode.NOT_ALLOWED


async def test_a_status_changes_only_along_its_paths(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller)
    await change(db, owner_of(seller), made.product_id, status=ProductStatus.ARCHIVED)

    refusal = await refused(db, owner_of(seller), made.product_id, status=ProductStatus.PUBLISHED)

    assert (refusal.code, refusal.field) == (ErrorCode.STATE_CONFLICT, ("changes", "status"))


async def test_a_product_shown_again_is_not_new(db: Database, clock: FixedClock) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller, now=clock.now())
    await change(db, owner_of(seller), made.product_id, status=ProductStatus.DRAFT)

    async with db.write() as session:
        await service.product_publish(
            session, actor=owner_of(seller), product_id=made.product_id, now=clock.advance(3600)
        )

    assert (await read(db, made.product_id)).published_at == NOON


async def test_changes_are_published_as_facts(db: Database) -> None:
    seller = await make_seller(db)
    made = await make_product(db, seller_id=seller)

    await change(db, owner_of(seller), made.product_id, status=ProductStatus.ARCHIVED)

    facts = await rows(
        db,
        "select payload->>'status' from outbox_messages where type = 'product.changed' and aggregate_id = :id"
        " order by seq",
        id=made.product_id,
    )
    assert facts == [("published",), ("archived",)]


async def test_of_two_twins_with_one_sku_one_wins(db: Database, run_together: Any) -> None:
    seller, category = await make_seller(db), await make_category(db)

    async def create() -> ErrorCode | None:
        try:
            await make_product(
                db, seller_id=seller, category_id=category, title="Twin", offers=[an_offer_draft(sku="TWIN")]
            )
        except ShopError as refusal:
            return refusal.code
        return None

    outcomes = await run_together([create() for _ in range(8)])

    assert sorted(outcomes, key=str) == [ErrorCode.ALREADY_EXISTS] * 7 + [None]
