"""The large shop is loaded whole, and everything the shop says about itself holds on it."""

import re
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue.codes import is_gtin
from shop_graphql.catalogue.service import refresh_listing
from shop_graphql.dev.seed.bulk import Loaded, SeedRefused, load
from shop_graphql.dev.seed.goods import SELLERS, SHELVES
from shop_graphql.dev.seed.names import PRODUCTS_MAX, naming_of
from shop_graphql.dev.seed.products import Buyer, Ground, Maker, Seat, add_product
from shop_graphql.dev.seed.tables import Rows
from shop_graphql.inventory.queries import available_by_offer_ids
from shop_graphql.orders.service.expire import due_to_expire, expire
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.client import Shop
from tests.clock import NOON
from tests.factories.shelves import assert_books_balance, rows

PRODUCTS = 300

CONTRADICTIONS = {
    "orders cost what their parts cost": """
        select id from orders where total_minor <> (select sum(total_minor) from sub_orders where order_id = id)""",
    "parts cost what their lines cost": """
        select order_id from sub_orders part where total_minor <> (
            select sum(total_minor) from order_lines line
            where line.order_id = part.order_id and line.sub_no = part.sub_no and line.seller_id = part.seller_id)""",
    "captured is what payments took": """
        select o.id from orders o left join payments p on p.subject_id = o.id and p.status = 'succeeded'
        where o.captured_minor <> coalesce(p.captured_minor, 0) or (o.paid_at is null) <> (p.id is null)""",
    "timelines end where orders stand": """
        select o.id from orders o where status <> (
            select to_status from order_transitions t where order_id = o.id and sub_no is null
            order by seq desc limit 1)""",
    "every line's units were promised": """
        select order_id from order_lines l where quantity <> (
            select sum(quantity) from stock_reservations r where r.order_id = l.order_id and r.line_no = l.line_no)""",
    "what was sent lies in parcels": """
        select l.order_id from order_lines l where shipped_quantity <> (
            select coalesce(sum(quantity), 0) from fulfillment_lines f join fulfillments p on p.id = f.fulfillment_id
            where p.order_id = l.order_id and p.sub_no = l.sub_no and f.line_no = l.line_no)""",
    "nothing was ordered before it was sold": """
        select o.id from orders o join order_lines l on l.order_id = o.id join products p on p.id = l.product_id
        where o.placed_at < p.published_at""",
    "the hint says what is there": """
        select o.id from offers o where is_in_stock <> exists (
            select from stock_items s where s.offer_id = o.id and s.on_hand > s.reserved)""",
    "listings show what reviews say": """
        select l.product_id from product_listings l where rating_count <> (
            select count(*) from reviews r where r.product_id = l.product_id and status = 'published')""",
    "only buyers are verified": """
        select r.id from reviews r where is_verified <> exists (
            select from order_lines l join orders o on o.id = l.order_id
            where l.order_id = r.order_id and l.product_id = r.product_id and o.buyer_id = r.author_id
              and l.shipped_quantity > 0)""",
    "listings count what was sold": """
        select p.product_id from product_listings p where sold_30d <> (
            select coalesce(sum(l.quantity), 0) from order_lines l join orders o on o.id = l.order_id
            where l.product_id = p.product_id and o.paid_at > :since)""",
}


class Interrupted(Exception):
    """Somebody pulled the plug."""


READ_MODELS = (
    "select md5(string_agg(f::text, '' order by variant_id, currency)) from featured_offers f",
    "select md5(string_agg(l::text, '' order by product_id, currency)) from product_listings l",
    "select md5(string_agg(s::text, '' order by product_id, locale)) from product_search s",
)


async def seed(db: Database, **more: Any) -> Loaded:
    return await load(db, **{"products": PRODUCTS, "seed": 1, "now": NOON, **more})


async def count(db: Database, table: str) -> int:
    return int((await rows(db, f"select count(*) from {table}"))[0][0])


async def test_a_seeded_shop_contradicts_itself_nowhere(db: Database) -> None:
    steps: list[tuple[int, int]] = []

    loaded = await seed(db, progress=lambda done, of: steps.append((done, of)))

    assert (loaded.products, await count(db, "products")) == (PRODUCTS, PRODUCTS)
    assert steps[-1] == (PRODUCTS, PRODUCTS)
    await assert_books_balance(db)
    for name, statement in CONTRADICTIONS.items():
        params = {"since": NOON - timedelta(days=30)} if ":since" in statement else {}
        assert await rows(db, statement, **params) == [], name
    assert await count(db, "orders") > PRODUCTS / 3
    assert await count(db, "reviews") > PRODUCTS
    statuses = {row[0] for row in await rows(db, "select distinct status from orders")}
    assert {"completed", "expired"} < statuses


