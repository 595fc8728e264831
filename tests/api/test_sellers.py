"""Sellers as everyone sees them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.factories.accounts import make_user, token_for
from tests.factories.sellers import make_seller

NODE = "query ($id: ID!) { node(id: $id) { id ... on Seller { name } } }"


async def seller(shop: Shop, **arguments: Any) -> Any:
    token = arguments.pop("token", None)
    return (await shop.data(operation("seller"), arguments, token=token))["seller"]


async def test_a_seller_is_found_by_id_and_by_slug(shop: Shop, db: Database) -> None:
    seller_id = await make_seller(db, name="Acme", slug="acme")
    async with db.write() as session:
        await session.execute(text("update sellers set about = 'Tools.', rating_count = 3, rating_sum = 13"))

    found = await seller(shop, slug="acme")

    assert found == await seller(shop, id=global_id("Seller", seller_id))
    assert found == {
        "id": global_id("Seller", seller_id),
        "slug": "acme",
        "name": "Acme",
        "about": "Tools.",
        "country": "DE",
        "shipsInDays": 2,
        "rating": {"average": 4.33, "count": 3},
        "createdAt": "2026-11-23T12:00:00.000Z",
    }


async def test_a_seller_without_ratings_has_none(shop: Shop, db: Database) -> None:
    await make_seller(db, slug="acme")

    assert (await seller(shop, slug="acme"))["rating"] is None


@pytest.mark.parametrize("arguments", [{}, {"id": global_id("Seller", UUID(int=1)), "slug": "acme"}])
async def test_a_seller_is_asked_for_in_exactly_one_way(shop: Shop, arguments: dict[str, str]) -> None:
    answer = await shop.ask(operation("seller"), arguments)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_an_id_of_another_type_is_a_mistake(shop: Shop) -> None:
    answer = await shop.ask(operation("seller"), {"id": global_id("User", UUID(int=1))})

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_an_unknown_seller_is_null(shop: Shop) -> None:
    assert await seller(shop, slug="nobody") is None
    assert await seller(shop, slug="") is None
    assert await seller(shop, id=global_id("Seller", UUID(int=1))) is None


@pytest.mark.parametrize("status", ["applied", "suspended", "rejected", "closed"])
async def test_sellers_out_of_business_are_null_to_strangers(
    shop: Shop, services: Services, db: Database, status: str
) -> None:
    owner, stranger = await make_user(db), await make_user(db)
    seller_id = await make_seller(db, owner_id=owner.id, slug="acme", status=status)
    global_key = global_id("Seller", seller_id)
    own, strange = [await token_for(db, services.tokens, user) for user in (owner, stranger)]

    for token, expected in ((own, global_key), (strange, None), (None, None)):
        by_slug, by_id = await seller(shop, slug="acme", token=token), await seller(shop, id=global_key, token=token)
        node = (await shop.data(NODE, {"id": global_key}, token=token))["node"]
        assert [found and found["id"] for found in (by_slug, by_id, node)] == [expected] * 3


async def test_a_paused_seller_is_still_there(shop: Shop, db: Database) -> None:
    await make_seller(db, slug="acme", status="paused")

    assert (await seller(shop, slug="acme"))["slug"] == "acme"
