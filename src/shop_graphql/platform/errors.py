"""What can go wrong, in three kinds.

A refusal the caller can act on is a `ShopError` and travels as data in `userErrors`. A mistake of
the client is a `ClientError` and a top-level error. An outage is `ServiceUnavailable`. Everything
else is a bug: it is masked, logged and answered with the request id.
"""

import enum
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from asyncpg import exceptions as pg
from sqlalchemy import exc as alchemy


class ErrorCode(enum.StrEnum):
    """Why a mutation was refused. One list for the whole shop; codes are added, never renamed or reused."""

    ALREADY_EXISTS = "ALREADY_EXISTS"
    CART_EMPTY = "CART_EMPTY"
    CART_NOT_OPEN = "CART_NOT_OPEN"
    CREDENTIALS_INVALID = "CREDENTIALS_INVALID"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    EMAIL_INVALID = "EMAIL_INVALID"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    IDEMPOTENCY_IN_PROGRESS = "IDEMPOTENCY_IN_PROGRESS"
    IDEMPOTENCY_KEY_MISMATCH = "IDEMPOTENCY_KEY_MISMATCH"
    INVALID = "INVALID"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    OFFER_UNAVAILABLE = "OFFER_UNAVAILABLE"
    ORDER_NOT_PAYABLE = "ORDER_NOT_PAYABLE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    PASSWORD_TOO_LONG = "PASSWORD_TOO_LONG"  # noqa: S105  # a code, not a password
    PASSWORD_TOO_SHORT = "PASSWORD_TOO_SHORT"  # noqa: S105  # a code, not a password
    PASSWORD_TOO_COMMON = "PASSWORD_TOO_COMMON"  # noqa: S105  # a code, not a password
    PAYMENT_DECLINED = "PAYMENT_DECLINED"
    PAYMENT_GATEWAY_UNAVAILABLE = "PAYMENT_GATEWAY_UNAVAILABLE"
    PAYMENT_IN_PROGRESS = "PAYMENT_IN_PROGRESS"
    PRICE_CHANGED = "PRICE_CHANGED"
    QUANTITY_INVALID = "QUANTITY_INVALID"
    STATE_CONFLICT = "STATE_CONFLICT"
    STOCK_CHANGED = "STOCK_CHANGED"
    TOO_MANY = "TOO_MANY"


class ShopError(Exception):
    """An expected refusal. Bugs and outages are other exceptions, never this.

    `field` is the path inside `input` of what was at fault, outermost first, list positions as digits.
    """

    code: ClassVar[ErrorCode]
    message: ClassVar[str]

    def __init__(self, *, field: tuple[str, ...] = (), message: str | None = None) -> None:
        super().__init__(message or self.message)
        self.field = field


class NotFound(ShopError):
    """The object is absent or somebody else's; the two look the same."""

    code = ErrorCode.NOT_FOUND
    message = "This object does not exist or is not yours."


class Invalid(ShopError):
    """A value breaks a rule that the message names."""

    code = ErrorCode.INVALID
    message = "This value is not valid."


class ClientError(Exception):
    """A top-level error: the request itself is at fault. `code` goes into `extensions.code`."""

    code: ClassVar[str]


class BadUserInput(ClientError):
    code = "BAD_USER_INPUT"


class Unauthenticated(ClientError):
    code = "UNAUTHENTICATED"


class Forbidden(ClientError):
    code = "FORBIDDEN"


class CostLimitExceeded(ClientError):
    code = "COST_LIMIT_EXCEEDED"


class RateLimited(ClientError):
    code = "RATE_LIMITED"


class ReadTooSlowly(ClientError):
    """More has happened than a subscriber has fetched; nothing is lost to one that resumes behind its last cursor."""

    code = "READ_TOO_SLOWLY"


class ServiceUnavailable(Exception):
    """A store or service that this request cannot do without is away; trying again later is right."""

    code: ClassVar[str] = "SERVICE_UNAVAILABLE"
    retry_after_seconds: ClassVar[int] = 2

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} is not available at the moment.")


OUTAGE = (
    OSError,
    TimeoutError,
    alchemy.TimeoutError,
    pg.PostgresConnectionError,
    pg.CannotConnectNowError,
    pg.AdminShutdownError,
    pg.CrashShutdownError,
    pg.TooManyConnectionsError,
    pg.LockNotAvailableError,
    pg.QueryCanceledError,
)
"""What the driver and the pool raise when PostgreSQL is away, going away, full or too busy to answer in time."""


@contextmanager
def translate_database_errors() -> Iterator[None]:
    """An outage of PostgreSQL leaves this block as `ServiceUnavailable`, everything else unchanged."""
    try:
        yield
    except alchemy.DBAPIError as error:
        if error.connection_invalidated or isinstance(driver_error(error), OUTAGE):
            raise ServiceUnavailable("The database") from error
        raise
    except OUTAGE as error:
        raise ServiceUnavailable("The database") from error


def driver_error(error: alchemy.DBAPIError) -> BaseException | None:
    """asyncpg's own exception inside SQLAlchemy's two wrappers."""
    return error.orig.__cause__ if error.orig is not None else None


def violated_constraint(error: alchemy.IntegrityError) -> str | None:
    """The name of the constraint that refused a write, as PostgreSQL tells it."""
    return getattr(driver_error(error), "constraint_name", None)
