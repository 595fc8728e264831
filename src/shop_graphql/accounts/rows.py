"""What reading accounts gives."""

from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.accounts.states import UserStatus


class UserRow(msgspec.Struct, frozen=True):
    id: UUID
    email: str | None
    """Lower case with an ASCII domain; None for guests and the erased."""
    phone: str | None
    display_name: str | None
    locale: str
    status: UserStatus
    created_at: datetime


class CredentialsRow(msgspec.Struct, frozen=True):
    user_id: UUID
    password_hash: str
