"""Facts about accounts. Ids only: addresses and names never enter the feed."""

from dataclasses import dataclass
from typing import ClassVar

from shop_graphql.events.outbox import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRegistered(Event):
    """`aggregate_id` and `buyer_id` are the new user's."""

    name: ClassVar[str] = "user.registered"
    aggregate_type: ClassVar[str] = "user"
