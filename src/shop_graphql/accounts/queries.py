"""Reading accounts."""

from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from shop_graphql.accounts.models import User
from shop_graphql.accounts.rows import CredentialsRow, UserRow
from shop_graphql.accounts.states import UserStatus
from shop_graphql.platform.db import Reader, fetch_one

USERS_BY_IDS = select(
    User.id, User.email, User.phone, User.display_name, User.locale, User.status, User.created_at
).where(User.id == any_(bindparam("ids", type_=ARRAY(Uuid))))

CREDENTIALS_BY_EMAIL = select(User.id, User.password_hash).where(
    User.email == bindparam("email"),
    User.is_guest.is_(False),
    User.status == UserStatus.ACTIVE,
    User.password_hash.is_not(None),
)


async def users_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, UserRow]:
    """Users keyed by id, guests, the locked and the erased among them; unknown ids are absent."""
    rows = await reader.fetch(USERS_BY_IDS, {"ids": ids}, into=UserRow)
    return {row.id: row for row in rows}


async def credentials_by_email(reader: Reader, email: str) -> CredentialsRow | None:
    """What a sign-in is checked against; None unless an active member has this address in its canonical form."""
    return await fetch_one(reader, CREDENTIALS_BY_EMAIL, {"email": email}, into=CredentialsRow)
