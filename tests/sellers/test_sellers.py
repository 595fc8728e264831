"""Sellers, their teams, and the one statement behind every signed-in request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shop_graphql.accounts import service as accounts
from shop_graphql.accounts.states import StaffRole
from shop_graphql.platform.auth import ANONYMOUS, SYSTEM, Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import Invalid
from shop_graphql.sellers import queries, service
from shop_graphql.sellers.errors import SlugTaken
from shop_graphql.sellers.permissions import may_see
from shop_graphql.sellers.states import MemberRole, SellerStatus
from tests.clock import NOON
from tests.factories.accounts import make_user
from tests.factories.sellers import make_seller


async def session_of(db: Database, user_id: UUID) -> UUID:
    async with db.write() as session:
        return await accounts.open_session(session, user_id=user_id, device_label=None, now=NOON)


async def test_create_seller_makes_its_owner(db: Database) -> None:
    owner = await make_user(db)

    seller_id = await make_seller(db, owner_id=owner.id, name="  Acme ", slug="acme")

    seller = (await queries.sellers_by_ids(db.reader, [seller_id, UUID(int=0)]))[seller_id]
    assert (seller.name, seller.slug, seller.status) == ("Acme", "acme", SellerStatus.ACTIVE)
    assert (seller.country, seller.payout_currency, seller.created_at) == ("DE", "EUR", NOON)
    assert await queries.seller_by_slug(db.reader, "acme") == seller
    assert await queries.seller_by_slug(db.reader, "other") is None
    assert await queries.roles_of_user(db.reader, owner.id) == {seller_id: MemberRole.OWNER}
    assert await queries.roles_of_user(db.reader, UUID(int=0)) == {}


@pytest.mark.parametrize("slug", ["", "Acme", "a--b", "-a", "a-", "a b", "a/b", "ä", "a" * 61])
async def test_create_seller_refuses_a_slug_that_is_no_address(db: Database, slug: str) -> None:
    owner = await make_user(db)

    with pytest.raises(Invalid):
        async with db.write() as session:
            await service.create_seller(
                session, owner_id=owner.id, name="Acme", slug=slug, country="DE", currency="EUR", now=NOON
            )


async def test_create_seller_refuses_an_empty_name(db: Database) -> None:
    with pytest.raises(Invalid):
        await make_seller(db, name="  ")


async def test_create_seller_gives_a_slug_to_one_of_many(db: Database, run_together: Callable[..., Any]) -> None:
    owner = await make_user(db)

    async def attempt() -> str:
        try:
            await make_seller(db, owner_id=owner.id, slug="acme")
        except SlugTaken:
            return "taken"
        return "created"

    assert sorted(await run_together([attempt() for _ in range(5)])) == ["created"] + ["taken"] * 4


async def test_memberships_come_oldest_first_for_each_user(db: Database) -> None:
    ada, eve, nobody = await make_user(db), await make_user(db), await make_user(db)
    later = await make_seller(db, owner_id=ada.id, now=NOON + timedelta(days=1))
    sooner = await make_seller(db, owner_id=ada.id)
    other = await make_seller(db, owner_id=eve.id)

    found = await queries.memberships_by_user_ids(db.reader, [ada.id, eve.id, nobody.id])

    assert {user: [row.seller_id for row in rows] for user, rows in found.items()} == {
        ada.id: [sooner, later],
        eve.id: [other],
    }


async def test_live_session_brings_every_role_in_one_statement(db: Database, statements: list[str]) -> None:
    ada = await make_user(db)
    owned = await make_seller(db, owner_id=ada.id)
    helped = await make_seller(db)
    async with db.write() as session:
        for role in (StaffRole.FINANCE, StaffRole.ADMIN):
            await accounts.grant_role(session, actor=SYSTEM, user_id=ada.id, role=role, now=NOON)
        await session.execute(
            text("insert into seller_members values (:seller, :user, 'fulfiller', :now)"),
            {"seller": helped, "user": ada.id, "now": NOON},
        )
    session_id = await session_of(db, ada.id)
    statements.clear()

    live = await queries.live_session(db.reader, session_id, NOON)

    assert len(statements) == 1
    assert live is not None
    assert (live.session_id, live.user_id) == (session_id, ada.id)
    assert set(live.staff_roles) == {"admin", "finance"}
    assert dict(zip(live.seller_ids, live.seller_roles, strict=True)) == {owned: "owner", helped: "fulfiller"}


async def test_live_session_of_a_plain_shopper_has_no_roles(db: Database) -> None:
    ada = await make_user(db)

    live = await queries.live_session(db.reader, await session_of(db, ada.id), NOON)

    assert live is not None
    assert (live.staff_roles, live.seller_ids, live.seller_roles) == ([], [], [])


@pytest.mark.parametrize(
    "change",
    [
        "update sessions set revoked_at = created_at, revoke_reason = 'logout'",
        "update sessions set expires_at = created_at",
        "update users set status = 'locked'",
        "update users set status = 'erased', email = null, display_name = null, password_hash = null,"
        " erased_at = created_at",
        "delete from sessions",
    ],
)
async def test_a_session_dies_with_its_right(db: Database, change: str) -> None:
    session_id = await session_of(db, (await make_user(db)).id)
    assert await queries.live_session(db.reader, session_id, NOON) is not None

    async with db.write() as session:
        await session.execute(text(change))

    assert await queries.live_session(db.reader, session_id, NOON) is None


async def test_a_session_ends_at_its_last_instant(db: Database) -> None:
    session_id = await session_of(db, (await make_user(db)).id)
    end = NOON + accounts.SESSION_LIFETIME

    assert await queries.live_session(db.reader, session_id, end - timedelta(milliseconds=1)) is not None
    assert await queries.live_session(db.reader, session_id, end) is None


def test_sellers_out_of_business_are_seen_by_their_own_only() -> None:
    seller_id = UUID(int=7)
    member = Actor(user_id=UUID(int=1), seller_roles={seller_id: "fulfiller"})
    staff = Actor(user_id=UUID(int=2), staff_roles=frozenset({"support"}))
    stranger = Actor(user_id=UUID(int=3), seller_roles={UUID(int=8): "owner"})
    for status in SellerStatus:
        public = status in {SellerStatus.ACTIVE, SellerStatus.PAUSED}
        for actor, expected in ((member, True), (staff, True), (stranger, public), (ANONYMOUS, public)):
            assert may_see(actor, seller_id=seller_id, status=status) is expected
