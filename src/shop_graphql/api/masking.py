"""Errors made fit to be shown: each gets a code, and what is ours alone stays inside.

A bug is logged with its traceback and answered with nothing but the request id. Neither the document nor
its variables are ever logged: they hold names, addresses and secrets.
"""

import re
from typing import Any

import structlog
from graphql import GraphQLError

from shop_graphql.platform.errors import BadUserInput, ClientError, CostLimitExceeded, ServiceUnavailable
from shop_graphql.platform.observability import GRAPHQL_ERRORS, log

BAD_USER_INPUT = BadUserInput.code
SERVICE_UNAVAILABLE = ServiceUnavailable.code
INTERNAL = "INTERNAL"
MESSAGE_LENGTH_MAX = 500
"""A message quotes what the client sent, which may be a quarter of a megabyte."""
LOCATIONS_MAX = 20
ABORTED = "Validation aborted."
"""All that graphql-core says where checking a document takes too long or goes too deep."""
ECHO = re.compile(r"[,;] found: .*\Z", re.DOTALL)
"""A refused input as graphql-core quotes it, with whatever password stands in it: clients' logs would keep that."""
SUGGESTION = re.compile(r"\s*Did you mean\b.*?\?(?=\s|$)", re.DOTALL)


def present(error: GraphQLError, *, production: bool) -> None:
    """`error` has a code and a message that anybody may read; it is counted, and a bug is logged."""
    cause = cause_of(error)
    extensions: dict[str, Any] = dict(error.extensions or {})
    if isinstance(extensions.get("code"), str):
        pass
    elif isinstance(cause, ClientError | ServiceUnavailable):
        extensions["code"] = cause.code
        if isinstance(cause, ServiceUnavailable):
            extensions["retryAfter"] = cause.retry_after_seconds
    elif error.message == ABORTED:
        extensions["code"] = CostLimitExceeded.code
        error.message = "The document repeats too many fields or nests its fragments too deeply to be checked."
    elif is_clients_fault(error, cause):
        extensions["code"] = BAD_USER_INPUT
        error.message = _told(error.message, production=production)
    else:
        log.error("graphql.bug", path=error.path, exc_info=cause or error)
        extensions = internal_error()["extensions"]
        error.message = internal_error()["message"]
    if len(error.message) > MESSAGE_LENGTH_MAX:
        error.message = error.message[:MESSAGE_LENGTH_MAX] + "…"
    error.extensions = extensions
    GRAPHQL_ERRORS.labels(extensions["code"]).inc()


def _told(message: str, *, production: bool) -> str:
    told = ECHO.sub(".", message).replace("not to be None.", "not to be null.")
    return SUGGESTION.sub("", told) if production else told


def presented(error: Exception, *, production: bool) -> GraphQLError:
    """An exception from outside any resolver as a GraphQL error that may be shown."""
    shown = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
    present(shown, production=production)
    return shown


def formatted(error: GraphQLError) -> dict[str, Any]:
    """The error as the answer spells it."""
    shown: dict[str, Any] = dict(error.formatted)
    if "locations" in shown:
        shown["locations"] = shown["locations"][:LOCATIONS_MAX]
    return shown


def internal_error() -> dict[str, Any]:
    """All that a client learns of a bug."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return {
        "message": f"Something went wrong on our side. Quote request {request_id}.",
        "extensions": {"code": INTERNAL, "requestId": request_id},
    }


def cause_of(error: GraphQLError) -> Exception | None:
    """The exception that was raised first, or None for an error that graphql-core made itself."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def is_clients_fault(error: GraphQLError, cause: Exception | None) -> bool:
    """Whether the document or its variables are at fault rather than a resolver."""
    if error.path is None:
        # Without a path nothing has been executed. With nodes it is a value that a scalar refused.
        return cause is None or error.nodes is not None
    return cause is None and error.message.startswith("Argument '")
