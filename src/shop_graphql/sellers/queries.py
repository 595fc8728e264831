"""Reading sellers, their teams, and what a signed-in user may do."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, any_, bindparam, func, select

from shop_graphql.accounts.models import User, UserRole, UserSession
from shop_graphql.accounts.states import UserStatus
from shop_graphql.platform.db import Reader, fetch_one
from shop_graphql.sellers.models import Seller, SellerMember
from shop_graphql.sellers.rows import MembershipRow, SellerRow, SessionRow
from shop_graphql.sellers.states import MemberRole

SELLERS = select(
    Seller.id,
    Seller.slug,
    Seller.name,
    Seller.status,
    Seller.country,
    Seller.payout_currency,
    Seller.about,
    Seller.ships_in_days,
    Seller.rating_count,
    Seller.rating_sum,
    Seller.created_at,
)
SELLERS_BY_IDS = SELLERS.where(Seller.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
SELLER_BY_SLUG = SELLERS.where(Seller.slug == bindparam("slug"))

MEMBERSHIPS_BY_USER_IDS = (
    select(SellerMember.user_id, SellerMember.seller_id, SellerMember.role)
    .where(SellerMember.user_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(SellerMember.user_id, SellerMember.added_at, SellerMember.seller_id)
)

_STAFF_ROLES = select(UserRole.role).where(UserRole.user_id == User.id).scalar_subquery()
_TEAMS = select(SellerMember.seller_id).where(SellerMember.user_id == User.id).order_by(SellerMember.seller_id)
LIVE_SESSIONS = (
    select(
        UserSession.id,
        User.id,
        func.array(_STAFF_ROLES, type_=ARRAY(Text)),
        func.array(_TEAMS.scalar_subquery(), type_=ARRAY(Uuid)),
        func.array(_TEAMS.with_only_columns(SellerMember.role).scalar_subquery(), type_=ARRAY(Text)),
    )
    .join(User, User.id == UserSession.user_id)
    .where(
        UserSession.id == any_(bindparam("ids", type_=ARRAY(Uuid))),
        UserSession.revoked_at.is_(None),
        UserSession.expires_at > bindparam("now", type_=DateTime(timezone=True)),
        User.status == UserStatus.ACTIVE,
    )
)


async def sellers_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, SellerRow]:
    """Sellers keyed by id, in any state; unknown ids are absent."""
    rows = await reader.fetch(SELLERS_BY_IDS, {"ids": ids}, into=SellerRow)
    return {row.id: row for row in rows}


async def seller_by_slug(reader: Reader, slug: str) -> SellerRow | None:
    """The seller of this name in URLs, in any state."""
    return await fetch_one(reader, SELLER_BY_SLUG, {"slug": slug}, into=SellerRow)


async def memberships_by_user_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[MembershipRow]]:
    """Each user's places in sellers' teams, the oldest first; users without any are absent."""
    found: dict[UUID, list[MembershipRow]] = defaultdict(list)
    for row in await reader.fetch(MEMBERSHIPS_BY_USER_IDS, {"ids": ids}, into=MembershipRow):
        found[row.user_id].append(row)
    return found


async def roles_of_user(reader: Reader, user_id: UUID) -> dict[UUID, MemberRole]:
    """The user's role in each team, keyed by seller."""
    memberships = await memberships_by_user_ids(reader, [user_id])
    return {row.seller_id: row.role for row in memberships.get(user_id, [])}


async def live_session(reader: Reader, session_id: UUID, now: datetime) -> SessionRow | None:
    """The sign-in and its user's roles, in one statement; None once it is revoked or over or its user may not act.

    It stands here because teams do: accounts lie below sellers and can't look up.
    """
    return (await live_sessions(reader, [session_id], now)).get(session_id)


async def live_sessions(reader: Reader, ids: list[UUID], now: datetime) -> dict[UUID, SessionRow]:
    """`live_session` for many, keyed by session; those that are over are absent."""
    rows = await reader.fetch(LIVE_SESSIONS, {"ids": ids, "now": now}, into=SessionRow)
    return {row.session_id: row for row in rows}
