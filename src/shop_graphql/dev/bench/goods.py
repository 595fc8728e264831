"""The goods that are measured: made inside the database by a few statements, constraints and triggers on.

Never for a shop that somebody uses: it fills an empty database and keeps tables of its own beside the shop's.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from shop_graphql.catalogue.service.listings import write_read_models
from shop_graphql.dev.bench.carts import SHOWN, make_carts
from shop_graphql.dev.bench.people import People, column, make_people
from shop_graphql.dev.bench.statements.parts import FUNCTIONS
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds

VARIANTS_EACH = 3
SELLERS, DEPARTMENTS, CATEGORIES = 10, 5, 20
MATERIALS = ("Walnut", "Linen", "Copper", "Granite", "Cotton", "Birch", "Enamel", "Cork", "Slate")
THINGS = ("Kettle", "Lamp", "Blanket", "Stool", "Bowl", "Vase", "Clock")
SHOWN_CARTS = 200
BATCH = 1_000
"""Products whose read models are written in one transaction."""
PATIENCE_MS = 600_000

# What every product hangs on. $1 is the instant of it all.
BASIS = (
    "insert into users (id, email, display_name, created_at)"
    " select uuidv7(), 'reviewer' || n || '@example.com', 'Reviewer ' || n, $1 from generate_series(1, 5) n",
    "insert into sellers (id, slug, name, country, payout_currency, status, rating_count, rating_sum, created_at)"
    " select uuidv7(), 'seller-' || n, 'Seller ' || n, 'DE', 'EUR', 'active', n, n * 4 - n / 3, $1"
    f" from generate_series(1, {SELLERS}) n",
    "insert into brands (id, name, slug)"
    " select uuidv7(), 'Brand ' || n, 'brand-' || n from generate_series(1, 30) n where $1::timestamptz is not null",
    "insert into categories (id, name, slug, sort_order)"
    " select uuidv7(), 'Department ' || n, 'department-' || n, n"
    f" from generate_series(1, {DEPARTMENTS}) n where $1::timestamptz is not null",
    "insert into categories (id, name, slug, sort_order, parent_id)"
    f" select uuidv7(), 'Category ' || n, 'category-' || n, n, d.id from generate_series(1, {CATEGORIES}) n"
    f" join categories d on d.slug = 'department-' || (n % {DEPARTMENTS} + 1) where $1::timestamptz is not null",
    "insert into locations (id, seller_id, name, country)"
    " select uuidv7(), id, 'Warehouse', 'DE' from sellers where $1::timestamptz is not null",
)

# Every fifth offer is on sale: `price_minor` is what it costs.
NUMBERED = (
    "create table bench_products as select n, uuidv7() as id,"
    f" (array{list(MATERIALS)})[n % {len(MATERIALS)} + 1]"
    f" || ' ' || (array{list(THINGS)})[n % {len(THINGS)} + 1]"
    " || ' No. ' || n as title from generate_series(1, (select products from bench_size)) n",
    "create table bench_offers as select *, case when (product + place) % 5 = 0 then list_minor * 4 / 5 else list_minor"
    " end as price_minor from (select row_number() over (order by p.n, v) - 1 as n, p.n as product, v as place,"
    " p.id as product_id, uuidv7() as variant_id, uuidv7() as id, 500 + (p.n * 37 + v * 11) % 20000 as list_minor"
    f" from bench_products p, generate_series(1, {VARIANTS_EACH}) v) o",
    "create unique index on bench_offers (n)",
)

# $1 is the instant of it all. Every fourth product is sold by a second seller, too, who takes more.
ROWS = (
    "insert into products (id, owner_seller_id, category_id, brand_id, title, description, status, published_at,"
    " created_at, updated_at) select p.id, s.id, c.id, b.id, p.title,"
    " repeat('Made to last, and mended if it does not. ', 6),"
    " 'published', $1::timestamptz - p.n * interval '1 second', $1, $1 from bench_products p"
    f" join sellers s on s.slug = 'seller-' || (p.n % {SELLERS} + 1)"
    f" join categories c on c.slug = 'category-' || (p.n % {CATEGORIES} + 1)"
    " left join brands b on b.slug = 'brand-' || p.n % 40"
    " order by p.n",
    "insert into product_slugs (slug, product_id, created_at)"
    " select 'product-' || n, id, $1::timestamptz from bench_products",
    "insert into product_options (product_id, position, name)"
    " select id, 1, 'Colour' from bench_products where $1::timestamptz is not null",
    "insert into variants (id, product_id, title, option_values, position, created_at)"
    " select variant_id, product_id, colour, array[colour], place, $1::timestamptz"
    " from (select *, (array['Black', 'White', 'Green'])[place] as colour from bench_offers) o",
    "insert into offers (id, variant_id, seller_id, sku, is_in_stock, created_at)"
    " select o.id, o.variant_id, p.owner_seller_id, 'B-' || o.n, true, $1::timestamptz"
    " from bench_offers o join products p on p.id = o.product_id",
    "insert into offers (id, variant_id, seller_id, sku, is_in_stock, handling_days, max_per_order, created_at)"
    " select uuidv7(), o.variant_id, s.id, 'R-' || o.n, true, 5, 20, $1::timestamptz"
    f" from bench_offers o join sellers s on s.slug = 'seller-' || ((o.product + 3) % {SELLERS} + 1)"
    " where o.product % 4 = 0",
    "insert into offer_prices (id, offer_id, currency, price_minor)"
    " select uuidv7(), id, 'EUR', list_minor from bench_offers where $1::timestamptz is not null",
    "insert into offer_prices (id, offer_id, currency, kind, price_minor)"
    " select uuidv7(), id, 'EUR', 'sale', price_minor from bench_offers"
    " where price_minor < list_minor and $1::timestamptz is not null",
    "insert into offer_prices (id, offer_id, currency, price_minor)"
    " select uuidv7(), o.id, 'EUR', b.list_minor * 11 / 10 from offers o"
    " join bench_offers b on b.variant_id = o.variant_id and b.id <> o.id where $1::timestamptz is not null",
    "insert into stock_items (id, offer_id, seller_id, location_id, on_hand, low_stock_at, updated_at)"
    " select uuidv7(), o.id, o.seller_id, l.id, 1000000, case when right(o.sku, 1) = '7' then 2000000 end,"
    " $1::timestamptz from offers o join locations l on l.seller_id = o.seller_id",
    "insert into stock_movements (id, stock_item_id, on_hand_delta, reason, at)"
    " select uuidv7(), id, on_hand, 'initial', $1::timestamptz from stock_items",
    "insert into media (id, product_id, kind, file_key, alt_text, width, height, status)"
    " select uuidv7(), id, 'image', 'https://images.example.com/' || n || '.webp', title, 800, 600, 'ready'"
    " from bench_products where $1::timestamptz is not null",
    "insert into reviews (id, product_id, author_id, rating, created_at, updated_at)"
    " select uuidv7(), p.id, u.id, 3 + (p.n + u.n) % 3, $1::timestamptz, $1::timestamptz from bench_products p,"
    " (select id, row_number() over (order by email) as n from users where email like 'reviewer%') u"
    " where (p.n + u.n) % 2 = 0",
)

RATINGS = (
    "update product_listings l set rating_score = round(100.0 * r.rating_sum / r.rating_count),"
    " rating_count = r.rating_count from product_ratings r where r.product_id = l.product_id and r.rating_count > 0"
)


class Goods(NamedTuple):
    """What requests are made of."""

    categories: list[UUID]
    """Those that hold products."""
    products: list[UUID]
    slugs: list[str]
    """The products' names in URLs, in their order."""
    offers: list[UUID]
    """In the order of `bench_offers.n`."""
    carts: list[UUID]
    """Guests' carts that are shown and never changed."""
    people: People


