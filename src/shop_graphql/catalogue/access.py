"""Who may see and who may change a seller's part of the catalogue. Pure; shared with the inventory."""

from typing import Protocol
from uuid import UUID

from shop_graphql.catalogue.errors import RoleTooLow
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.errors import NotFound
from shop_graphql.sellers.states import MemberRole

EDITORS = frozenset({MemberRole.OWNER, MemberRole.MANAGER})


class Shown(Protocol):
    """A row that knows whether everybody may see it."""

    @property
    def is_public(self) -> bool: ...


def belongs_to(actor: Actor, seller_id: UUID) -> bool:
    """Whether `actor` sees what only this seller sees: its team does, and so do staff."""
    return actor.sees_everything or seller_id in actor.seller_roles


def may_see(actor: Actor, row: Shown, seller_id: UUID) -> bool:
    """Whether `row`, which is this seller's, exists for `actor` at all."""
    return row.is_public or belongs_to(actor, seller_id)


def check_editor(actor: Actor, seller_id: UUID, *, field: tuple[str, ...]) -> None:
    """`actor` may change what is this seller's.

    Staff look on; they change a seller's goods only as a member of its team.
    Raises: NotFound for those who do not belong to it, RoleTooLow for its fulfillers and for staff.
    """
    if actor.is_system or actor.seller_roles.get(seller_id) in EDITORS:
        return
    if not belongs_to(actor, seller_id):
        raise NotFound(field=field)
    raise RoleTooLow(field=field)
