"""Sellers for tests."""

import itertools
from datetime import datetime
from uuid import UUID

from shop_graphql.platform.db import Database
from shop_graphql.sellers import service as sellers
from tests.clock import NOON
from tests.factories.accounts import make_user

_numbers = itertools.count(1)


async def make_seller(
    db: Database,
    *,
    owner_id: UUID | None = None,
    name: str = "Acme",
    slug: str | None = None,
    currency: str = "EUR",
    status: str = "active",
    now: datetime = NOON,
) -> UUID:
    """A committed seller, owned by a new member unless `owner_id` is given."""
    owner = owner_id or (await make_user(db, now=now)).id
    async with db.write() as session:
        return await sellers.create_seller(
            session,
            owner_id=owner,
            name=name,
            slug=slug or f"seller-{next(_numbers)}",
            country="DE",
            currency=currency,
            status=status,
            now=now,
        )
