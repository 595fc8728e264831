"""Who may use a field at all. What they may see of it is decided by the queries and use cases below.

Every mutation declares one `Needs`; a test walks the schema and fails on one that does not.
"""

import enum
from collections.abc import Awaitable, Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from shop_graphql.platform.auth import Actor
from shop_graphql.platform.errors import Forbidden, Unauthenticated


class Access(enum.Enum):
    """The least that a caller must have proven."""

    ANYONE = "anyone"
    SHOPPER = "shopper"
    """Signed in, or holding a guest cart's secret."""
    SIGNED_IN = "signed in"
    SELLER = "seller"
    """A member of at least one seller's team."""
    STAFF = "staff"


def check(actor: Actor, access: Access) -> None:
    """Raises: Unauthenticated when nobody has signed in, Forbidden when the wrong one has."""
    if access is Access.ANYONE:
        return
    if access is Access.SHOPPER:
        if actor.user_id is None and actor.cart_id is None:
            raise Unauthenticated(
                "Sign in, or send the secret of a guest's cart in X-Cart-Token; none came that opens one."
            )
        return
    if actor.user_id is None:
        raise Unauthenticated("Sign in first: send an access token as Authorization: Bearer.")
    if access is Access.SELLER and not (actor.seller_roles or actor.is_staff):
        raise Forbidden("This operation is for members of a seller's team.")
    if access is Access.STAFF and not actor.is_staff:
        raise Forbidden("This operation is for staff.")


class Needs(FieldExtension):
    """Refuses a field before its resolver runs and before any object is looked at."""

    def __init__(self, access: Access) -> None:
        self.access = access

    async def resolve_async(
        self, next_: Callable[..., Awaitable[Any]], source: Any, info: strawberry.Info[Any, None], **kwargs: Any
    ) -> Any:
        check(info.context.actor, self.access)
        return await next_(source, info, **kwargs)
