"""Sellers with somebody who is signed in for them, for tests that go through GraphQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from shop_graphql.api.context import Services
from tests.factories.accounts import make_user, token_for
from tests.factories.sellers import make_seller


@dataclass(frozen=True)
class Team:
    """A seller, and an access token of its owner."""

    seller_id: UUID
    token: str


async def make_team(services: Services, *, name: str = "Acme", role: str = "owner") -> Team:
    """A committed seller whose only member has this role and is signed in."""
    user = await make_user(services.db)
    seller_id = await make_seller(services.db, owner_id=user.id, name=name)
    async with services.db.write() as session:
        await session.execute(
            text("update seller_members set role = :role where seller_id = :id"), {"role": role, "id": seller_id}
        )
    return Team(seller_id, await token_for(services.db, services.tokens, user, now=services.clock.now()))


async def make_staff(services: Services) -> str:
    """An access token of somebody of the shop's staff."""
    user = await make_user(services.db)
    async with services.db.write() as session:
        await session.execute(
            text("insert into user_roles (user_id, role, granted_at) values (:id, 'support', :now)"),
            {"id": user.id, "now": services.clock.now()},
        )
    return await token_for(services.db, services.tokens, user, now=services.clock.now())
