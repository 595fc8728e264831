"""Signing up, signing in and asking who one is, as clients do it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shop_graphql.accounts.rows import UserRow
from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.clock import NOON, FixedClock
from tests.factories.accounts import make_user, token_for
from tests.factories.sellers import make_seller

PASSWORD = "gravel trombone"
ADA = {"email": "Ada@Example.com", "password": PASSWORD, "displayName": " Ada  Lovelace "}
NODE = "query ($id: ID!) { node(id: $id) { id ... on User { email } } }"


async def refused(shop: Shop, mutation: str, input: dict[str, Any]) -> list[dict[str, Any]]:
    """The user errors of a mutation that changed nothing."""
    payload = (await shop.data(operation(mutation), {"input": input}))[mutation]
    assert payload["user"] is payload["accessToken"] is payload["accessTokenExpiresAt"] is None
    errors: list[dict[str, Any]] = payload["userErrors"]
    return errors


async def test_register_makes_an_account_and_signs_in(shop: Shop) -> None:
    payload = await shop.do("userRegister", ADA | {"locale": "de-AT"})

    user = payload["user"]
    assert (user["email"], user["displayName"], user["locale"]) == ("ada@example.com", "Ada Lovelace", "de-AT")
    assert user["createdAt"] == "2026-11-23T12:00:00.000Z"
    assert payload["accessTokenExpiresAt"] == "2026-11-23T12:30:00.000Z"
    me = (await shop.data(operation("me"), token=payload["accessToken"]))["me"]
    assert me == user | {"isSeller": False, "sellers": []}


async def test_register_shows_a_domain_in_its_own_script(shop: Shop) -> None:
    payload = await shop.do("userRegister", ADA | {"email": "ada@BÜCHER.example"})

    assert payload["user"]["email"] == "ada@bücher.example"
    await shop.do("userLogin", {"email": "ada@xn--bcher-kva.example", "password": PASSWORD})


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"email": "ada"}, "EMAIL_INVALID", ["email"]),
        ({"password": "gravel trombon"}, "PASSWORD_TOO_SHORT", ["password"]),
        ({"password": "x" * 257}, "PASSWORD_TOO_LONG", ["password"]),
        ({"password": "correct horse battery staple"}, "PASSWORD_TOO_COMMON", ["password"]),
        ({"password": "Ada Lovelace 1815"}, "PASSWORD_TOO_COMMON", ["password"]),
        ({"displayName": " "}, "INVALID", ["displayName"]),
        ({"locale": "german"}, "INVALID", ["locale"]),
    ],
)
async def test_register_says_what_is_wrong(shop: Shop, changes: dict[str, str], code: str, field: list[str]) -> None:
    errors = await refused(shop, "userRegister", ADA | changes)

    assert [(error["code"], error["field"]) for error in errors] == [(code, field)]


async def test_register_refuses_a_taken_address(shop: Shop) -> None:
    await shop.do("userRegister", ADA)

    errors = await refused(shop, "userRegister", ADA | {"email": "ADA@example.com"})

    assert [(error["code"], error["field"]) for error in errors] == [("EMAIL_TAKEN", ["email"])]


async def test_login_gives_a_token_that_works(shop: Shop) -> None:
    registered = await shop.do("userRegister", ADA)

    payload = await shop.do("userLogin", {"email": "ada@example.com", "password": PASSWORD})

    assert payload["user"]["id"] == registered["user"]["id"]
    assert payload["accessToken"] != registered["accessToken"]
    assert payload["accessTokenExpiresAt"] == "2026-11-23T12:30:00.000Z"
    me = (await shop.data(operation("me"), token=payload["accessToken"]))["me"]
    assert me["id"] == payload["user"]["id"]


async def test_login_tells_nothing_about_who_exists(shop: Shop) -> None:
    await shop.do("userRegister", ADA)

    wrong = await refused(shop, "userLogin", {"email": "ada@example.com", "password": PASSWORD + "s"})
    unknown = await refused(shop, "userLogin", {"email": "eve@example.com", "password": PASSWORD})
    malformed = await refused(shop, "userLogin", {"email": "eve", "password": PASSWORD})

    assert wrong == unknown == malformed
    assert wrong == [
        {"code": "CREDENTIALS_INVALID", "message": "The e-mail address or the password is wrong.", "field": None}
    ]


async def test_nobody_is_null(shop: Shop) -> None:
    assert (await shop.data(operation("me")))["me"] is None


async def test_me_names_the_sellers_one_acts_for(shop: Shop, services: Services, db: Database) -> None:
    ada = await make_user(db)
    token = await token_for(db, services.tokens, ada)
    joined = ((NOON, "active"), (NOON + timedelta(days=1), "applied"))
    seller_ids = [await make_seller(db, owner_id=ada.id, status=status, now=now) for now, status in joined]

    me = (await shop.data(operation("me"), token=token))["me"]

    assert me["isSeller"] is True
    assert [(each["role"], each["seller"]["id"]) for each in me["sellers"]] == [
        ("OWNER", global_id("Seller", seller_id)) for seller_id in seller_ids
    ]


@pytest.mark.parametrize("teams", [1, 12])
async def test_me_takes_four_statements_however_many_teams(
    shop: Shop, services: Services, db: Database, statements: list[str], teams: int
) -> None:
    ada = await make_user(db)
    token = await token_for(db, services.tokens, ada)
    for _ in range(teams):
        await make_seller(db, owner_id=ada.id)
    statements.clear()

    me = (await shop.data(operation("me"), token=token))["me"]

    assert len(me["sellers"]) == teams
    assert len(statements) == 4, statements


async def test_a_token_is_refused_after_its_time(shop: Shop, clock: FixedClock) -> None:
    token = (await shop.do("userRegister", ADA))["accessToken"]
    clock.advance(30 * 60)

    answer = await shop.ask(operation("me"), token=token)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert not answer.get("data")


@pytest.mark.parametrize(
    "change",
    [
        "update users set status = 'locked'",
        "update sessions set revoked_at = created_at, revoke_reason = 'logout'",
    ],
)
async def test_a_token_dies_with_its_session(shop: Shop, db: Database, change: str) -> None:
    token = (await shop.do("userRegister", ADA))["accessToken"]
    async with db.write() as session:
        await session.execute(text(change))

    answer = await shop.ask(operation("me"), token=token)

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_a_user_is_visible_to_itself_and_staff_only(shop: Shop, services: Services, db: Database) -> None:
    ada, eve, clerk = await make_user(db, email="ada@example.com"), await make_user(db), await make_user(db)
    async with db.write() as session:
        await session.execute(
            text("insert into user_roles (user_id, role, granted_at) values (:id, 'support', :now)"),
            {"id": clerk.id, "now": clerk.created_at},
        )

    async def seen_by(user: UserRow | None) -> Any:
        token = await token_for(db, services.tokens, user) if user else None
        return (await shop.data(NODE, {"id": global_id("User", ada.id)}, token=token))["node"]

    assert await seen_by(ada) == {"id": global_id("User", ada.id), "email": "ada@example.com"}
    assert await seen_by(clerk) == {"id": global_id("User", ada.id), "email": "ada@example.com"}
    assert await seen_by(eve) is None
    assert await seen_by(None) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "ada@example.com", "password": PASSWORD},
        {"email": "ada@example.com", "password": PASSWORD, "displayName": "Ada", "name": "Ada"},
        {"email": 7, "password": PASSWORD, "displayName": None},
    ],
)
async def test_a_malformed_registration_does_not_repeat_the_password(shop: Shop, wrong: dict[str, Any]) -> None:
    answer = await shop.ask(operation("userRegister"), {"input": wrong})

    assert answer["errors"]
    assert PASSWORD not in json.dumps(answer)
    assert "None" not in json.dumps(answer)
