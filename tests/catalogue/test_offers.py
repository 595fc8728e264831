"""Offers: making and changing them, their prices, and what carts are told about them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue import queries, service
from shop_graphql.catalogue.drafts import OfferChanges
from shop_graphql.catalogue.rows import SaleTerms
from shop_graphql.catalogue.states import OfferCondition, OfferStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ErrorCode, ShopError
from tests.clock import NOON, FixedClock
from tests.factories.catalogue import an_offer_draft, join_offer, make_offer, make_product, owner_of
from tests.factories.sellers import make_seller
from tests.factories.shelves import rows, run


async def terms(db: Database, offer_id: UUID, *, currency: str = "EUR", now: datetime = NOON) -> SaleTerms:
    return (await queries.sale_terms(db.reader, [offer_id], currency=currency, now=now))[offer_id]


async def change(db: Database, actor: Actor, offer_id: UUID, now: datetime = NOON, **changes: Any) -> None:
    async with db.write() as session:
        await service.offer_update(session, actor=actor, offer_id=offer_id, changes=OfferChanges(**changes), now=now)


async def refused(db: Database, actor: Actor, variant_id: UUID, **values: Any) -> ShopError:
    async with db.write() as session:
        with pytest.raises(ShopError) as refusal:
            await service.offer_create(
                session, actor=actor, seller_id=None, variant_id=variant_id, draft=an_offer_draft(**values), now=NOON
            )
    return refusal.value


async def test_another_seller_joins_a_product(db: Database) -> None:
    first = await make_offer(db)

    second = await join_offer(db, variant_id=first.variant_id, price_minor=900)

    found = await queries.offers_of_variants(db.reader, [(first.variant_id, "EUR")], NOON)
    assert [row.id for row in found[first.variant_id, "EUR"]] == [second.offer_id, first.offer_id]
    assert all(row.is_public for row in found[first.variant_id, "EUR"])


async def test_one_condition_is_offered_once_by_a_seller(db: Database) -> None:
    seller = await make_seller(db)
    there = await make_offer(db, seller_id=seller)

    refusal = await refused(db, owner_of(seller), there.variant_id)
    await join_offer(db, variant_id=there.variant_id, seller_id=seller, condition=OfferCondition.USED)

    assert (refusal.code, refusal.field) == (ErrorCode.ALREADY_EXISTS, ("condition",))


async def test_a_sku_is_unique_for_its_seller(db: Database) -> None:
    seller, there = await make_seller(db), await make_offer(db)
    await make_offer(db, seller_id=seller, sku="K-1")

    refusal = await refused(db, owner_of(seller), there.variant_id, sku="K-1")

    assert (refusal.code, refusal.field) == (ErrorCode.ALREADY_EXISTS, ("sku",))


async def test_a_draft_of_somebody_else_cannot_be_joined(db: Database) -> None:
    draft = await make_product(db, publish=False)
    stranger = owner_of(await make_seller(db))

    theirs = await refused(db, stranger, draft.variant_ids[0])
    absent = await refused(db, stranger, UUID(int=5))

    assert (theirs.code, theirs.field) == (absent.code, absent.field) == (ErrorCode.NOT_FOUND, ("variantId",))


async def test_a_fulfiller_offers_nothing(db: Database) -> None:
    there = await make_offer(db)

    refusal = await refused(db, owner_of(await make_seller(db), "fulfiller"), there.variant_id)

    assert refusal.code is ErrorCode.NOT_ALLOWED


async def test_sale_terms_hold_all_that_a_cart_needs(db: Database) -> None:
    made = await make_offer(db, title="Kettle", sku="K-1", price_minor=1250, max_per_order=3, handling_days=4)

    assert await terms(db, made.offer_id) == SaleTerms(
        offer_id=made.offer_id,
        variant_id=made.variant_id,
        product_id=made.product_id,
        seller_id=made.seller_id,
        sku="K-1",
        product_title="Kettle",
        variant_title="",
        unit_price_minor=1250,
        is_sellable=True,
        max_per_order=3,
        handling_days=4,
    )


async def test_prices_are_never_converted(db: Database) -> None:
    made = await make_offer(db, price_minor=1250, currency="EUR")

    found = await terms(db, made.offer_id, currency="USD")

    assert (found.unit_price_minor, found.is_sellable) == (None, True)


@pytest.mark.parametrize(
    "statement",
    [
        "update products set status = 'draft'",
        "update variants set status = 'archived'",
        "update offers set status = 'paused'",
        "update sellers set status = 'suspended'",
    ],
)
async def test_what_is_not_public_is_not_sellable(db: Database, statement: str) -> None:
    made = await make_offer(db)

    await run(db, statement)

    assert (await terms(db, made.offer_id)).is_sellable is False


async def test_unknown_offers_have_no_terms(db: Database) -> None:
    assert await queries.sale_terms(db.reader, [UUID(int=5)], currency="EUR", now=NOON) == {}


async def test_a_new_price_holds_from_its_instant_on(db: Database, clock: FixedClock) -> None:
    made = await make_offer(db, price_minor=1000)
    actor, later = owner_of(made.seller_id), clock.advance(60)

    async with db.write() as session:
        await service.set_price(
            session, actor=actor, offer_id=made.offer_id, price_minor=1100, currency="EUR", now=later
        )

    assert (await terms(db, made.offer_id, now=NOON)).unit_price_minor == 1000
    assert (await terms(db, made.offer_id, now=later)).unit_price_minor == 1100
    assert (await terms(db, made.offer_id, now=clock.advance(10**6))).unit_price_minor == 1100


async def test_a_price_set_twice_in_one_instant_is_the_last(db: Database, clock: FixedClock) -> None:
    made, later = await make_offer(db), clock.advance(60)

    for minor in (1100, 1200):
        await change(db, owner_of(made.seller_id), made.offer_id, later, price_minor=minor, currency="EUR")

    assert (await terms(db, made.offer_id, now=later)).unit_price_minor == 1200
    assert await rows(db, "select count(*) from offer_prices") == [(2,)]


async def test_a_price_in_another_currency_stands_beside(db: Database) -> None:
    made = await make_offer(db, price_minor=1000)

    await change(db, owner_of(made.seller_id), made.offer_id, price_minor=1300, currency="USD")

    assert (await terms(db, made.offer_id)).unit_price_minor == 1000
    assert (await terms(db, made.offer_id, currency="USD")).unit_price_minor == 1300


async def test_a_sale_price_beats_the_list_price(db: Database) -> None:
    made = await make_offer(db, price_minor=1000)
    await run(
        db,
        "insert into offer_prices (id, offer_id, currency, kind, price_minor, valid) select :id, :offer, 'EUR', 'sale',"
        " 800, tstzrange(cast(:start as timestamptz), cast(:start as timestamptz) + interval '1 hour')",
        id=UUID(int=9),
        offer=made.offer_id,
        start=NOON,
    )

    price = (await queries.prices_now(db.reader, [(made.offer_id, "EUR")], NOON))[made.offer_id, "EUR"]

    assert (price.price_minor, price.list_minor) == (800, 1000)
    assert (await terms(db, made.offer_id)).unit_price_minor == 800


async def test_an_update_changes_only_what_is_given(db: Database) -> None:
    made = await make_offer(db, handling_days=4, max_per_order=3)

    await change(db, owner_of(made.seller_id), made.offer_id, handling_days=1)

    row = (await queries.offers_by_ids(db.reader, [made.offer_id]))[made.offer_id]
    assert (row.handling_days, row.max_per_order, row.status, row.version) == (1, 3, OfferStatus.ACTIVE, 2)
    assert (await terms(db, made.offer_id)).unit_price_minor == 1000


async def test_a_paused_offer_is_not_sold(db: Database) -> None:
    made = await make_offer(db)

    await change(db, owner_of(made.seller_id), made.offer_id, is_active=False)
    paused = await terms(db, made.offer_id)
    await change(db, owner_of(made.seller_id), made.offer_id, is_active=True)

    assert (paused.is_sellable, (await terms(db, made.offer_id)).is_sellable) == (False, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price_minor": 0, "currency": "EUR"}, "price"),
        ({"handling_days": 61}, "handlingDays"),
        ({"max_per_order": 0}, "maxPerOrder"),
    ],
)
async def test_an_update_is_checked(db: Database, changes: dict[str, Any], field: str) -> None:
    made = await make_offer(db)

    with pytest.raises(ShopError) as refusal:
        await change(db, owner_of(made.seller_id), made.offer_id, **changes)

    assert (refusal.value.code, refusal.value.field) == (ErrorCode.INVALID, ("changes", field))


async def test_somebody_elses_offer_looks_absent(db: Database) -> None:
    made, stranger = await make_offer(db), owner_of(await make_seller(db))

    for offer_id in (made.offer_id, UUID(int=5)):
        with pytest.raises(ShopError) as refusal:
            await change(db, stranger, offer_id, handling_days=1)
        assert (refusal.value.code, refusal.value.field) == (ErrorCode.NOT_FOUND, ("id",))


async def test_many_price_changes_at_once_leave_one_price(db: Database, clock: FixedClock, run_together: Any) -> None:
    made, later = await make_offer(db), clock.advance(60)

    await run_together(
        [
            change(db, owner_of(made.seller_id), made.offer_id, later, price_minor=2000 + number, currency="EUR")
            for number in range(12)
        ]
    )

    current = await rows(db, "select price_minor from offer_prices where valid @> cast(:now as timestamptz)", now=later)
    assert len(current) == 1
    assert current == await rows(db, "select price_minor from product_listings")


async def test_sellers_changing_at_once_feature_the_cheapest(
    db: Database, clock: FixedClock, run_together: Any
) -> None:
    made = await make_offer(db, price_minor=5000)
    offers = [made, *[await join_offer(db, variant_id=made.variant_id, price_minor=5000) for _ in range(5)]]
    later = clock.advance(60)

    await run_together(
        [
            change(db, owner_of(offer.seller_id), offer.offer_id, later, price_minor=3000 - number, currency="EUR")
            for number, offer in enumerate(offers)
        ]
    )

    assert await rows(db, "select offer_id, price_minor from featured_offers") == [(offers[-1].offer_id, 2995)]
    assert await rows(db, "select price_minor from product_listings") == [(2995,)]
