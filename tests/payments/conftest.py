"""Tests of paying have a gateway: the simulated one, on a real socket."""

import pytest

from shop_graphql.payments.stripe import StripeGateway
from shop_graphql.platform.db import Database
from tests.clock import FixedClock
from tests.payments.paying import Till
from tests.payments.simulator import clock, gateway, simulator

__all__ = ["clock", "gateway", "simulator"]


@pytest.fixture
def till(db: Database, gateway: StripeGateway, clock: FixedClock) -> Till:
    return Till(db, gateway, clock)
