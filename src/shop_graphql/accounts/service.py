"""Accounts: who exists, where they are signed in, what staff may do.

The only module that writes `users`, `user_roles` and `sessions`. Passwords arrive here as hashes:
hashing takes too long to happen inside a transaction.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from shop_graphql.accounts.details import canonical_display_name, canonical_email, canonical_locale
from shop_graphql.accounts.errors import EmailInvalid, EmailTaken
from shop_graphql.accounts.events import UserRegistered
from shop_graphql.accounts.models import User, UserRole, UserSession
from shop_graphql.accounts.rows import UserRow
from shop_graphql.accounts.states import StaffRole, UserStatus
from shop_graphql.audit import service as audit
from shop_graphql.events.outbox import publish
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import Forbidden, NotFound, ShopError, violated_constraint

SESSION_LIFETIME = timedelta(days=30)
DEVICE_LABEL_MAX = 200

REFUSALS: dict[str | None, type[ShopError]] = {"uq_users_email": EmailTaken, "ck_users_email_shape": EmailInvalid}
"""What a constraint of `users` says to the one who typed the address."""


async def register(
    session: WriteSession, *, email: str, password_hash: str, display_name: str, locale: str | None, now: datetime
) -> UserRow:
    """A member exists who can sign in with this address; the fact is published.

    Of two that register one address at once, the second waits for the first and is refused.

    Raises: EmailInvalid, EmailTaken, Invalid.
    """
    user = User(
        id=session.new_id(now),
        email=canonical_email(email),
        display_name=canonical_display_name(display_name),
        password_hash=password_hash,
        password_changed_at=now,
        locale=canonical_locale(locale),
        status=UserStatus.ACTIVE,
        created_at=now,
    )
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    await publish(session, UserRegistered(aggregate_id=user.id, buyer_id=user.id), now=now)
    return UserRow(user.id, user.email, None, user.display_name, user.locale, user.status, now)


def _refusal_of(error: IntegrityError) -> ShopError | None:
    kind = REFUSALS.get(violated_constraint(error))
    return kind(field=("email",)) if kind else None


async def guest_buyer(session: WriteSession, *, now: datetime) -> UUID:
    """A person without sign-in exists, for an order to belong to."""
    guest = User(id=session.new_id(now), is_guest=True, created_at=now)
    session.add(guest)
    await session.flush()
    return guest.id


async def open_session(session: WriteSession, *, user_id: UUID, device_label: str | None, now: datetime) -> UUID:
    """The user is signed in on one more device, for `SESSION_LIFETIME` at most."""
    opened = UserSession(
        id=session.new_id(now),
        user_id=user_id,
        device_label=device_label[:DEVICE_LABEL_MAX] if device_label else None,
        created_at=now,
        last_used_at=now,
        expires_at=now + SESSION_LIFETIME,
    )
    session.add(opened)
    await session.flush()
    return opened.id


async def replace_hash(session: WriteSession, *, user_id: UUID, old_hash: str, new_hash: str) -> None:
    """The same password is kept under today's parameters, unless it was changed in the meantime."""
    unchanged = (User.id == user_id, User.password_hash == old_hash)
    await session.execute(update(User).where(*unchanged).values(password_hash=new_hash))


async def grant_role(session: WriteSession, *, actor: Actor, user_id: UUID, role: StaffRole, now: datetime) -> None:
    """The member is staff with `role`, and the trail says who made it so. Granting twice changes nothing.

    Raises: Forbidden unless the actor is an admin or the system itself, NotFound.
    """
    if not (actor.is_system or StaffRole.ADMIN in actor.staff_roles):
        raise Forbidden("Only admins give roles to staff.")
    member = select(User.id).where(User.id == user_id, User.is_guest.is_(False), User.status == UserStatus.ACTIVE)
    # Held until the end, so that the member is not erased between the look and the grant.
    if await session.scalar(member.with_for_update(read=True, key_share=True)) is None:
        raise NotFound(field=("userId",))
    grant = {"user_id": user_id, "role": role, "granted_by": actor.user_id, "granted_at": now}
    granted = insert(UserRole).values(grant).on_conflict_do_nothing().returning(UserRole.role)
    if await session.scalar(granted) is None:
        return
    await audit.record(
        session,
        actor=actor,
        action="user.role_granted",
        subject_type="user",
        subject_id=user_id,
        changes={"role": role.value},
        now=now,
    )
