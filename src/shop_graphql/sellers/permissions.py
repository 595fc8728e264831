"""Who may see a seller. Pure."""

from uuid import UUID

from shop_graphql.platform.auth import Actor
from shop_graphql.sellers.states import SellerStatus

PUBLIC = frozenset({SellerStatus.ACTIVE, SellerStatus.PAUSED})
"""A paused seller sells nothing for a while and is still there."""


def may_see(actor: Actor, *, seller_id: UUID, status: SellerStatus) -> bool:
    """Everyone sees sellers in business; its own team and staff see one in any state."""
    return status in PUBLIC or seller_id in actor.seller_roles or actor.sees_everything
