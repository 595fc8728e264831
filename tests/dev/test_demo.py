"""The demo shop is planted once, whole, and by the shop's own rules."""

import re
from contextlib import suppress
from typing import Any

from sqlalchemy import text

from shop_graphql.catalogue.queries.listings import Filters, ProductSort, product_page
from shop_graphql.catalogue.search import taken_apart
from shop_graphql.dev.demo.catalogue import catalogue
from shop_graphql.dev.demo.families import families
from shop_graphql.dev.demo.planting import BATCH, plant
from shop_graphql.orders.states import OrderStatus, SubOrderStatus
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.clock import NOON
from tests.factories.accounts import make_user

CONTENTS = {
    "goods": """
        select p.title, p.description, b.name, c.slug, p.published_at, v.option_values from products p
        join brands b on b.id = p.brand_id join categories c on c.id = p.category_id
        join variants v on v.product_id = p.id order by 1, 6
    """,
    "prices": """
        select s.slug, o.sku, o.condition, price_minor, on_hand, reserved from offers o
        join sellers s on s.id = o.seller_id join offer_prices on offer_id = o.id
        join stock_items i on i.offer_id = o.id order by 1, 2
    """,
    "reviews": """
        select p.title, u.email, rating, r.title, body, reply_body, r.created_at from reviews r
        join products p on p.id = r.product_id join users u on u.id = author_id order by 1, 2
    """,
    "pictures": "select file_key, alt_text, position from media order by 1",
}
"""What is the same whenever the shop is planted at the same instant; keys are not."""


async def count(db: Database, what: str) -> int:
    return (await db.reader.fetch(text(f"select count(*) from {what}"), into=int))[0]


async def contents(db: Database) -> dict[str, list[Any]]:
    return {name: await db.reader.fetch(text(statement), into=lambda *row: row) for name, statement in CONTENTS.items()}


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
    assert await count(db, "orders") == len(demo.orders)
    await _has_every_state(db)
    await _has_life(db)


async def _has_every_state(db: Database) -> None:
    orders = await db.reader.fetch(text("select distinct status from orders"), into=OrderStatus)
    parts = await db.reader.fetch(text("select distinct status from sub_orders"), into=SubOrderStatus)
    assert set(orders) == set(OrderStatus)
    assert set(parts) == set(SubOrderStatus)


async def _has_life(db: Database) -> None:
    """Goods in every category at the end of the tree, all levels of stock, answers to complaints, nothing to mail."""
    empty = "not exists (select from products p where p.category_id = c.id)"
    leaves = "not exists (select from categories below where below.parent_id = c.id)"
    assert await count(db, f"categories c where {leaves} and {empty}") == 0
    assert await count(db, "stock_items where on_hand = 0") > 20
    assert await count(db, "stock_items where on_hand between 1 and 4") > 20
    assert await count(db, "offers where condition <> 'new'") > 20
    assert await count(db, "reviews where rating <= 2 and body is not null and reply_body is not null") > 20
    assert await count(db, "reviews where rating > 2 and reply_body is not null") == 0
    mailed = "('order.placed', 'order.paid', 'order.expired', 'seller_order.received', 'fulfillment.shipped')"
    assert await count(db, f"outbox_messages where type in {mailed}") == 0
    without = "not exists (select from media m where m.product_id = p.id and m.status = 'ready')"
    assert await count(db, f"products p where {without}") == 0


async def test_the_same_instant_plants_the_same_shop(db: Database, own_database_url: str) -> None:
    other = Database(own_database_url, ids=TimeOrderedIds())
    try:
        await plant(db, now=NOON)
        await plant(other, now=NOON)

        here, there = await contents(db), await contents(other)
    finally:
        await other.close()
    for name in CONTENTS:
        assert here[name] == there[name]
        assert here[name]


async def test_an_interrupted_planting_is_finished_later(db: Database) -> None:
    def stop(done: int, of: int) -> None:
        if done == BATCH:
            raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        await plant(db, now=NOON, progress=stop)
    assert await count(db, "products") == BATCH

    await plant(db, now=NOON)

    assert await count(db, "offers") == len(catalogue().skus)
    first = await product_page(
        db.reader,
        currency="EUR",
        sort=ProductSort.RELEVANCE,
        search=taken_apart("lamp"),
        filters=Filters(),
        after=None,
        limit=1,
    )
    await _mara_sells_plenty(db, first[0].product_id)


async def _mara_sells_plenty(db: Database, product_id: Any) -> None:
    """What the README and the walk-through buy: each variant of the first lamp found, sent by Mara."""
    statement = text(
        """
        select u.email, i.on_hand - i.reserved from variants v
        join featured_offers f on f.variant_id = v.id join offers o on o.id = f.offer_id
        join stock_items i on i.offer_id = o.id join seller_members m on m.seller_id = o.seller_id
        join users u on u.id = m.user_id where v.product_id = :id
        """
    )
    rows = await db.reader.fetch(statement, {"id": product_id}, into=lambda email, units: (email, units))
    assert rows
    assert {email for email, _ in rows} == {"mara@example.com"}
    assert min(units for _, units in rows) >= 20


async def test_a_shop_with_people_of_its_own_is_left_alone(db: Database) -> None:
    await make_user(db, email="somebody@example.com")

    said = await plant(db, now=NOON)

    assert said == "This shop has people of its own: no demo data was added."
    assert (await count(db, "users"), await count(db, "offers")) == (1, 0)


def test_the_catalogue_repeats_no_title_and_no_sku() -> None:
    demo = catalogue()

    # Two titles that differ by a number alone would look generated.
    assert len({re.sub(r"\d+", "", product.title) for product in demo.products}) == len(demo.products)
    assert len(set(demo.skus)) == len(demo.skus)
    assert all(product.description.endswith(".") for product in demo.products)


def test_the_catalogue_is_large_and_has_several_voices() -> None:
    demo, written = catalogue(), families()

    assert (len(written), len(demo.sellers), len(demo.categories)) >= (40, 8, 25)
    assert len(demo.products) >= 500
    assert all(len(family.voices) >= 3 for family in written)
    assert {product.seller for product in demo.products} | {offer.seller for offer in demo.offers} == {
        seller.slug for seller in demo.sellers
    }


def test_first_variants_cost_what_their_family_says() -> None:
    for family in families():
        low, high = family.price
        firsts = [product.variants[0] for product in catalogue().products if product.sku.startswith(f"{family.code}-")]

        assert all(int(low) <= variant.price <= high + 1 for variant in firsts), family.code


def test_every_lamp_is_in_stock_with_plenty() -> None:
    lamps = [product for product in catalogue().products if "lamp" in product.title.lower()]

    assert len(lamps) > 30
    assert {lamp.seller for lamp in lamps} == {"nordlicht-home"}
    assert all(variant.stock >= 20 for lamp in lamps for variant in lamp.variants)
