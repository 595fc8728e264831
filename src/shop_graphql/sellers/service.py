"""Sellers and their teams: the only module that writes `sellers` and `seller_members`."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import Invalid, violated_constraint
from shop_graphql.sellers.errors import SlugTaken
from shop_graphql.sellers.models import Seller, SellerMember
from shop_graphql.sellers.states import MemberRole, SellerStatus

NAME_MAX = 100
SLUG_MAX = 60
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


async def create_seller(
    session: WriteSession,
    *,
    owner_id: UUID,
    name: str,
    slug: str,
    country: str,
    currency: str,
    now: datetime,
    about: str | None = None,
    status: str = SellerStatus.ACTIVE,
) -> UUID:
    """A seller exists, and the user `owner_id` owns it.

    Units: `currency` is what payouts are made in, ISO 4217; `country` ISO 3166-1 alpha-2.
    Raises: Invalid, SlugTaken.
    """
    if not 1 <= len(name.strip()) <= NAME_MAX:
        raise Invalid(field=("name",), message=f"A seller's name has 1 to {NAME_MAX} characters.")
    if len(slug) > SLUG_MAX or SLUG.fullmatch(slug) is None:
        raise Invalid(field=("slug",), message="A slug is made of a-z, 0-9 and single hyphens.")
    seller = Seller(
        id=session.new_id(now),
        slug=slug,
        name=name.strip(),
        country=country,
        payout_currency=currency,
        about=about,
        status=SellerStatus(status),
        created_at=now,
    )
    session.add(seller)
    try:
        await session.flush()
    except IntegrityError as error:
        if violated_constraint(error) == "uq_sellers_slug":
            raise SlugTaken(field=("slug",)) from error
        raise
    session.add(SellerMember(seller_id=seller.id, user_id=owner_id, role=MemberRole.OWNER, added_at=now))
    await session.flush()
    return seller.id
