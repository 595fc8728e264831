"""The demo shop is planted once, whole, and by the shop's own rules."""

from contextlib import suppress

from sqlalchemy import text

from shop_graphql.dev.demo.catalogue import catalogue
from shop_graphql.dev.demo.planting import plant
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.accounts import make_user


async def count(db: Database, table: str) -> int:
    return (await db.reader.fetch(text(f"select count(*) from {table}"), into=int))[0]


async def test_planting_twice_plants_once(db: Database) -> None:
    steps: list[tuple[int, int]] = []

    first = await plant(db, now=NOON, progress=lambda done, of: steps.append((done, of)))
    again = await plant(db, now=NOON)

    demo = catalogue()
    assert first.startswith(f"Planted {len(demo.products)} products")
    assert again == "The demo shop is there already."
    assert steps[-1] == (len(demo.products), len(demo.products))
    assert await count(db, "products") == len(demo.products)
    assert await count(db, "offers") == len(demo.skus)


async def test_an_interrupted_planting_is_finished_later(db: Database) -> None:
    def stop(done: int, of: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        await plant(db, now=NOON, progress=stop)
    assert await count(db, "products") == 3

    await plant(db, now=NOON)

    assert await count(db, "offers") == len(catalogue().skus)


async def test_a_shop_with_people_of_its_own_is_left_alone(db: Database) -> None:
    await make_user(db, email="somebody@example.com")

    said = await plant(db, now=NOON)

    assert said == "This shop has people of its own: no demo data was added."
    assert (await count(db, "users"), await count(db, "offers")) == (1, 0)


def test_the_catalogue_repeats_no_title_and_no_sku() -> None:
    demo = catalogue()

    assert len({product.title for product in demo.products}) == len(demo.products)
    assert len(set(demo.skus)) == len(demo.skus)
    assert all(product.description.endswith(".") for product in demo.products)
