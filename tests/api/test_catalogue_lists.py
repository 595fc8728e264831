"""Lists of products as everybody reads them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.clock import NOON
from tests.factories.catalogue import an_offer_draft, join_offer, make_category, make_offer, make_product
from tests.factories.shelves import run


async def products(shop: Shop, **arguments: Any) -> list[str]:
    page = (await shop.data(operation("products"), arguments))["products"]
    return [node["title"] for node in page["nodes"]]


async def mistake(shop: Shop, document: str, **arguments: Any) -> list[str]:
    answer = await shop.ask(document, arguments)
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_products_come_page_by_page(shop: Shop, db: Database) -> None:
    category = await make_category(db)
    for number in range(5):
        await make_product(db, title=f"Kettle {number}", category_id=category, now=NOON + timedelta(minutes=number))

    async def page(after: str | None, sort: str = "NEWEST") -> Any:
        asked = {"first": 2, "after": after, "sort": sort, "filter": {"categoryId": global_id("Category", category)}}
        return (await shop.data(operation("products"), asked))["products"]

    titles, after = [], None
    while True:
        step = await page(after)
        titles += [node["title"] for node in step["nodes"]]
        after = step["pageInfo"]["endCursor"]
        if not step["pageInfo"]["hasNextPage"]:
            break

    assert titles == [f"Kettle {number}" for number in (4, 3, 2, 1, 0)]
    codes = await mistake(shop, operation("products"), after=after, sort="PRICE_ASC")
    assert codes == ["BAD_USER_INPUT"]


async def test_products_are_searched_and_filtered(shop: Shop, db: Database) -> None:
    cheap = await make_offer(db, title="Steel kettle", price_minor=1000)
    await make_offer(db, title="Glass kettle", price_minor=2000, stock=0)
    await make_offer(db, title="Spoon", price_minor=100)
    price = {"amount": "15", "currency": "EUR"}

    assert await products(shop, query="kettles", sort="PRICE_DESC") == ["Glass kettle", "Steel kettle"]
    assert await products(shop, query="kettle", filter={"inStock": True}) == ["Steel kettle"]
    assert await products(shop, query="kettle", filter={"minPrice": price}) == ["Glass kettle"]
    assert await products(shop, filter={"maxPrice": price}, sort="PRICE_ASC") == ["Spoon", "Steel kettle"]
    assert await products(shop, filter={"ids": [global_id("Product", cheap.product_id)]}) == ["Steel kettle"]
    assert await products(shop, filter={"sellerId": global_id("Seller", cheap.seller_id)}) == ["Steel kettle"]
    assert await products(shop, filter={"categoryId": global_id("Category", UUID(int=1))}) == []
    assert await products(shop, query="  ", sort="RELEVANCE", first=1) != []


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": 0},
        {"first": 101},
        {"after": "bm90aGluZw"},
        {"after": "WyJuZXdlc3QiLDk5OTk5OTk5OTk5OTk5OTk5OTksMV0"},
        {"query": "x" * 201},
        {"filter": {"ids": []}},
        {"filter": {"sellerId": global_id("Product", UUID(int=1))}},
        {"filter": {"minPrice": {"amount": "1", "currency": "USD"}}},
        {"filter": {"minPrice": {"amount": "1.234", "currency": "EUR"}}},
    ],
)
async def test_senseless_lists_are_mistakes(shop: Shop, arguments: dict[str, Any]) -> None:
    assert await mistake(shop, operation("products"), **arguments) == ["BAD_USER_INPUT"]


async def test_a_suspended_seller_leaves_lists_at_once(shop: Shop, db: Database) -> None:
    for number in range(3):
        made = await make_offer(db, title=f"Kettle {number}", now=NOON + timedelta(minutes=number))
    await run(db, "update sellers set status = 'suspended' where id = :id", id=made.seller_id)

    page = (await shop.data(operation("products"), {"first": 1}))["products"]
    rest = (await shop.data(operation("products"), {"after": page["pageInfo"]["endCursor"]}))["products"]

    assert (page["nodes"], page["pageInfo"]["hasNextPage"]) == ([], True)
    assert [node["title"] for node in rest["nodes"]] == ["Kettle 1", "Kettle 0"]


async def test_pages_cost_the_same_however_many_rows(shop: Shop, db: Database, statements: list[str]) -> None:
    async def cost(name: str, **arguments: Any) -> int:
        statements.clear()
        await shop.data(operation(name), arguments)
        return len(statements)

    category = await make_category(db)
    first = await make_product(db, category_id=category, brand="Acme", offers=[an_offer_draft(), an_offer_draft()])
    key = global_id("Product", first.product_id)
    for variant_id in first.variant_ids:
        await join_offer(db, variant_id=variant_id)
    await shop.data(operation("categories"))
    few = [await cost("products"), await cost("product", id=key), await cost("inventory", productId=key)]

    for number in range(6):
        await make_product(db, category_id=category, brand=f"Acme {number}", offers=[an_offer_draft()] * 1)
        await join_offer(db, variant_id=first.variant_ids[number % 2])
    many = [await cost("products"), await cost("product", id=key), await cost("inventory", productId=key)]

    assert few == many
    assert few[0] <= 10
