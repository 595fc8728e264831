"""Signing up and signing in: a short transaction beside a hash that takes long.

The hash is made with no connection held; what the transaction writes is decided by its own constraints.
"""

from datetime import datetime
from typing import Protocol

import msgspec

from shop_graphql.accounts import queries, service
from shop_graphql.accounts.details import canonical_display_name, canonical_email, canonical_locale
from shop_graphql.accounts.errors import CredentialsInvalid, EmailInvalid
from shop_graphql.accounts.password_policy import canonical_password, checked_password
from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.rows import CredentialsRow, UserRow
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database


class Means(Protocol):
    """What signing up and in takes; a process holds one of each."""

    @property
    def db(self) -> Database: ...
    @property
    def passwords(self) -> PasswordHasher: ...
    @property
    def tokens(self) -> AccessTokens: ...
    @property
    def clock(self) -> Clock: ...


class SignedIn(msgspec.Struct, frozen=True):
    user: UserRow
    access_token: str
    access_token_expires_at: datetime


async def sign_up(means: Means, *, email: str, password: str, display_name: str, locale: str | None) -> SignedIn:
    """A new member exists and is signed in.

    Raises: EmailInvalid, EmailTaken, Invalid, PasswordTooShort, PasswordTooLong, PasswordTooCommon,
    ServiceUnavailable.
    """
    address, name, language = canonical_email(email), canonical_display_name(display_name), canonical_locale(locale)
    password_hash = await means.passwords.hash(checked_password(password, email=address, display_name=name))
    now = means.clock.now()
    async with means.db.write() as session:
        user = await service.register(
            session, email=address, password_hash=password_hash, display_name=name, locale=language, now=now
        )
        session_id = await service.open_session(session, user_id=user.id, device_label=None, now=now)
    return SignedIn(user, *means.tokens.issue(user.id, session_id, now))


async def sign_in(means: Means, *, email: str, password: str) -> SignedIn:
    """A member is signed in on one more device; an outdated hash has been replaced.

    An unknown address costs as much time as a wrong password and is answered alike.

    Raises: CredentialsInvalid, ServiceUnavailable.
    Source: OWASP Authentication Cheat Sheet, authentication responses.
    """
    typed = canonical_password(password)
    known = await _credentials(means.db, email)
    if typed is None or known is None:
        await means.passwords.verify_nothing(typed or "")
        raise CredentialsInvalid
    if not await means.passwords.verify(known.password_hash, typed):
        raise CredentialsInvalid
    fresh_hash = await means.passwords.hash(typed) if means.passwords.needs_rehash(known.password_hash) else None
    now = means.clock.now()
    async with means.db.write() as session:
        if fresh_hash is not None:
            await service.replace_hash(
                session, user_id=known.user_id, old_hash=known.password_hash, new_hash=fresh_hash
            )
        session_id = await service.open_session(session, user_id=known.user_id, device_label=None, now=now)
        users = await queries.users_by_ids(session, [known.user_id])
    return SignedIn(users[known.user_id], *means.tokens.issue(known.user_id, session_id, now))


async def _credentials(db: Database, email: str) -> CredentialsRow | None:
    try:
        address = canonical_email(email)
    except EmailInvalid:
        return None
    return await queries.credentials_by_email(db.reader, address)
