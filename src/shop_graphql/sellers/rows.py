"""What reading sellers gives."""

from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.sellers.states import MemberRole, SellerStatus


class SellerRow(msgspec.Struct, frozen=True):
    id: UUID
    slug: str
    name: str
    status: SellerStatus
    country: str
    payout_currency: str
    about: str | None
    ships_in_days: int
    rating_count: int
    rating_sum: int
    """Stars, 1 to 5 each."""
    created_at: datetime


class MembershipRow(msgspec.Struct, frozen=True):
    user_id: UUID
    seller_id: UUID
    role: MemberRole


class SessionRow(msgspec.Struct, frozen=True):
    """A live sign-in and all that its user may do; `seller_roles` has one entry per entry of `seller_ids`."""

    session_id: UUID
    user_id: UUID
    staff_roles: list[str]
    seller_ids: list[UUID]
    seller_roles: list[str]
