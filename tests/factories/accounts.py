"""People for tests."""

import itertools
from datetime import datetime

from shop_graphql.accounts import service as accounts
from shop_graphql.accounts.rows import UserRow
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.platform.db import Database
from tests.clock import NOON

NO_HASH = "not a hash: this person never signs in with a password"

_numbers = itertools.count(1)


async def make_user(
    db: Database,
    *,
    email: str | None = None,
    display_name: str = "Ada Example",
    password_hash: str = NO_HASH,
    now: datetime = NOON,
) -> UserRow:
    """A committed member with an address of their own."""
    address = email or f"person{next(_numbers)}@example.com"
    async with db.write() as session:
        return await accounts.register(
            session, email=address, password_hash=password_hash, display_name=display_name, locale=None, now=now
        )


async def token_for(db: Database, tokens: AccessTokens, user: UserRow, *, now: datetime = NOON) -> str:
    """An access token of a fresh, committed session of `user`."""
    async with db.write() as session:
        session_id = await accounts.open_session(session, user_id=user.id, device_label=None, now=now)
    return tokens.issue(user.id, session_id, now)[0]
