"""What an operator sets: environment variables, read once and checked as a whole."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

DEVELOPMENT_SECRETS = frozenset({"sk_test_simulator", "whsec_simulator", ""})
"""Values that a public repository has shown to everyone; production refuses them."""


class ConfigurationError(Exception):
    """Settings the shop cannot start with; `problems` holds one line each, with the way to mend it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


Secret = Annotated[str, msgspec.Meta(extra={"secret": True})]
"""Text that opens something to whoever reads it; the README's table marks it."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename=str.upper):
    """Each field is the environment variable of the same name in capitals.

    What stands below a field, with its unit, is its row in the README: `make readme` copies it there.
    """

    shop_env: Literal["development", "production"] = "development"
    """Production refuses the secrets of development and answers no introspection."""
    shop_host: str = "127.0.0.1"
    """The address that the API listens on; `0.0.0.0` for all of the machine's."""
    shop_port: int = 8000
    """The API's port. `make run` takes the five after it, too."""
    shop_public_url: str = "http://127.0.0.1:8000"
    """Where customers reach the API, without a slash at the end; `https` in production. Also the issuer of access
    tokens: whoever changes it signs everybody out."""
    shop_log_format: Literal["json", "text"] = "text"
    """One line of JSON per event, or text for people."""
    shop_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least important event that is logged."""
    shop_signing_key: Secret = ""
    """The Ed25519 private key (PEM) that signs access tokens; this or the next is needed. A new one signs everybody
    out."""
    shop_signing_key_file: str = ""
    """A file that holds that key instead."""
    shop_currency: str = "EUR"
    """The currency (ISO 4217) of carts and prices where a client names none."""
    shop_database_pool: int = 10
    """Connections that each process keeps to the database; it may open as many again for a moment."""

    shop_proxies: str = "127.0.0.1,::1"
    """Whose `X-Forwarded-For` is believed: addresses and networks with commas between them, or `*` for everybody's."""
    shop_heartbeat_file: str = ""
    """Worker and relay touch it while they do their work, and `shop healthy` looks at it."""

    database_url: Secret = ""
    """PostgreSQL 18: `postgresql://user:password@host:port/name`. Needed."""
    migrations_database_url: Secret = ""
    """The same database as the owner of its tables, for `shop migrate` alone; one role does everything without it."""
    redis_url: Secret = ""
    """Redis or Valkey: `redis://:password@host:port/0`. Needed."""
    smtp_url: Secret = ""
    """The mail server: `smtp://user:password@host:port`. Needed in production; mails wait without it."""
    mail_from: str = "shop@example.com"
    """The sender of mails."""
    sms_url: Secret = ""
    """A service that speaks Twilio's dialect: `https://sid:token@host`. Needed in production; text messages wait
    without it."""
    sms_from: str = "+15005550006"
    """The sender of text messages (E.164)."""

    stripe_api_key: Secret = "sk_test_simulator"
    """The payment gateway's key. Production refuses the default."""
    stripe_api_url: str = ""
    """Another gateway that speaks Stripe's dialect; Stripe itself if empty."""
    stripe_webhook_secret: Secret = "whsec_simulator"  # noqa: S105  # the simulator's; production refuses it
    """What the gateway signs its calls to `/webhooks/stripe` with. Production refuses the default."""

    graphql_max_bytes: int = 262_144
    """Bytes that the body of a request may have."""
    graphql_max_depth: int = 10
    """Fields inside one another that an operation may have."""
    graphql_max_aliases: int = 15
    """Aliases that an operation may have."""
    graphql_max_directives: int = 50
    """Directives that an operation may have."""
    graphql_max_tokens: int = 2_000
    """Tokens that a document may have."""
    graphql_max_cost: int = 5_000
    """Points that an operation may cost: one for each object that it can give, ten for each mutation."""
    graphql_body_seconds: float = 10.0
    """Seconds within which the body of a request must be there."""

    @property
    def is_production(self) -> bool:
        return self.shop_env == "production"

    @property
    def signing_key(self) -> str:
        """The PEM text, from the variable or from the file it names."""
        if self.shop_signing_key or not self.shop_signing_key_file:
            return self.shop_signing_key
        return Path(self.shop_signing_key_file).read_text()


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, complete and safe for the mode they name.

    Raises: ConfigurationError with every problem at once.
    """
    source = os.environ if environ is None else environ
    names = {field.encode_name for field in msgspec.structs.fields(Settings)}
    given = {name: source[name] for name in names if source.get(name, "") != ""}
    try:
        settings = msgspec.convert(given, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigurationError([f"A setting has the wrong form: {error}"]) from None
    problems = problems_of(settings)
    if problems:
        raise ConfigurationError(problems)
    return settings


def problems_of(settings: Settings) -> list[str]:
    """Everything that keeps these settings from working, one line each."""
    problems = [
        f"{name} is not set. {hint}"
        for name, value, hint in (
            ("DATABASE_URL", settings.database_url, "Example: postgresql://shop:password@db.internal:5432/shop"),
            ("REDIS_URL", settings.redis_url, "Example: redis://:password@cache.internal:6379/0"),
        )
        if not value
    ]
    if settings.shop_signing_key_file and not Path(settings.shop_signing_key_file).is_file():
        problems.append(f"SHOP_SIGNING_KEY_FILE names no file: {settings.shop_signing_key_file}")
    elif not settings.signing_key:
        problems.append(
            "SHOP_SIGNING_KEY or SHOP_SIGNING_KEY_FILE is not set. Make a key: openssl genpkey -algorithm ed25519"
        )
    return problems + (_production_problems(settings) if settings.is_production else [])


def _production_problems(settings: Settings) -> list[str]:
    required = {"SMTP_URL": settings.smtp_url, "SMS_URL": settings.sms_url}
    problems = [
        f"{name} is not set, and production must reach its customers." for name, value in required.items() if not value
    ]
    secrets = {"STRIPE_API_KEY": settings.stripe_api_key, "STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secret}
    problems += [
        f"{name} is a development default. Set the one that the payment gateway gave you."
        for name, value in secrets.items()
        if value in DEVELOPMENT_SECRETS
    ]
    if not settings.shop_public_url.startswith("https://"):
        problems.append("SHOP_PUBLIC_URL must begin with https:// in production.")
    return problems
