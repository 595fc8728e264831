"""The simulated outside world as processes: the payment gateway and the inbox. For development only."""

from shop_graphql.cli.environment import ROOT, fail, start_logging
from shop_graphql.dev.parts import Offset
from shop_graphql.dev.places import place_for
from shop_graphql.platform.settings import Settings

LOOPBACK = "127.0.0.1"


def serve_gateway(settings: Settings) -> None:
    """The simulated payment gateway, one port above the API's."""
    from shop_graphql.dev import gateway

    _prepare(settings)
    gateway.serve(
        LOOPBACK,
        settings.shop_port + Offset.GATEWAY,
        webhook_url=f"http://{LOOPBACK}:{settings.shop_port}/webhooks/stripe",
        webhook_secret=settings.stripe_webhook_secret,
        api_key=settings.stripe_api_key,
        state_path=place_for(ROOT).home / "gateway.sqlite3",
    )


def serve_inbox(settings: Settings) -> None:
    """The inbox for mail and SMS: its page two ports above the API's, its SMTP three."""
    from shop_graphql.dev import inbox

    _prepare(settings)
    port = settings.shop_port
    inbox.serve(LOOPBACK, port + Offset.INBOX, port + Offset.SMTP, place_for(ROOT).home / "inbox.sqlite3")


def _prepare(settings: Settings) -> None:
    if settings.is_production:
        fail("This is a simulator for development; in production the real service is named by its variable.")
    start_logging(settings)
