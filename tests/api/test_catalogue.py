"""The catalogue as everybody reads it."""

from typing import Any
from uuid import UUID

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.catalogue import service
from shop_graphql.catalogue.drafts import VariantDraft
from shop_graphql.catalogue.states import OfferCondition
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.clock import NOON
from tests.factories.catalogue import an_offer_draft, join_offer, make_category, make_offer, make_product
from tests.factories.shelves import run
from tests.factories.teams import make_staff, make_team

NODE = "query ($id: ID!) { node(id: $id) { __typename id } }"


async def products(shop: Shop, **arguments: Any) -> list[str]:
    page = (await shop.data(operation("products"), arguments))["products"]
    return [node["title"] for node in page["nodes"]]


async def mistake(shop: Shop, document: str, **arguments: Any) -> list[str]:
    answer = await shop.ask(document, arguments)
    return [error["extensions"]["code"] for error in answer["errors"]]


async def test_a_product_page_holds_together(shop: Shop, db: Database) -> None:
    top = await make_category(db, name="Kitchen")
    category = await make_category(db, name="Kettles", parent_id=top)
    made = await make_product(
        db,
        title="Steel Kettle",
        description="Boils water.",
        brand="Acme",
        category_id=category,
        options=("Colour",),
        variants=(
            VariantDraft(option_values=("Red",), gtin="4006381333931", offer=an_offer_draft(sku="R", quantity=3)),
            VariantDraft(option_values=("Blue",), offer=an_offer_draft(sku="B", price_minor=1250)),
        ),
    )
    await run(
        db,
        "insert into media (id, product_id, kind, file_key, alt_text, status) "
        "values (:id, :product, 'image', 'kettle.jpg', 'A kettle', 'ready')",
        id=UUID(int=3),
        product=made.product_id,
    )
    async with db.write() as session:
        await service.set_ratings(session, ratings={made.product_id: (433, 3)})

    page = (await shop.data(operation("product"), {"slug": "steel-kettle"}))["product"]

    assert page["id"] == global_id("Product", made.product_id)
    assert (page["status"], page["version"], page["publishedAt"]) == ("PUBLISHED", 1, "2026-11-23T12:00:00.000Z")
    assert (page["title"], page["description"], page["brand"]["name"]) == ("Steel Kettle", "Boils water.", "Acme")
    assert [one["name"] for one in [*page["category"]["ancestors"], page["category"]]] == ["Kitchen", "Kettles"]
    assert page["rating"] == {"average": 4.33, "count": 3}
    assert page["options"] == [{"name": "Colour"}]
    assert page["media"] == [
        {"url": "http://127.0.0.1:8000/media/kettle.jpg", "alt": "A kettle", "width": None, "height": None}
    ]
    assert page["priceRange"]["min"] == {"amount": "10.00", "currency": "EUR"}
    assert page["priceRange"]["max"] == {"amount": "12.50", "currency": "EUR"}
    red, blue = page["variants"]
    assert (red["title"], red["gtin"], red["availability"]) == ("Red", "4006381333931", "LOW")
    assert (blue["title"], blue["gtin"], blue["availability"]) == ("Blue", None, "IN_STOCK")
    assert red["options"] == [{"name": "Colour", "value": "Red"}]
    (offer,) = red["offers"]
    assert red["featuredOffer"]["id"] == offer["id"]
    assert (offer["sku"], offer["condition"], offer["availability"]) == ("R", "NEW", "LOW")
    assert offer["price"] == {"amount": "10.00", "currency": "EUR"}
    assert offer["seller"] == page["seller"]


async def test_prices_are_shown_in_the_currency_asked_for(shop: Shop, db: Database) -> None:
    made = await make_offer(db, title="Kettle", price_minor=1300, currency="USD")
    key = global_id("Product", made.product_id)

    dollars = (await shop.data(operation("product"), {"id": key, "currency": "USD"}))["product"]
    euros = (await shop.data(operation("product"), {"id": key}))["product"]

    assert dollars["variants"][0]["offers"][0]["price"] == {"amount": "13.00", "currency": "USD"}
    assert (euros["priceRange"], euros["variants"][0]["featuredOffer"]) == (None, None)
    assert euros["variants"][0]["offers"][0]["price"] is None
    assert await products(shop) == []
    assert await products(shop, currency="USD") == ["Kettle"]


async def test_a_sale_shows_what_it_was_before(shop: Shop, db: Database) -> None:
    made = await make_offer(db, price_minor=1000)
    await run(
        db,
        "insert into offer_prices (id, offer_id, currency, kind, price_minor, valid) "
        "values (:id, :offer, 'EUR', 'sale', 800, tstzrange(cast(:at as timestamptz), null))",
        id=UUID(int=9),
        offer=made.offer_id,
        at=NOON,
    )
    asked = "query ($id: ID!) { node(id: $id) { ... on Offer { price { amount } compareAtPrice { amount } } } }"

    offer = (await shop.data(asked, {"id": global_id("Offer", made.offer_id)}))["node"]

    assert offer == {"price": {"amount": "8.00"}, "compareAtPrice": {"amount": "10.00"}}


