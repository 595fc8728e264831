"""What a job may use: built once per worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from shop_graphql.notifications.channels import ChannelUnavailable, Mail, Mailer, SmsSender, SmtpMailer, TwilioSms
from shop_graphql.payments.gateway import PaymentGateway
from shop_graphql.payments.stripe import StripeGateway
from shop_graphql.platform.clock import Clock, SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Deps:
    """Stores, ports and the clock."""

    db: Database
    clock: Clock
    gateway: PaymentGateway
    mailer: Mailer
    sms: SmsSender


class NoMailer:
    """Stands where no SMTP_URL is set: messages wait and say why."""

    async def send(self, mail: Mail) -> None:
        raise ChannelUnavailable("SMTP_URL is not set")


class NoSms:
    """Stands where no SMS_URL is set: messages wait and say why."""

    async def send(self, to: str, text: str) -> str:
        raise ChannelUnavailable("SMS_URL is not set")


@asynccontextmanager
async def deps_of(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[Deps]:
    """What the jobs of one worker share; given back when the block ends."""
    db = Database(settings.database_url, ids=TimeOrderedIds(), pool_size=settings.shop_database_pool)
    gateway = StripeGateway(
        base_url=settings.stripe_api_url,
        api_key=settings.stripe_api_key,
        webhook_secret=settings.stripe_webhook_secret,
    )
    sms = TwilioSms(settings.sms_url, settings.sms_from) if settings.sms_url else None
    mailer = SmtpMailer(settings.smtp_url, settings.mail_from) if settings.smtp_url else None
    try:
        yield Deps(db, clock or SystemClock(), gateway, mailer or NoMailer(), sms or NoSms())
    finally:
        if sms is not None:
            await sms.close()
        await gateway.close()
        await db.close()
