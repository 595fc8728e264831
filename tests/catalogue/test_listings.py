"""Featured offers, and pages of products by filters and sorts."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue import queries, service
from shop_graphql.catalogue.drafts import ProductChanges
from shop_graphql.catalogue.queries import Filters, Place, ProductSort
from shop_graphql.catalogue.rows import ListedProduct
from shop_graphql.catalogue.search import taken_apart
from shop_graphql.catalogue.states import ProductStatus
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.catalogue import an_offer_draft, join_offer, make_category, make_offer, make_product, owner_of
from tests.factories.sellers import make_seller
from tests.factories.shelves import rows, run

ANYTHING = Filters()


async def page(
    db: Database,
    sort: ProductSort = ProductSort.NEWEST,
    filters: Filters = ANYTHING,
    *,
    currency: str = "EUR",
    query: str | None = None,
    after: Place | None = None,
    limit: int = 100,
) -> list[ListedProduct]:
    search = taken_apart(query) if query is not None else None
    return await queries.product_page(
        db.reader, currency=currency, sort=sort, search=search, filters=filters, after=after, limit=limit
    )


async def ids(db: Database, *args: Any, **kwargs: Any) -> list[UUID]:
    return [row.product_id for row in await page(db, *args, **kwargs)]


async def featured(db: Database, variant_id: UUID, currency: str = "EUR") -> UUID | None:
    found = await queries.featured_offers(db.reader, [(variant_id, currency)])
    return found[variant_id, currency].id if found else None


async def test_the_cheapest_offer_is_featured(db: Database) -> None:
    dear = await make_offer(db, price_minor=1000)

    cheap = await join_offer(db, variant_id=dear.variant_id, price_minor=900)

    assert await featured(db, dear.variant_id) == cheap.offer_id
    assert await rows(db, "select price_minor from product_listings") == [(900,)]


async def test_an_offer_in_stock_beats_a_cheaper_one_without(db: Database) -> None:
    there = await make_offer(db, price_minor=1000, stock=1)

    await join_offer(db, variant_id=there.variant_id, price_minor=500, quantity=0)

    assert await featured(db, there.variant_id) == there.offer_id
    assert await rows(db, "select price_minor, in_stock from product_listings") == [(1000, True)]


async def test_days_of_handling_weigh_on_the_price(db: Database) -> None:
    slow = await make_offer(db, price_minor=1000, handling_days=10)

    fast = await join_offer(db, variant_id=slow.variant_id, price_minor=1100, handling_days=0)

    assert await featured(db, slow.variant_id) == fast.offer_id


async def test_a_good_name_weighs_on_the_price(db: Database) -> None:
    liked, disliked = await make_seller(db, slug="liked"), await make_seller(db, slug="disliked")
    await run(db, "update sellers set rating_count = 10, rating_sum = case slug when 'liked' then 50 else 10 end")
    bad = await make_offer(db, seller_id=disliked, price_minor=1000)

    good = await join_offer(db, variant_id=bad.variant_id, seller_id=liked, price_minor=1050)

    assert await featured(db, bad.variant_id) == good.offer_id


async def test_nothing_is_featured_in_a_currency_nobody_takes(db: Database) -> None:
    made = await make_offer(db, currency="EUR")

    assert await featured(db, made.variant_id, "USD") is None
    assert await ids(db, currency="USD") == []


async def test_a_suspended_sellers_goods_leave_the_lists(db: Database) -> None:
    owner, guest = await make_offer(db, price_minor=1000), await make_seller(db)
    joined = await join_offer(db, variant_id=owner.variant_id, seller_id=guest, price_minor=900)
    await run(db, "update sellers set status = 'suspended' where id = :id", id=guest)

    async with db.write() as session:
        await service.refresh_listing(session, product_ids=[owner.product_id], now=NOON)

    assert await featured(db, owner.variant_id) == owner.offer_id != joined.offer_id
    assert await ids(db, filters=Filters(seller_id=guest)) == []
    await run(db, "update sellers set status = 'suspended'")
    async with db.write() as session:
        await service.refresh_listing(session, product_ids=[owner.product_id], now=NOON)
    assert await ids(db) == []
    assert await featured(db, owner.variant_id) is None


async def test_an_unpublished_product_leaves_the_lists(db: Database) -> None:
    made = await make_offer(db)
    shown = await ids(db)

    async with db.write() as session:
        await service.product_update(
            session,
            actor=owner_of(made.seller_id),
            product_id=made.product_id,
            changes=ProductChanges(status=ProductStatus.DRAFT),
            now=NOON,
        )

    assert (shown, await ids(db)) == ([made.product_id], [])


async def test_in_stock_follows_what_the_catalogue_is_told(db: Database) -> None:
    made = await make_offer(db, stock=5)

    async with db.write() as session:
        changed = await service.set_in_stock(session, in_stock={made.offer_id: False}, now=NOON)
    async with db.write() as session:
        again = await service.set_in_stock(session, in_stock={made.offer_id: False}, now=NOON)

    assert (changed, again) == ([made.product_id], [])
    assert await ids(db, filters=Filters(in_stock=False)) == [made.product_id]
    assert await ids(db, filters=Filters(in_stock=True)) == []


async def test_ratings_stay_when_a_currency_is_added(db: Database) -> None:
    made = await make_offer(db)
    async with db.write() as session:
        await service.set_ratings(session, ratings={made.product_id: (430, 12)})

    async with db.write() as session:
        await service.set_price(
            session,
            actor=owner_of(made.seller_id),
            offer_id=made.offer_id,
            price_minor=1300,
            currency="USD",
            now=NOON,
        )

    assert await rows(db, "select currency, rating_score, rating_count from product_listings order by 1") == [
        ("EUR", 430, 12),
        ("USD", 430, 12),
    ]


async def shelf_of(db: Database, count: int) -> list[UUID]:
    """Products of one category, one a minute, with prices and sales that repeat."""
    category, seller = await make_category(db), await make_seller(db)
    made = []
    for number in range(count):
        product = await make_product(
            db,
            seller_id=seller,
            category_id=category,
            title=f"Kettle {number}",
            offers=[an_offer_draft(price_minor=100 * (number % 3 + 1))],
            now=NOON + timedelta(minutes=number // 2),
        )
        made.append(product.product_id)
    await run(db, "update product_listings set sold_30d = number % 4, rating_score = 100 * (number % 5)")
    return made


@pytest.mark.parametrize("sort", list(ProductSort))
@pytest.mark.parametrize("is_narrow", [False, True])
async def test_pages_give_every_product_once(db: Database, sort: ProductSort, is_narrow: bool) -> None:
    made = await shelf_of(db, 11)
    nodes = await rows(db, "select node from categories")
    filters = Filters(category_node=nodes[0][0], category_size=11 if is_narrow else 10**6)
    query = "kettle" if sort is ProductSort.RELEVANCE else None
    whole = await page(db, sort, filters, query=query)

    found: list[ListedProduct] = []
    while step := await page(
        db, sort, filters, query=query, limit=2, after=Place(found[-1].sort_value, found[-1].number) if found else None
    ):
        found += step

    assert found == whole
    assert {row.product_id for row in found} == set(made)
    values = [row.sort_value for row in found]
    assert values == sorted(values, reverse=sort is not ProductSort.PRICE_ASC)


async def test_a_page_does_not_shift_when_a_product_comes(db: Database) -> None:
    await shelf_of(db, 4)
    first = await page(db, limit=2)
    rest = await page(db, after=Place(first[-1].sort_value, first[-1].number))

    await make_offer(db, now=NOON + timedelta(days=1))

    assert await page(db, after=Place(first[-1].sort_value, first[-1].number)) == rest


async def test_filters_narrow_together(db: Database) -> None:
    above = await make_category(db, name="Kitchen")
    category = await make_category(db, name="Kettles", parent_id=above)
    seller = await make_seller(db)

    async def offer(price: int, stock: int = 1, brand: str = "Acme", seller_id: UUID = seller) -> UUID:
        drafts = [an_offer_draft(price_minor=price, quantity=stock)]
        made = await make_product(db, seller_id=seller_id, category_id=category, brand=brand, offers=drafts)
        return made.product_id

    cheap, mid, empty = await offer(100), await offer(200), await offer(150, stock=0)
    other_brand, other_seller = await offer(160, brand="Zeta"), await offer(170, seller_id=await make_seller(db))
    garden = await make_category(db, name="Garden")
    elsewhere = await make_offer(db, price_minor=150, category_id=garden)
    nodes = dict(await rows(db, "select name, node from categories"))
    acme = (await rows(db, "select id from brands where slug = 'acme'"))[0][0]

    async def found(**given: Any) -> set[UUID]:
        return set(await ids(db, filters=Filters(**given)))

    assert await found(category_node=nodes["Kitchen"], category_size=5) == {
        cheap,
        mid,
        empty,
        other_brand,
        other_seller,
    }
    assert elsewhere.product_id in await found()
    assert await found(brand_id=acme) == {cheap, mid, empty, other_seller}
    assert await found(seller_id=seller) == {cheap, mid, empty, other_brand}
    assert await found(seller_id=seller, brand_id=acme, in_stock=True) == {cheap, mid}
    assert await found(seller_id=seller, min_price_minor=150, max_price_minor=160) == {empty, other_brand}
    assert await found(ids=[cheap, UUID(int=5)]) == {cheap}
    assert await found(brand_id=UUID(int=5)) == set()
    assert await found(category_node=0) == set()


async def test_refreshing_writes_nothing_when_nothing_changed(db: Database) -> None:
    made = await make_offer(db)
    tables = ("featured_offers", "product_listings", "product_search")
    count = " union all ".join(f"select xmin::text from {table}" for table in tables)
    before = await rows(db, count)

    async with db.write() as session:
        await service.refresh_listing(session, product_ids=[made.product_id], now=NOON + timedelta(days=1))

    assert await rows(db, count) == before


@pytest.mark.parametrize("at", [NOON, NOON + timedelta(hours=2)])
async def test_a_sale_shows_while_its_window_is_open(db: Database, at: datetime) -> None:
    made = await make_offer(db, price_minor=1000)
    await run(
        db,
        "insert into offer_prices (id, offer_id, currency, kind, price_minor, valid) select :id, :offer, 'EUR', 'sale',"
        " 800, tstzrange(cast(:start as timestamptz), cast(:start as timestamptz) + interval '1 hour')",
        id=UUID(int=9),
        offer=made.offer_id,
        start=NOON,
    )

    async with db.write() as session:
        await service.refresh_listing(session, product_ids=[made.product_id], now=at)

    assert await rows(db, "select price_minor from product_listings") == [(800 if at == NOON else 1000,)]
