"""The goods that are measured: made inside the database by a few statements, constraints and triggers on.

Never for a shop that somebody uses: it fills an empty database and keeps tables of its own beside the shop's.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from shop_graphql.catalogue.service.listings import write_read_models
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds

VARIANTS_EACH = 3
SELLERS, CATEGORIES, REVIEWERS = 10, 20, 5
BATCH = 1_000
"""Products whose read models are written in one transaction."""
PATIENCE_MS = 600_000

# What every product hangs on. $1 is the instant of it all.
BASIS = (
    "insert into users (id, email, display_name, created_at)"
    " select uuidv7(), 'reviewer' || n || '@example.com', 'Reviewer ' || n, $1 from generate_series(1, 5) n",
    "insert into sellers (id, slug, name, country, payout_currency, status, created_at)"
    " select uuidv7(), 'seller-' || n, 'Seller ' || n, 'DE', 'EUR', 'active', $1 from generate_series(1, 10) n",
    "insert into categories (id, name, slug, sort_order)"
    " select uuidv7(), 'Category ' || n, 'category-' || n, n from generate_series(1, 20) n"
    " where $1::timestamptz is not null",
    "insert into locations (id, seller_id, name, country)"
    " select uuidv7(), id, 'Warehouse', 'DE' from sellers where $1::timestamptz is not null",
)

NUMBERED = (
    "create table bench_products as select n, uuidv7() as id,"
    " (array['Walnut', 'Linen', 'Copper', 'Granite', 'Cotton', 'Birch', 'Enamel', 'Cork', 'Slate'])[n % 9 + 1]"
    " || ' ' || (array['Kettle', 'Lamp', 'Blanket', 'Stool', 'Bowl', 'Vase', 'Clock'])[n % 7 + 1]"
    " || ' No. ' || n as title from generate_series(1, (select products from bench_size)) n",
    "create table bench_offers as select row_number() over (order by p.n, v) - 1 as n, p.n as product, v as place,"
    " p.id as product_id, uuidv7() as variant_id, uuidv7() as id, 500 + (p.n * 37 + v * 11) % 20000 as price_minor"
    " from bench_products p, generate_series(1, 3) v",
    "create unique index on bench_offers (n)",
)

# $1 is the instant of it all.
ROWS = (
    "insert into products (id, owner_seller_id, category_id, title, description, status, published_at, created_at,"
    " updated_at) select p.id, s.id, c.id, p.title, repeat('Made to last, and mended if it does not. ', 6),"
    " 'published', $1::timestamptz - p.n * interval '1 second', $1, $1 from bench_products p"
    " join sellers s on s.slug = 'seller-' || (p.n % 10 + 1)"
    " join categories c on c.slug = 'category-' || (p.n % 20 + 1)"
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
    "insert into offer_prices (id, offer_id, currency, price_minor)"
    " select uuidv7(), id, 'EUR', price_minor from bench_offers where $1::timestamptz is not null",
    "insert into stock_items (id, offer_id, seller_id, location_id, on_hand, updated_at)"
    " select uuidv7(), o.id, o.seller_id, l.id, 1000000, $1::timestamptz"
    " from offers o join locations l on l.seller_id = o.seller_id",
    "insert into stock_movements (id, stock_item_id, on_hand_delta, reason, at)"
    " select uuidv7(), id, on_hand, 'initial', $1::timestamptz from stock_items",
    "insert into media (id, product_id, kind, file_key, alt_text, width, height, status)"
    " select uuidv7(), id, 'image', 'https://images.example.com/' || n || '.webp', title, 800, 600, 'ready'"
    " from bench_products where $1::timestamptz is not null",
    "insert into reviews (id, product_id, author_id, rating, created_at, updated_at)"
    " select uuidv7(), p.id, u.id, 3 + (p.n + u.n) % 3, $1::timestamptz, $1::timestamptz from bench_products p,"
    " (select id, row_number() over (order by email) as n from users) u where (p.n + u.n) % 2 = 0",
)

RATINGS = (
    "update product_listings l set rating_score = round(100.0 * r.rating_sum / r.rating_count),"
    " rating_count = r.rating_count from product_ratings r where r.product_id = l.product_id and r.rating_count > 0"
)

FUNCTIONS = (
    "create function raw_id(kind text, key uuid) returns text immutable language sql as"
    " $$ select kind || '_' || rtrim(translate(encode(uuid_send(key), 'base64'), '+/', '-_'), '=') $$",
    "create function raw_money(minor bigint, currency text) returns json stable language sql as"
    " $$ select json_build_object('amount', (minor / 100.0)::numeric(14, 2)::text, 'currency', currency) $$",
)
"""Spellings that the raw routes' statements share; PostgreSQL puts their bodies in place of their names."""


class Goods(NamedTuple):
    """What requests are made of."""

    categories: list[UUID]
    slugs: list[str]
    offers: list[UUID]
    """In the order of `bench_offers.n`."""


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
        ids = await _column(connection, "select id from bench_products order by n")
        await _write_read_models(url, ids, now)
        await connection.execute(RATINGS)
        await connection.execute("vacuum (analyze)")
        return Goods(
            categories=await _column(connection, "select id from categories order by sort_order"),
            slugs=await _column(connection, "select 'product-' || n from bench_products order by n"),
            offers=await _column(connection, "select id from bench_offers order by n"),
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


async def _column(connection: Any, statement: str) -> list[Any]:
    return [row[0] for row in await connection.fetch(statement)]