async def fill(url: str, *, products: int, now: datetime) -> Goods:
    """The empty database at `url` has so many published products, each with stock, a picture and reviews."""
    connection = await asyncpg.connect(url, command_timeout=None)
    try:
        await connection.execute("create table bench_size as select 0 as products")
        await connection.execute("update bench_size set products = $1", products)
        for statement in (*NUMBERED, *FUNCTIONS):
            await connection.execute(statement)
        for statement in (*BASIS, *ROWS):
            await connection.execute(statement, now)
        await connection.execute("analyze")
        people = await make_people(connection, now=now)
        ids = await column(connection, "select id from bench_products order by n")
        await _write_read_models(url, ids, now)
        await connection.execute(RATINGS)
        await connection.execute("vacuum (analyze)")
        return Goods(
            categories=await column(
                connection, "select id from categories where parent_id is not null order by sort_order"
            ),
            products=ids,
            slugs=await column(connection, "select 'product-' || n from bench_products order by n"),
            offers=await column(connection, "select id from bench_offers order by n"),
            carts=await make_carts(connection, SHOWN, 1, SHOWN_CARTS, now=now),
            people=people,
        )
    finally:
        await connection.close()


async def _write_read_models(url: str, ids: list[UUID], now: datetime) -> None:
    db = Database(url, ids=TimeOrderedIds(), pool_size=1, statement_timeout_ms=PATIENCE_MS)
    try:
        for first in range(0, len(ids), BATCH):
            async with db.write() as session:
                await write_read_models(session, product_ids=ids[first : first + BATCH], now=now)
    finally:
        await db.close()
