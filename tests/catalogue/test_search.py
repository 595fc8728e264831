"""Finding products by words."""

from uuid import UUID

import pytest

from shop_graphql.catalogue import service
from shop_graphql.catalogue.drafts import ProductChanges, VariantDraft
from shop_graphql.catalogue.queries import ProductSort
from shop_graphql.catalogue.search import taken_apart
from shop_graphql.platform.db import Database
from tests.catalogue.test_listings import ids
from tests.clock import NOON
from tests.factories.catalogue import an_offer_draft, make_offer, make_product, owner_of
from tests.factories.shelves import run


async def search(db: Database, query: str, sort: ProductSort = ProductSort.RELEVANCE) -> list[UUID]:
    return await ids(db, sort, query=query)


def test_a_search_is_taken_apart_into_words() -> None:
    asked = taken_apart("  Steel-kettle, 1.7 l ")

    assert (asked.head, asked.last, asked.prefix) == ("Steel kettle 1 7", "l", "")
    assert (asked.phrase, asked.code) == ("Steel kettle 1 7 l", "STEEL-KETTLE,1.7L")
    assert taken_apart("🫖 !?").phrase == ""


@pytest.mark.parametrize(
    "query",
    [
        "stainless kettle",
        "kettle stainless",
        "KETTLES",
        "kett",
        "stainl",
        "runn",
        "café",
        "Cafe acme",
        "acmé kettle",
        "the kettle",
        "boils",
        "k-900/x",
        "K-900/X",
        "4006381333931",
    ],
)
async def test_a_product_is_found(db: Database, query: str) -> None:
    made = await make_product(
        db,
        title="Stainless Café Kettle for running",
        brand="Acme",
        description="It boils water.",
        variants=(VariantDraft(gtin="4006381333931", offer=an_offer_draft(sku="K-900/x")),),
    )
    await make_offer(db, title="Wooden spoon")

    assert await search(db, query) == [made.product_id]


@pytest.mark.parametrize(
    "query", ["teapot", "kettle teapot", "🫖", "%", "_", "'; drop table products", "k-90", "& | !", ":*", "\\"]
)
async def test_a_search_for_something_else_finds_nothing(db: Database, query: str) -> None:
    await make_offer(db, title="Kettle", sku="K-900")

    assert await search(db, query) == []


async def test_a_hit_in_the_title_comes_before_one_in_the_text(db: Database) -> None:
    in_text = await make_product(db, title="Pot", description="Not a kettle at all.")
    in_title = await make_product(db, title="Kettle", description="For water.")

    assert await search(db, "kettle") == [in_title.product_id, in_text.product_id]


async def test_a_code_comes_before_words(db: Database) -> None:
    by_word = await make_offer(db, title="AB12 kettle")
    by_code = await make_offer(db, title="Pot", sku="AB12")

    assert await search(db, "ab12") == [by_code.offer_id and by_code.product_id, by_word.product_id]


async def test_of_equal_hits_the_best_selling_comes_first(db: Database) -> None:
    slow, fast = await make_offer(db, title="Kettle"), await make_offer(db, title="Kettle")
    await run(db, "update product_listings set sold_30d = 100 where product_id = :id", id=slow.product_id)

    assert await search(db, "kettle") == [slow.product_id, fast.product_id]


async def test_hits_can_be_sorted_by_price(db: Database) -> None:
    dear = await make_offer(db, title="Kettle", price_minor=2000)
    cheap = await make_offer(db, title="Kettle", price_minor=1000)
    await make_offer(db, title="Spoon", price_minor=1)

    assert await search(db, "kettle", ProductSort.PRICE_ASC) == [cheap.product_id, dear.product_id]


async def test_a_change_is_findable_at_once(db: Database) -> None:
    made = await make_offer(db, title="Kettle")

    async with db.write() as session:
        await service.product_update(
            session,
            actor=owner_of(made.seller_id),
            product_id=made.product_id,
            changes=ProductChanges(title="Teapot"),
            now=NOON,
        )

    assert (await search(db, "kettle"), await search(db, "teapot")) == ([], [made.product_id])


async def test_drafts_are_not_found(db: Database) -> None:
    await make_product(db, title="Kettle", publish=False)

    assert await search(db, "kettle") == []
