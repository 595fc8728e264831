"""Who is asking, and what the caller has proven about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from shop_graphql.platform.errors import Unauthenticated


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of a use case: a shopper, a guest with a cart, a seller's member, staff, or the system itself."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    cart_id: UUID | None = None
    """The guest cart whose secret came with the request."""
    seller_roles: Mapping[UUID, str] = field(default_factory=dict)
    """Role by seller for each team the user belongs to."""
    staff_roles: frozenset[str] = frozenset()
    is_system: bool = False
    """True for jobs and webhooks only; never for anything that came from a client."""

    @property
    def is_staff(self) -> bool:
        return bool(self.staff_roles)

    @property
    def sees_everything(self) -> bool:
        return self.is_system or self.is_staff

    @property
    def kind(self) -> str:
        """How audit rows and timelines name the caller."""
        if self.is_system:
            return "system"
        if self.is_staff:
            return "staff"
        return "user" if self.user_id else "anonymous"

    def key_space(self) -> UUID:
        """Whose idempotency keys these are: the user's, or the guest cart's.

        Raises: Unauthenticated for a caller that is neither.
        """
        owner = self.user_id or self.cart_id
        if owner is None:
            raise Unauthenticated("Sign in, or send the secret of a guest's cart in X-Cart-Token.")
        return owner


ANONYMOUS = Actor()
SYSTEM = Actor(is_system=True)