async def test_read_models_are_what_a_refresh_makes(db: Database) -> None:
    await seed(db)
    before = [await rows(db, statement) for statement in READ_MODELS]

    ids = [row[0] for row in await rows(db, "select id from products")]
    async with db.write() as session:
        await refresh_listing(session, product_ids=ids, now=NOON)

    assert [await rows(db, statement) for statement in READ_MODELS] == before
    assert await count(db, "product_search") == PRODUCTS


async def test_visitors_find_what_was_seeded(db: Database, shop: Shop) -> None:
    await seed(db)
    naming = naming_of(17, 1)

    found = await shop.ask(
        """query ($words: String!) { products(first: 5, query: $words) { nodes { title slug } } }""",
        {"words": f"{naming.brand} {naming.line} {naming.kind}"},
    )

    assert naming.title in [node["title"] for node in found["data"]["products"]["nodes"]]


async def test_stock_of_seeded_offers_is_what_lies_free(db: Database) -> None:
    await seed(db)
    free = "select offer_id, sum(on_hand - reserved)::int from stock_items group by offer_id"
    expected: dict[UUID, int] = dict(await rows(db, free))

    available = await available_by_offer_ids(db.reader, list(expected), NOON)

    # Holds that have run out at `NOON` but are not swept yet count as free already.
    assert {key: units for key, units in available.items() if units < expected[key]} == {}
    assert sum(available.values()) > 0
    assert 0 in available.values()


async def test_seeded_orders_that_nobody_pays_expire(db: Database) -> None:
    await seed(db)
    later = NOON + timedelta(hours=1)
    async with db.write() as session:
        due = await due_to_expire(session, after=None, limit=100, now=later)

    for order_id in due:
        async with db.write() as session:
            assert await expire(session, order_id=order_id, now=later)

    assert due
    assert await rows(db, "select id from orders where status = 'pending_payment'") == []
    await assert_books_balance(db)


async def test_an_interrupted_load_is_finished_and_grows(db: Database) -> None:
    def stop(done: int, of: int) -> None:
        raise Interrupted

    with suppress(ExceptionGroup):
        await seed(db, products=100, batch=20, progress=stop)
    before = await count(db, "products")

    again = await seed(db, products=100)
    grown = await seed(db, products=130)
    nothing = await seed(db, products=130)

    assert 20 <= before < 100
    assert (again.products, grown.products, nothing.products) == (100 - before, 30, 0)
    assert await count(db, "products") == 130
    assert await count(db, "sellers") == len(SELLERS)
    await assert_books_balance(db)


async def test_another_seed_is_refused(db: Database) -> None:
    await seed(db, products=20)

    with pytest.raises(SeedRefused, match="seeded with 1 before"):
        await seed(db, products=20, seed=2)

    assert await count(db, "products") == 20


async def test_more_products_than_names_are_refused(db: Database) -> None:
    with pytest.raises(SeedRefused, match="names"):
        await seed(db, products=PRODUCTS_MAX + 1)

    assert await count(db, "sellers") == 0


def test_titles_differ_by_more_than_numbers() -> None:
    titles = [naming_of(number, 7).title for number in range(100_000)]

    assert len(set(titles)) == len(titles)
    assert not any(re.search(r"\d", title) for title in titles)
    assert max(map(len, titles)) <= 80


def test_one_seed_gives_the_same_rows_again() -> None:
    def made(seed: int) -> list[tuple[str, list[tuple[Any, ...]]]]:
        seats = tuple(Seat(UUID(int=place), (UUID(int=place),)) for place in range(5))
        categories = {shelf.slug: UUID(int=9) for shelf in SHELVES}
        brands = {brand: UUID(int=9) for shelf in SHELVES for brand in shelf.brands}
        random = Random(seed)
        ids = TimeOrderedIds(random.randbytes)
        make = Maker(seed, Ground(seats, categories, brands), ids, random, NOON, Rows())
        buyers = [Buyer(UUID(int=place), "Ada", "ada@buyers.example") for place in range(30)]
        for number in range(50):
            add_product(make, number, buyers)
        return list(make.rows)

    assert made(3) == made(3)
    assert made(3) != made(4)
    gtins = [row[3] for table, added in made(3) if table == "variants" for row in added]
    assert all(is_gtin(gtin) for gtin in gtins)
    assert len(set(gtins)) == len(gtins) > 0
