"""Who is asking, from the headers of a request."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.datastructures import Headers

from shop_graphql.accounts.rows import UserRow
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.api.identity import actor_of
from shop_graphql.cart import queries as carts
from shop_graphql.platform.auth import ANONYMOUS, Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ServiceUnavailable, Unauthenticated
from shop_graphql.platform.ids import TimeOrderedIds
from tests.clock import NOON, FixedClock
from tests.factories.accounts import make_user, token_for
from tests.factories.sellers import make_seller

CART_SECRET = "a-secret-of-a-cart"
NOWHERE = "postgresql://shop:shop@127.0.0.1:9/shop"


class Gate:
    """Asks for the caller of a request that has the given headers."""

    def __init__(self, db: Database, tokens: AccessTokens) -> None:
        self.db, self.tokens = db, tokens

    async def __call__(self, *headers: tuple[str, str], db: Database | None = None) -> Actor:
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        return await actor_of(Headers(raw=raw), tokens=self.tokens, db=db or self.db, clock=FixedClock())


@pytest.fixture
def gate(db: Database, signing_key: str) -> Gate:
    return Gate(db, AccessTokens(signing_key, "https://shop.example"))


@pytest.fixture
async def ada(db: Database) -> UserRow:
    return await make_user(db)


@pytest.fixture
async def token(db: Database, gate: Gate, ada: UserRow) -> str:
    return await token_for(db, gate.tokens, ada)


@pytest.fixture
async def cart_id(db: Database) -> UUID:
    """An open guest cart behind `CART_SECRET`."""
    key = TimeOrderedIds().new(NOON)
    async with db.write() as session:
        await session.execute(
            text(
                "insert into carts (id, guest_secret_hash, currency, created_at, updated_at, expires_at)"
                " values (:id, sha256(cast(:secret as bytea)), 'EUR', :now, :now, :later)"
            ),
            {"id": key, "secret": CART_SECRET.encode(), "now": NOON, "later": NOON.replace(year=2027)},
        )
    return key


async def test_nobody_comes_without_headers(gate: Gate, statements: list[str]) -> None:
    assert await gate() == ANONYMOUS
    assert statements == []


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_token_names_its_user_in_one_statement(
    gate: Gate, ada: UserRow, token: str, statements: list[str], scheme: str
) -> None:
    statements.clear()

    actor = await gate(("Authorization", f"{scheme} {token}"))

    assert (actor.user_id, actor.cart_id, actor.seller_roles, actor.staff_roles) == (ada.id, None, {}, frozenset())
    assert actor.session_id == gate.tokens.read(token, NOON).session_id
    assert not actor.is_system
    assert len(statements) == 1


async def test_a_token_brings_the_roles_of_its_user(gate: Gate, db: Database, ada: UserRow, token: str) -> None:
    seller_id = await make_seller(db, owner_id=ada.id)
    async with db.write() as session:
        await session.execute(
            text("insert into user_roles (user_id, role, granted_at) values (:id, 'support', :now)"),
            {"id": ada.id, "now": NOON},
        )

    actor = await gate(("Authorization", f"Bearer {token}"))

    assert actor.seller_roles == {seller_id: "owner"}
    assert actor.staff_roles == {"support"}


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "x", "Bearer x.y.z", "Bearer \xff", "Bearer a b"]
)
async def test_a_wrong_header_is_refused_not_ignored(gate: Gate, value: str) -> None:
    with pytest.raises(Unauthenticated):
        await gate(("Authorization", value))


async def test_two_tokens_are_one_too_many(gate: Gate, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await gate(("Authorization", f"Bearer {token}"), ("Authorization", f"Bearer {token}"))


async def test_a_token_of_a_session_that_never_was_is_refused(gate: Gate, ada: UserRow) -> None:
    stranger, _ = gate.tokens.issue(ada.id, UUID(int=5), NOON)

    with pytest.raises(Unauthenticated):
        await gate(("Authorization", f"Bearer {stranger}"))


async def test_a_token_of_somebody_elses_session_is_refused(gate: Gate, db: Database, token: str) -> None:
    eve = await make_user(db)
    mixed, _ = gate.tokens.issue(eve.id, gate.tokens.read(token, NOON).session_id, NOON)

    with pytest.raises(Unauthenticated):
        await gate(("Authorization", f"Bearer {mixed}"))


async def test_an_outage_is_never_a_lost_sign_in(gate: Gate, token: str) -> None:
    away = Database(NOWHERE, ids=TimeOrderedIds())

    with pytest.raises(ServiceUnavailable):
        await gate(("Authorization", f"Bearer {token}"), db=away)
    with pytest.raises(ServiceUnavailable):
        await gate(("X-Cart-Token", CART_SECRET), db=away)
    await away.close()


async def test_a_secret_names_its_guest_cart(gate: Gate, cart_id: UUID) -> None:
    assert await gate(("X-Cart-Token", CART_SECRET)) == Actor(cart_id=cart_id)


async def test_a_user_may_hold_a_guest_cart_too(gate: Gate, ada: UserRow, token: str, cart_id: UUID) -> None:
    actor = await gate(("Authorization", f"Bearer {token}"), ("X-Cart-Token", CART_SECRET))

    assert (actor.user_id, actor.cart_id) == (ada.id, cart_id)


@pytest.mark.parametrize("secret", ["", "unknown", "x" * 10_000, "\xff\xfe"])
async def test_an_unknown_secret_opens_nothing(gate: Gate, cart_id: UUID, secret: str) -> None:
    assert await gate(("X-Cart-Token", secret)) == ANONYMOUS


async def test_the_database_sees_a_hash_and_no_secret(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    async def note(_reader: Any, secret_hash: bytes) -> None:
        asked.append(secret_hash)

    monkeypatch.setattr(carts, "cart_id_by_secret", note)
    await gate(("X-Cart-Token", "abc"))

    # SHA-256 of "abc". Source: FIPS 180-4, example 1.
    assert asked[0].hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
