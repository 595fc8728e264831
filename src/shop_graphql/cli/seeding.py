"""`shop seed --products N`: the demo shop and then a large one, with a bar that tells how far it is."""

import asyncio
from time import perf_counter

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from shop_graphql.cli.environment import console, fail
from shop_graphql.dev.seed.bulk import CONNECTIONS, Loaded, SeedRefused, load
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.settings import Settings


def seed_large(settings: Settings, *, products: int, seed: int) -> str:
    """The shop has `products` products made from `seed`; says in one line what was added and how fast."""
    if settings.is_production:
        fail("Invented people and orders are not for production.")
    began = perf_counter()
    try:
        loaded = asyncio.run(_load(settings.database_url, products, seed))
    except SeedRefused as refusal:
        fail(str(refusal))
    if not loaded.products:
        return f"All {products:,} products are there already."
    seconds = perf_counter() - began
    return (
        f"Loaded {loaded.products:,} products in {loaded.rows:,} rows: {seconds:,.1f} s, "
        f"{loaded.rows / seconds:,.0f} rows/s."
    )


async def _load(url: str, products: int, seed: int) -> Loaded:
    db = Database(url, ids=TimeOrderedIds(), pool_size=CONNECTIONS)
    columns = (TextColumn("Products"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("products", total=products)
            return await load(
                db,
                products=products,
                seed=seed,
                now=SystemClock().now(),
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
    finally:
        await db.close()
