"""What every resolver is given, built once per request; a subscription makes it new for each message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import strawberry

from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.api.accounts.loaders import AccountLoaders
from shop_graphql.api.cart.loaders import CartLoaders
from shop_graphql.api.catalogue.loaders import CatalogueLoaders
from shop_graphql.api.errors import UserError, to_user_error
from shop_graphql.api.inventory.loaders import InventoryLoaders
from shop_graphql.api.live import LiveFeed
from shop_graphql.api.loading import forget
from shop_graphql.api.orders.loaders import OrderLoaders
from shop_graphql.api.payments.loaders import PaymentLoaders
from shop_graphql.api.sellers.loaders import SellerLoaders
from shop_graphql.payments.gateway import PaymentGateway
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.cache import Cache
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database, Reader, WriteSession
from shop_graphql.platform.errors import ShopError
from shop_graphql.platform.observability import USER_ERRORS
from shop_graphql.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """What one process holds for all requests."""

    settings: Settings
    db: Database
    cache: Cache
    clock: Clock
    gateway: PaymentGateway
    passwords: PasswordHasher
    tokens: AccessTokens
    live: LiveFeed


class Loaders:
    """One dataloader per relation, grouped by domain."""

    def __init__(self, reader: Reader) -> None:
        self.accounts = AccountLoaders(reader)
        self.cart = CartLoaders(reader)
        self.catalogue = CatalogueLoaders(reader)
        self.inventory = InventoryLoaders(reader)
        self.orders = OrderLoaders(reader)
        self.payments = PaymentLoaders(reader)
        self.sellers = SellerLoaders(reader)

    def forget(self) -> None:
        """Drop everything remembered; called after each write, so that a payload is read fresh."""
        for group in vars(self).values():
            forget(group)


@dataclass(slots=True)
class Transaction:
    """One mutation field's transaction, and why it was refused once it was."""

    session: WriteSession
    now: datetime
    errors: list[UserError] = field(default_factory=list)


class Context:
    """Who asks, and everything a resolver may use to answer."""

    def __init__(self, services: Services, *, actor: Actor, request_id: str, client_ip: str) -> None:
        self.services = services
        self.db = services.db
        self.reader = services.db.reader
        self.clock = services.clock
        self.actor = actor
        self.request_id = request_id
        self.client_ip = client_ip
        self.loaders = Loaders(services.db.reader)

    async def sit_out(self) -> None:
        """PostgreSQL was away; it may be back, and will be asked anew.

        Raises: ServiceUnavailable where this server is about to stop.
        """
        await self.services.live.sit_out()
        self.loaders.forget()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One mutation field, one transaction; a `ShopError` rolls back and lands in `errors`."""
        errors: list[UserError] = []
        async with self.refusals(errors), self.db.write() as session:
            yield Transaction(session=session, now=self.clock.now(), errors=errors)

    @asynccontextmanager
    async def refusals(self, errors: list[UserError]) -> AsyncIterator[None]:
        """A `ShopError` raised inside lands in `errors`; for flows, which open their own transactions."""
        try:
            yield
        except ShopError as refusal:
            USER_ERRORS.labels(refusal.code).inc()
            errors.append(to_user_error(refusal))
        finally:
            self.loaders.forget()


Info: TypeAlias = strawberry.Info[Context, None]