async def test_an_old_slug_leads_to_the_product(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_product(services.db, seller_id=team.seller_id, title="Kettle")
    change = {"id": global_id("Product", made.product_id), "changes": {"title": "Teapot"}}
    await shop.do("productUpdate", change, token=team.token)

    old, new = [(await shop.data(operation("product"), {"slug": slug}))["product"] for slug in ("kettle", "teapot")]

    assert old == new
    assert new["slug"] == "teapot"


@pytest.mark.parametrize("name", ["product", "category"])
@pytest.mark.parametrize("arguments", [{}, {"id": global_id("Product", UUID(int=1)), "slug": "a"}])
async def test_exactly_one_way_to_ask(shop: Shop, name: str, arguments: dict[str, str]) -> None:
    assert await mistake(shop, operation(name), **arguments) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", ["product", "category"])
async def test_what_is_not_there_is_null(shop: Shop, name: str) -> None:
    kind = name.capitalize()

    assert (await shop.data(operation(name), {"slug": "nothing"}))[name] is None
    assert (await shop.data(operation(name), {"id": global_id(kind, UUID(int=1))}))[name] is None
    assert await mistake(shop, operation(name), id="Product_x") == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("statement", ["update products set status = 'draft'", "update sellers set status = 'paused'"])
async def test_hidden_goods_look_absent_everywhere(shop: Shop, services: Services, statement: str) -> None:
    team, staff, db = await make_team(services), await make_staff(services), services.db
    made = await make_product(db, seller_id=team.seller_id, title="Kettle", offers=[an_offer_draft()])
    await run(db, statement)
    ids = [
        global_id("Product", made.product_id),
        global_id("ProductVariant", made.variant_ids[0]),
        global_id("Offer", made.offers[0].offer_id),
    ]

    async def seen(token: str | None) -> list[bool]:
        nodes = [(await shop.data(NODE, {"id": key}, token=token))["node"] for key in ids]
        page = (await shop.data(operation("product"), {"slug": "kettle"}, token=token))["product"]
        stock = (await shop.data(operation("inventory"), {"productId": ids[0]}, token=token))["inventory"]
        return [found is not None for found in [*nodes, page, stock]]

    assert await seen(None) == [False] * 5
    assert await seen((await make_team(services)).token) == [False] * 5
    assert await seen(team.token) == [True] * 5
    assert await seen(staff) == [True] * 5
    assert await products(shop) == []


async def test_a_paused_offer_is_seen_by_its_seller_only(shop: Shop, services: Services) -> None:
    team, db = await make_team(services), services.db
    made = await make_offer(db)
    await join_offer(db, variant_id=made.variant_id, seller_id=team.seller_id, condition=OfferCondition.USED)
    await run(db, "update offers set status = 'paused' where seller_id = :id", id=team.seller_id)

    async def offers(token: str | None) -> list[str]:
        asked = {"id": global_id("Product", made.product_id)}
        page = (await shop.data(operation("product"), asked, token=token))["product"]
        return [offer["condition"] for offer in page["variants"][0]["offers"]]

    assert await offers(None) == ["NEW"]
    assert await offers(team.token) == ["NEW", "USED"]


async def test_the_tree_of_categories_can_be_walked(shop: Shop, db: Database) -> None:
    top = await make_category(db, name="Kitchen", sort_order=1)
    await make_category(db, name="Books", sort_order=2)
    middle = await make_category(db, name="Kettles", slug="kettles", parent_id=top)
    leaf = await make_category(db, name="Steel", parent_id=middle)
    await make_offer(db, category_id=leaf)

    tree = (await shop.data(operation("categories")))["categories"]
    found = (await shop.data(operation("category"), {"slug": "kettles"}))["category"]

    assert [one["name"] for one in tree] == ["Kitchen", "Books"]
    assert tree[0]["children"][0]["children"][0]["name"] == "Steel"
    assert (found["parent"]["name"], found["productCount"]) == ("Kitchen", 1)
    assert [one["name"] for one in found["ancestors"]] == ["Kitchen"]
    assert [one["name"] for one in found["children"]] == ["Steel"]


async def test_a_product_in_a_category_younger_than_the_cache_is_shown(shop: Shop, db: Database) -> None:
    await shop.data(operation("categories"))
    await make_offer(db, title="Kettle", category_id=await make_category(db, name="Brand new"))

    page = (await shop.data(operation("product"), {"slug": "kettle"}))["product"]

    assert page["category"]["name"] == "Brand new"


async def test_inventory_tells_shoppers_no_more_than_they_need(shop: Shop, db: Database) -> None:
    made = await make_product(db, offers=[an_offer_draft(quantity=quantity) for quantity in (0, 3, 4)])
    await join_offer(db, variant_id=made.variant_ids[2], quantity=500)

    rows = (await shop.data(operation("inventory"), {"productId": global_id("Product", made.product_id)}))["inventory"]

    assert [(row["availability"], row["availableQuantity"]) for row in rows] == [
        ("OUT", 0),
        ("LOW", 3),
        ("IN_STOCK", 10),
    ]


async def test_stock_levels_are_their_sellers(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id, stock=20)
    asked = """query ($id: ID!) { node(id: $id) { ... on Offer { stock {
        onHand reserved available location { id name country isActive } } } } }"""

    async def stock(token: str | None) -> Any:
        return (await shop.data(asked, {"id": global_id("Offer", made.offer_id)}, token=token))["node"]["stock"]

    (level,) = await stock(team.token)
    assert (level["onHand"], level["reserved"], level["available"]) == (20, 0, 20)
    assert (level["location"]["name"], level["location"]["country"]) == ("Main", "DE")
    assert await stock(await make_staff(services)) == [level]
    assert await stock(None) is None
    assert await stock((await make_team(services)).token) is None
