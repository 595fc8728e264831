"""For which currency and instant prices and stock are shown: set where a query begins, handed down to all below."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from shop_graphql.api.context import Info


class Scene(NamedTuple):
    currency: str
    at: datetime


def scene_of(info: "Info", currency: str | None = None) -> Scene:
    """The present instant, and `currency` or else the shop's own."""
    return Scene(currency or info.context.services.settings.shop_currency, info.context.clock.now())
