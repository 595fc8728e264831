"""Signing up and in, with real hashes and a real database."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import argon2
import pytest
from sqlalchemy import text

from shop_graphql.accounts import flows, queries
from shop_graphql.accounts.errors import (
    CredentialsInvalid,
    EmailInvalid,
    EmailTaken,
    PasswordTooCommon,
    PasswordTooLong,
    PasswordTooShort,
)
from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ShopError
from shop_graphql.sellers.queries import live_session
from tests.clock import FixedClock
from tests.factories.accounts import make_user

PASSWORD = "gravel trombone"
ADA: dict[str, Any] = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada", "locale": None}


class Desk(NamedTuple):
    """What signing in takes, and what was asked of the hasher."""

    db: Database
    passwords: PasswordHasher
    tokens: AccessTokens
    clock: FixedClock


class CountingHasher(PasswordHasher):
    """Notes each password that was hashed for nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.for_nobody: list[str] = []

    async def verify_nothing(self, password: str) -> bool:
        self.for_nobody.append(password)
        return await super().verify_nothing(password)


@pytest.fixture
def passwords() -> Iterator[CountingHasher]:
    hasher = CountingHasher()
    yield hasher
    hasher.close()


@pytest.fixture
def desk(db: Database, passwords: CountingHasher, signing_key: str, clock: FixedClock) -> Desk:
    return Desk(db, passwords, AccessTokens(signing_key, "https://shop.example"), clock)


async def test_sign_up_gives_a_token_of_a_live_session(desk: Desk) -> None:
    signed_in = await flows.sign_up(desk, **ADA)

    claims = desk.tokens.read(signed_in.access_token, desk.clock.now())
    session = await live_session(desk.db.reader, claims.session_id, desk.clock.now())
    assert session is not None
    assert session.user_id == claims.user_id == signed_in.user.id
    assert signed_in.user.email == "ada@example.com"


async def test_sign_up_keeps_a_hash_and_no_password(desk: Desk) -> None:
    await flows.sign_up(desk, **ADA)

    kept = await queries.credentials_by_email(desk.db.reader, "ada@example.com")
    assert kept is not None
    assert kept.password_hash.startswith("$argon2id$")
    assert PASSWORD not in kept.password_hash


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"email": "ada"}, EmailInvalid),
        ({"password": "gravel trombon"}, PasswordTooShort),
        ({"password": "x" * 257}, PasswordTooLong),
        ({"password": "ada at example com"}, PasswordTooCommon),
    ],
)
async def test_sign_up_leaves_nobody_when_refused(
    desk: Desk, changes: dict[str, str], refusal: type[ShopError]
) -> None:
    with pytest.raises(refusal):
        await flows.sign_up(desk, **(ADA | changes))

    assert await queries.credentials_by_email(desk.db.reader, "ada@example.com") is None


async def test_sign_up_refuses_an_address_twice_and_opens_no_session(desk: Desk) -> None:
    first = await flows.sign_up(desk, **ADA)

    with pytest.raises(EmailTaken):
        await flows.sign_up(desk, **(ADA | {"email": "ADA@example.com", "password": "another trombone"}))

    sessions = await desk.db.reader.fetch(text("select user_id from sessions"), into=lambda user_id: user_id)
    assert sessions == [first.user.id]


async def test_sign_in_opens_one_more_session(desk: Desk) -> None:
    first = await flows.sign_up(desk, **ADA)

    second = await flows.sign_in(desk, email=" Ada@Example.com", password=PASSWORD)

    assert second.user == first.user
    read = [desk.tokens.read(each.access_token, desk.clock.now()) for each in (first, second)]
    assert read[0].session_id != read[1].session_id


async def test_sign_in_takes_the_password_from_any_keyboard(desk: Desk) -> None:
    await flows.sign_up(desk, **(ADA | {"password": "gru\u0308ne Posaune 17"}))

    signed_in = await flows.sign_in(desk, email="ada@example.com", password="gr\u00fcne Posaune 17")

    assert signed_in.user.email == "ada@example.com"


async def test_sign_in_answers_strangers_and_wrong_passwords_alike(desk: Desk, passwords: CountingHasher) -> None:
    user = (await flows.sign_up(desk, **ADA)).user
    attempts = [
        ("ada@example.com", PASSWORD + "s"), ("ada@example.com", ""), ("ada@example.com", "x" * 257),
        ("eve@example.com", PASSWORD), ("not an address", PASSWORD), ("", ""),
    ]  # fmt: skip

    refusals = []
    for email, password in attempts:
        with pytest.raises(CredentialsInvalid) as refusal:
            await flows.sign_in(desk, email=email, password=password)
        refusals.append((str(refusal.value), refusal.value.code, refusal.value.field))

    assert len(set(refusals)) == 1
    # Each address without an account, and the password too long to be one, was hashed all the same.
    assert passwords.for_nobody == ["", PASSWORD, PASSWORD, ""]
    assert user.id is not None


async def test_sign_in_knows_neither_the_locked_nor_guests(desk: Desk, passwords: CountingHasher) -> None:
    await flows.sign_up(desk, **ADA)
    async with desk.db.write() as session:
        await session.execute(text("update users set status = 'locked'"))

    with pytest.raises(CredentialsInvalid):
        await flows.sign_in(desk, email="ada@example.com", password=PASSWORD)

    assert passwords.for_nobody == [PASSWORD]


async def test_sign_in_replaces_an_outdated_hash(desk: Desk) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await make_user(desk.db, email="ada@example.com", password_hash=cheap)

    await flows.sign_in(desk, email="ada@example.com", password=PASSWORD)

    kept = await queries.credentials_by_email(desk.db.reader, "ada@example.com")
    assert kept is not None
    assert not desk.passwords.needs_rehash(kept.password_hash)
    await flows.sign_in(desk, email="ada@example.com", password=PASSWORD)
