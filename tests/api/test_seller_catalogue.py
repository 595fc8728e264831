"""Sellers at work on their products, offers and stock."""

from typing import Any
from uuid import UUID

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.factories.accounts import make_user, token_for
from tests.factories.catalogue import make_category, make_offer, make_product
from tests.factories.shelves import assert_books_balance, rows
from tests.factories.teams import make_staff, make_team

ABSENT = UUID(int=5)
EUR = {"amount": "12.50", "currency": "EUR"}


def category_id(key: UUID) -> str:
    return global_id("Category", key)


async def a_product(db: Database, **values: Any) -> dict[str, Any]:
    """The least that `productCreate` takes."""
    category = category_id(await make_category(db))
    variants = [{"offer": {"sku": "K-1", "price": EUR, "quantity": 4}}]
    return {"title": "Steel kettle", "categoryId": category, "variants": variants, **values}


async def errors(shop: Shop, name: str, given: dict[str, Any], token: str) -> list[tuple[str, str]]:
    payload = (await shop.data(operation(name), {"input": given}, token=token))[name]
    assert [value for key, value in payload.items() if key not in {"userErrors", "replayed"} and value] == []
    return [(error["code"], ".".join(error["field"] or [])) for error in payload["userErrors"]]


async def test_a_product_is_for_sale_when_its_mutation_returns(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    given = await a_product(services.db, brand="Acme", description="Boils.")

    made = (await shop.do("productCreate", given, token=team.token))["product"]
    found = (await shop.data(operation("products"), {"query": "kettle"}))["products"]["nodes"]
    stock = (await shop.data(operation("inventory"), {"productId": made["id"]}))["inventory"]

    assert (made["slug"], made["status"], made["version"]) == ("steel-kettle", "PUBLISHED", 1)
    assert [node["id"] for node in found] == [made["id"]]
    assert found[0]["featuredOffer"]["price"] == EUR
    assert [(row["availability"], row["availableQuantity"]) for row in stock] == [("LOW", 4)]
    await assert_books_balance(services.db)


async def test_a_product_can_be_kept_as_a_draft(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    given = await a_product(services.db, publish=False)

    made = (await shop.do("productCreate", given, token=team.token))["product"]

    assert made["status"] == "DRAFT"
    assert (await shop.data(operation("product"), {"id": made["id"]}))["product"] is None
    assert (await shop.data(operation("product"), {"id": made["id"]}, token=team.token))["product"] is not None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": " "}, ("INVALID", "title")),
        ({"title": "x" * 501}, ("INVALID", "title")),
        ({"categoryId": category_id(ABSENT)}, ("NOT_FOUND", "categoryId")),
        ({"sellerId": global_id("Seller", ABSENT)}, ("NOT_FOUND", "sellerId")),
        ({"variants": []}, ("TOO_MANY", "variants")),
        ({"variants": [{"gtin": "4006381333932"}]}, ("INVALID", "variants.0.gtin")),
        ({"variants": [{"optionValues": ["Red"]}]}, ("INVALID", "variants.0.optionValues")),
        (
            {"variants": [{"offer": {"sku": "K-1", "price": {"amount": "0", "currency": "EUR"}}}]},
            ("INVALID", "variants.0.offer.price"),
        ),
        ({"variants": [{"offer": {"sku": "", "price": EUR}}]}, ("INVALID", "variants.0.offer.sku")),
        (
            {"variants": [{"offer": {"sku": "K-1", "price": EUR, "quantity": -1}}]},
            ("INVALID", "variants.0.offer.quantity"),
        ),
    ],
)
async def test_create_refuses_with_the_field(
    shop: Shop, services: Services, values: dict[str, Any], expected: tuple[str, str]
) -> None:
    team = await make_team(services)
    given = await a_product(services.db) | values

    assert await errors(shop, "productCreate", given, team.token) == [expected]
    assert await rows(services.db, "select count(*) from products") == [(0,)]


