"""Workers on this test's database and clock, with mail and text messages on real sockets."""

from collections.abc import AsyncIterator

import pytest

from shop_graphql.notifications.channels import SmtpMailer, TwilioSms
from shop_graphql.payments.stripe import StripeGateway
from shop_graphql.platform.db import Database
from shop_graphql.platform.settings import Settings
from tests.clock import FixedClock
from tests.dev.running import TLS
from tests.notifications.post_office import inbox_urls, mailer, post, sms
from workers.deps import Deps

__all__ = ["inbox_urls", "mailer", "post", "sms"]


@pytest.fixture
async def deps(
    settings: Settings, db: Database, clock: FixedClock, mailer: SmtpMailer, sms: TwilioSms
) -> AsyncIterator[Deps]:
    gateway = StripeGateway(
        base_url=settings.stripe_api_url,
        api_key=settings.stripe_api_key,
        webhook_secret=settings.stripe_webhook_secret,
        tls=TLS,
    )
    yield Deps(db, clock, gateway, mailer, sms)
    await gateway.close()
