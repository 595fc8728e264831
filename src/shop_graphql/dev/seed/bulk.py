"""Loading the large shop: batches of products with all that belongs to them, each in one transaction.

No facts are published: what is loaded counts as history from before the feed, and nobody gets mail about it.
A load that was interrupted is finished by the next, and a small one can be made larger.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Integer, Uuid

from shop_graphql.catalogue.service.listings import write_read_models
from shop_graphql.dev.seed.goods import CITIES, SELLERS
from shop_graphql.dev.seed.ground import lay_ground
from shop_graphql.dev.seed.names import PRODUCTS_MAX, person_of
from shop_graphql.dev.seed.orders import add_order
from shop_graphql.dev.seed.products import OLDEST, Buyer, Ground, Maker, Offered, add_product, add_units, number_of
from shop_graphql.dev.seed.tables import COLUMNS, Rows, copy
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.ids import TimeOrderedIds

BATCH = 500
CONNECTIONS = 2
BUYERS_PER_BATCH = 60
PRODUCTS_PER_ORDER = 2

SKUS = text("""
    select sku from offers join sellers on sellers.id = seller_id
    where slug = any(:slugs) and sku ~ '^S[0-9]+-[0-9]{6}-[A-Z][0-9]$'
""")
NUMBERS = text("select nextval('order_number_seq') from generate_series(1, :count)")
# Written in one statement: `set_ratings` locks and changes products one by one, and these are nobody else's yet.
SET_POPULARITY = text("""
    update product_listings as listing
    set rating_count = coalesce(rating.rating_count, 0),
        rating_score = coalesce(round(100.0 * rating.rating_sum / nullif(rating.rating_count, 0)), 0),
        sold_30d = coalesce(sales.units, 0)
    from unnest(:ids) as product (id)
    left join product_ratings rating on rating.product_id = product.id
    left join unnest(:sold_ids, :sold_units) as sales (id, units) on sales.id = product.id
    where listing.product_id = product.id and (rating.rating_count > 0 or sales.units > 0)
""").bindparams(
    bindparam("ids", type_=ARRAY(Uuid)),
    bindparam("sold_ids", type_=ARRAY(Uuid)),
    bindparam("sold_units", type_=ARRAY(Integer)),
)
READ_MODELS = ("featured_offers", "product_listings", "product_search")

Progress = Callable[[int, int], None]


class SeedRefused(Exception):
    """The large shop can't be loaded; the message says why."""


class Loaded(msgspec.Struct, frozen=True):
    """How much was added by one load. `rows` counts those that were copied, without what follows from them."""

    products: int
    rows: int


async def load(
    db: Database, *, products: int, seed: int, now: datetime, progress: Progress | None = None, batch: int = BATCH
) -> Loaded:
    """The shop has `products` products made from `seed`, with sellers, stock, reviews and orders.

    An empty shop, the same numbers and the same `now` give the same goods, stock, reviews and orders again.
    Raises: SeedRefused.
    """
    missing = await _missing(db, products=products, seed=seed)
    if not missing:
        return Loaded(0, 0)
    ground = await lay_ground(db, now=now - OLDEST - timedelta(days=30))
    copied, done = 0, 0

    async def work(batches: Iterator[Sequence[int]]) -> None:
        nonlocal copied, done
        for numbers in batches:
            copied += await _load_batch(db, ground, numbers, seed=seed, now=now)
            done += len(numbers)
            if progress:
                progress(done, len(missing))

    batches = iter([missing[place : place + batch] for place in range(0, len(missing), batch)])
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(work(batches))
    await _analyze(db)
    return Loaded(len(missing), copied)


async def _missing(db: Database, *, products: int, seed: int) -> list[int]:
    if products > PRODUCTS_MAX:
        raise SeedRefused(f"There are names for {PRODUCTS_MAX:,} products, not for {products:,}.")
    slugs = [slug for slug, _, _ in SELLERS]
    there = set(await db.reader.fetch(SKUS, {"slugs": slugs}, into=number_of))
    others = {found for found, _ in there} - {seed}
    if others:
        raise SeedRefused(f"This shop was seeded with {others.pop()} before; another seed would repeat its titles.")
    return [number for number in range(products) if (seed, number) not in there]


async def _load_batch(db: Database, ground: Ground, numbers: Sequence[int], *, seed: int, now: datetime) -> int:
    random = Random(f"{seed}:{numbers[0]}")
    make = Maker(seed, ground, TimeOrderedIds(random.randbytes), random, now, Rows())
    buyers = [_buyer(make, numbers[0] * BUYERS_PER_BATCH + place) for place in range(BUYERS_PER_BATCH)]
    sold: dict[UUID, int] = {}
    async with db.write() as session:
        offers: list[Offered] = []
        for number in numbers:
            offers += add_product(make, number, buyers)
        orders = len(numbers) // PRODUCTS_PER_ORDER
        for order in await session.fetch(NUMBERS, {"count": orders}, into=int):
            add_order(make, offers, random.choice(buyers), order, sold)
        for offer in offers:
            add_units(make, offer)
        copied = await copy(session, make.rows)
        product_ids = [row[0] for row in make.rows["products"]]
        await write_read_models(session, product_ids=product_ids, now=now)
        await _set_popularity(session, product_ids, sold)
    return copied


async def _set_popularity(session: WriteSession, product_ids: list[UUID], sold: dict[UUID, int]) -> None:
    params = {"ids": product_ids, "sold_ids": list(sold), "sold_units": list(sold.values())}
    await session.execute(SET_POPULARITY, params)


def _buyer(make: Maker, number: int) -> Buyer:
    name, email = person_of(number)
    since = make.now - OLDEST
    buyer = Buyer(make.ids.new(since), name, email)
    make.rows.add("users", buyer.id, email, name, make.random.choice(CITIES)[2], since)
    return buyer


async def _analyze(db: Database) -> None:
    """Planners know what was loaded; nobody but us analyzes the parents of partitions."""
    async with db.write() as session:
        await session.execute(text("set local statement_timeout = '60s'"))
        await session.execute(text(f"analyze {', '.join((*COLUMNS, *READ_MODELS))}"))
