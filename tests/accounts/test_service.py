"""Who exists, where they are signed in, what staff may do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from shop_graphql.accounts import queries, service
from shop_graphql.accounts.errors import EmailInvalid, EmailTaken
from shop_graphql.accounts.models import User, UserRole, UserSession
from shop_graphql.accounts.states import StaffRole, UserStatus
from shop_graphql.audit.models import AuditEntry
from shop_graphql.events.models import OutboxMessage
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.errors import Forbidden, Invalid, NotFound
from tests.clock import NOON
from tests.factories.accounts import make_user

NOBODY = UUID(int=0)
ADA: dict[str, Any] = {"password_hash": "hash", "display_name": "Ada", "locale": "de-AT", "now": NOON}


async def test_register_keeps_one_spelling_and_tells_the_fact(session: WriteSession) -> None:
    user = await service.register(session, email="Ada@Bücher.example", **ADA)

    assert (user.email, user.display_name, user.locale) == ("ada@xn--bcher-kva.example", "Ada", "de-AT")
    assert user == (await queries.users_by_ids(session, [user.id]))[user.id]
    facts = (await session.scalars(select(OutboxMessage))).all()
    assert [(fact.type, fact.aggregate_id, fact.payload) for fact in facts] == [("user.registered", user.id, {})]


async def test_register_refuses_an_address_in_any_spelling_it_has(db: Database) -> None:
    await make_user(db, email="ada@example.com")

    with pytest.raises(EmailTaken) as refusal:
        await make_user(db, email=" ADA@Example.com")

    assert refusal.value.field == ("email",)


async def test_register_refuses_what_it_cannot_keep(session: WriteSession) -> None:
    with pytest.raises(EmailInvalid):
        await service.register(session, email="ada", **ADA)
    with pytest.raises(Invalid):
        await service.register(session, email="ada@example.com", **(ADA | {"display_name": " "}))
    with pytest.raises(Invalid):
        await service.register(session, email="ada@example.com", **(ADA | {"locale": "german"}))

    assert (await session.scalars(select(User))).all() == []


async def test_register_lets_one_of_many_at_once_have_an_address(
    db: Database, run_together: Callable[..., Any]
) -> None:
    async def attempt() -> str:
        try:
            async with db.write() as session:
                await service.register(session, email="ada@example.com", **ADA)
        except EmailTaken:
            return "taken"
        return "registered"

    outcomes = await run_together([attempt() for _ in range(8)])

    assert sorted(outcomes) == ["registered"] + ["taken"] * 7


async def test_an_address_is_free_again_after_erasure(session: WriteSession) -> None:
    first = await service.register(session, email="ada@example.com", **ADA)
    await session.execute(
        text(
            "update users set status = 'erased', email = null, display_name = null, password_hash = null,"
            " erased_at = created_at where id = :id"
        ),
        {"id": first.id},
    )

    second = await service.register(session, email="ada@example.com", **ADA)

    assert second.id != first.id


async def test_a_guest_has_no_sign_in(session: WriteSession) -> None:
    guest_id = await service.guest_buyer(session, now=NOON)

    guest = (await queries.users_by_ids(session, [guest_id]))[guest_id]
    assert (guest.email, guest.display_name, guest.status) == (None, None, UserStatus.ACTIVE)


async def test_credentials_belong_to_active_members_only(session: WriteSession) -> None:
    user = await service.register(session, email="ada@example.com", **ADA)
    found = await queries.credentials_by_email(session, "ada@example.com")
    assert found is not None
    assert (found.user_id, found.password_hash) == (user.id, "hash")

    await session.execute(text("update users set status = 'locked'"))

    assert await queries.credentials_by_email(session, "ada@example.com") is None
    assert await queries.credentials_by_email(session, "eve@example.com") is None


async def test_a_session_lasts_thirty_days(session: WriteSession) -> None:
    user = await service.register(session, email="ada@example.com", **ADA)

    session_id = await service.open_session(session, user_id=user.id, device_label="x" * 500, now=NOON)

    opened = (await session.scalars(select(UserSession))).one()
    assert (opened.id, opened.user_id, opened.device_label) == (session_id, user.id, "x" * 200)
    assert opened.expires_at == NOON + timedelta(days=30)


async def test_replace_hash_spares_a_password_changed_meanwhile(session: WriteSession) -> None:
    user = await service.register(session, email="ada@example.com", **ADA)

    await service.replace_hash(session, user_id=user.id, old_hash="another", new_hash="lost")
    kept = await queries.credentials_by_email(session, "ada@example.com")
    await service.replace_hash(session, user_id=user.id, old_hash="hash", new_hash="fresh")
    fresh = await queries.credentials_by_email(session, "ada@example.com")

    assert kept is not None
    assert fresh is not None
    assert (kept.password_hash, fresh.password_hash) == ("hash", "fresh")


async def test_grant_role_leaves_one_trace_however_often(db: Database) -> None:
    boss, ada = await make_user(db), await make_user(db)
    actor = Actor(user_id=boss.id, staff_roles=frozenset({"admin"}))
    for _ in range(2):
        async with db.write() as session:
            await service.grant_role(session, actor=actor, user_id=ada.id, role=StaffRole.FINANCE, now=NOON)

    async with db.write() as session:
        granted = (await session.scalars(select(UserRole))).one()
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (granted.user_id, granted.role, granted.granted_by) == (ada.id, StaffRole.FINANCE, boss.id)
    assert (entry.actor_id, entry.actor_kind, entry.action) == (boss.id, "staff", "user.role_granted")
    assert (entry.subject_type, entry.subject_id, entry.changes) == ("user", ada.id, {"role": "finance"})


async def test_grant_role_is_for_admins_and_the_system(db: Database) -> None:
    ada = await make_user(db)
    for actor in (Actor(), Actor(user_id=ada.id), Actor(user_id=ada.id, staff_roles=frozenset({"support", "finance"}))):
        with pytest.raises(Forbidden):
            async with db.write() as session:
                await service.grant_role(session, actor=actor, user_id=ada.id, role=StaffRole.ADMIN, now=NOON)

    async with db.write() as session:
        await service.grant_role(session, actor=SYSTEM, user_id=ada.id, role=StaffRole.ADMIN, now=NOON)
        assert (await session.scalars(select(UserRole))).one().granted_by is None


async def test_grant_role_finds_active_members_only(db: Database) -> None:
    async with db.write() as session:
        guest_id = await service.guest_buyer(session, now=NOON)
    for user_id in (guest_id, NOBODY):
        with pytest.raises(NotFound):
            async with db.write() as session:
                await service.grant_role(session, actor=SYSTEM, user_id=user_id, role=StaffRole.ADMIN, now=NOON)