async def test_create_refuses_what_exists(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    given = await a_product(services.db, variants=[{"gtin": "96385074", "offer": {"sku": "K-1", "price": EUR}}])
    await shop.do("productCreate", given, token=team.token)

    same_gtin = await errors(shop, "productCreate", given, team.token)
    given["variants"][0]["gtin"] = None
    same_sku = await errors(shop, "productCreate", given, team.token)

    assert same_gtin == [("ALREADY_EXISTS", "variants.0.gtin")]
    assert same_sku == [("ALREADY_EXISTS", "variants.0.offer.sku")]


async def test_a_fulfiller_may_not_create(shop: Shop, services: Services) -> None:
    team = await make_team(services, role="fulfiller")

    refused = await errors(shop, "productCreate", await a_product(services.db), team.token)

    assert refused == [("NOT_ALLOWED", "sellerId")]


NEEDS_A_TEAM: dict[str, dict[str, Any]] = {
    "productCreate": {"title": "K", "categoryId": category_id(ABSENT), "variants": []},
    "productUpdate": {"id": global_id("Product", ABSENT), "changes": {}},
    "offerCreate": {"variantId": global_id("ProductVariant", ABSENT), "sku": "K-1", "price": EUR},
    "offerUpdate": {"id": global_id("Offer", ABSENT), "changes": {}},
    "inventorySet": {"offerId": global_id("Offer", ABSENT), "onHand": 1, "idempotencyKey": "k"},
}


@pytest.mark.parametrize("name", NEEDS_A_TEAM)
async def test_only_members_of_teams_may_ask(shop: Shop, services: Services, name: str) -> None:
    shopper = await token_for(services.db, services.tokens, await make_user(services.db))

    codes = []
    for token in (None, shopper):
        answer = await shop.ask(operation(name), {"input": NEEDS_A_TEAM[name]}, token=token)
        codes += [error["extensions"]["code"] for error in answer["errors"]]

    assert codes == ["UNAUTHENTICATED", "FORBIDDEN"]


@pytest.mark.parametrize("name", ["productUpdate", "offerUpdate", "inventorySet"])
async def test_somebody_elses_things_look_absent(shop: Shop, services: Services, name: str) -> None:
    stranger, theirs = await make_team(services), await make_offer(services.db)
    field, kind, key = {
        "productUpdate": ("id", "Product", theirs.product_id),
        "offerUpdate": ("id", "Offer", theirs.offer_id),
        "inventorySet": ("offerId", "Offer", theirs.offer_id),
    }[name]

    for target in (key, ABSENT):
        given = NEEDS_A_TEAM[name] | {field: global_id(kind, target)}
        assert await errors(shop, name, given, stranger.token) == [("NOT_FOUND", field)]


@pytest.mark.parametrize("name", ["productUpdate", "offerUpdate", "inventorySet"])
async def test_staff_and_fulfillers_look_but_do_not_touch(shop: Shop, services: Services, name: str) -> None:
    team, staff = await make_team(services, role="fulfiller"), await make_staff(services)
    made = await make_offer(services.db, seller_id=team.seller_id)
    field, kind, key = {
        "productUpdate": ("id", "Product", made.product_id),
        "offerUpdate": ("id", "Offer", made.offer_id),
        "inventorySet": ("offerId", "Offer", made.offer_id),
    }[name]
    given = NEEDS_A_TEAM[name] | {field: global_id(kind, key)}

    assert await errors(shop, name, given, team.token) == [("NOT_ALLOWED", field)]
    assert await errors(shop, name, given, staff) == [("NOT_ALLOWED", field)]


async def test_update_changes_the_page_at_once(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_product(services.db, seller_id=team.seller_id, title="Kettle", description="Old.")
    change = {"id": global_id("Product", made.product_id), "changes": {"title": "Teapot"}, "expectedVersion": 1}

    changed = (await shop.do("productUpdate", change, token=team.token))["product"]
    again = await errors(shop, "productUpdate", change, team.token)

    assert (changed["title"], changed["description"], changed["slug"]) == ("Teapot", "Old.", "teapot")
    assert changed["version"] == 2
    assert again == [("STATE_CONFLICT", "expectedVersion")]
    assert (await shop.data(operation("products"), {"query": "kettle"}))["products"]["nodes"] == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": ""}, ("INVALID", "changes.title")),
        ({"status": "SCHEDULED"}, ("INVALID", "changes.status")),
        ({"status": "PUBLISHED"}, ("STATE_CONFLICT", "changes.status")),
        ({"categoryId": category_id(ABSENT)}, ("NOT_FOUND", "changes.categoryId")),
    ],
)
async def test_update_refuses_with_the_field(
    shop: Shop, services: Services, changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    team = await make_team(services)
    made = await make_product(services.db, seller_id=team.seller_id)
    key = global_id("Product", made.product_id)
    await shop.do("productUpdate", {"id": key, "changes": {"status": "ARCHIVED"}}, token=team.token)

    assert await errors(shop, "productUpdate", {"id": key, "changes": changes}, team.token) == [expected]


async def test_an_offer_joins_somebody_elses_product(shop: Shop, services: Services) -> None:
    team, theirs = await make_team(services), await make_offer(services.db, price_minor=2000)
    variant = global_id("ProductVariant", theirs.variant_id)
    given = {"variantId": variant, "sku": "MINE", "price": EUR, "quantity": 20}

    offer = (await shop.do("offerCreate", given, token=team.token))["offer"]
    page = (await shop.data(operation("product"), {"id": global_id("Product", theirs.product_id)}))["product"]

    assert (offer["sku"], offer["status"], offer["availability"], offer["price"]) == ("MINE", "ACTIVE", "IN_STOCK", EUR)
    assert page["variants"][0]["featuredOffer"]["id"] == offer["id"]
    assert page["priceRange"]["min"] == EUR


async def test_an_offer_is_refused_with_the_field(shop: Shop, services: Services) -> None:
    team, theirs = await make_team(services), await make_offer(services.db)
    given = {"variantId": global_id("ProductVariant", theirs.variant_id), "sku": "MINE", "price": EUR}
    await shop.do("offerCreate", given, token=team.token)

    async def refused(**values: Any) -> list[tuple[str, str]]:
        return await errors(shop, "offerCreate", given | values, team.token)

    assert await refused() == [("ALREADY_EXISTS", "sku")]
    assert await refused(sku="OTHER") == [("ALREADY_EXISTS", "condition")]
    assert await refused(sku="x" * 65) == [("INVALID", "sku")]
    assert await refused(handlingDays=61) == [("INVALID", "handlingDays")]
    assert await refused(variantId=global_id("ProductVariant", ABSENT)) == [("NOT_FOUND", "variantId")]


async def test_an_offer_changes_its_terms(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id, price_minor=2000)
    key = global_id("Offer", made.offer_id)

    offer = (
        await shop.do(
            "offerUpdate", {"id": key, "changes": {"price": EUR, "isActive": False, "maxPerOrder": 3}}, token=team.token
        )
    )["offer"]
    refused = await errors(shop, "offerUpdate", {"id": key, "changes": {"handlingDays": -1}}, team.token)

    assert (offer["price"], offer["status"], offer["maxPerOrder"], offer["version"]) == (EUR, "PAUSED", 3, 2)
    assert refused == [("INVALID", "changes.handlingDays")]


async def test_two_prices_in_one_document_each_show_their_own(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id)
    document = """mutation ($id: ID!) {
      a: offerUpdate(input: {id: $id, changes: {price: {amount: "5", currency: EUR}}}) { offer { price { amount } } }
      b: offerUpdate(input: {id: $id, changes: {price: {amount: "6", currency: EUR}}}) { offer { price { amount } } }
    }""".replace("EUR", '"EUR"')

    done = await shop.data(document, {"id": global_id("Offer", made.offer_id)}, token=team.token)

    assert [done[name]["offer"]["price"]["amount"] for name in "ab"] == ["5.00", "6.00"]


async def test_a_level_is_set_and_replayed(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id, stock=20)
    given = {"offerId": global_id("Offer", made.offer_id), "onHand": 0, "expectedOnHand": 20, "idempotencyKey": "k"}

    done = await shop.do("inventorySet", given, token=team.token)
    again = await shop.do("inventorySet", given, token=team.token)

    assert (done["replayed"], again["replayed"]) == (False, True)
    assert (done["level"]["onHand"], done["level"]["available"]) == (0, 0)
    assert done["offer"]["availability"] == "OUT"
    assert again["level"] == done["level"]
    assert (await shop.data(operation("products"), {"filter": {"inStock": True}}))["products"]["nodes"] == []


async def test_a_stale_level_says_what_it_is_now(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id, stock=20)
    given = {"offerId": global_id("Offer", made.offer_id), "onHand": 0, "expectedOnHand": 19, "idempotencyKey": "k"}

    payload = (await shop.data(operation("inventorySet"), {"input": given}, token=team.token))["inventorySet"]

    (error,) = payload["userErrors"]
    assert (error["code"], error["field"], error["onHand"]) == ("STOCK_CHANGED", ["expectedOnHand"], 20)
    assert (payload["offer"], payload["level"]) == (None, None)


async def test_a_level_is_refused_with_the_field(shop: Shop, services: Services) -> None:
    team = await make_team(services)
    made = await make_offer(services.db, seller_id=team.seller_id, stock=20)
    given = {"offerId": global_id("Offer", made.offer_id), "onHand": 1, "idempotencyKey": "k"}

    async def refused(**values: Any) -> list[tuple[str, str]]:
        return await errors(shop, "inventorySet", given | values, team.token)

    assert await refused(onHand=-1) == [("INVALID", "onHand")]
    assert await refused(idempotencyKey="") == [("INVALID", "idempotencyKey")]
    assert await refused(backorderLimit=1) == [("INVALID", "backorderLimit")]
    assert await refused(locationId=global_id("Location", ABSENT)) == [("NOT_FOUND", "locationId")]
    await shop.do("inventorySet", given, token=team.token)
    assert await refused(onHand=2) == [("IDEMPOTENCY_KEY_MISMATCH", "idempotencyKey")]
