"""What holds for every HTTP request: an id, one line in the log, one count, and no traceback for anybody outside."""

import re
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shop_graphql.api.masking import BAD_USER_INPUT, SERVICE_UNAVAILABLE, internal_error
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.observability import GRAPHQL_ERRORS, REQUESTS, log

REQUEST_ID = "X-Request-Id"
REQUEST_ID_SHAPE = re.compile(r"[A-Za-z0-9._-]{8,64}")
ELSEWHERE = "other"
"""The label of every path that no route knows: clients must not be able to make new ones."""
CLIENT_GONE = 499


class RequestMiddleware:
    """Outermost of the application's own layers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        with structlog.contextvars.bound_contextvars(request_id=_id_of(Headers(scope=scope))):
            if scope["type"] == "http":
                await self._serve(scope, receive, send)
            else:
                await self.app(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID] = request_id()
                headers.setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception as error:
            log.error("http.bug", route=_route(scope), exc_info=error)
            if status == 0:
                await _failure(error)(scope, receive, send_with_id)
        finally:
            _note(scope, status or CLIENT_GONE, time.perf_counter() - started)


def request_id() -> str:
    """The id of the request being served; a new one outside any."""
    known: str | None = structlog.contextvars.get_contextvars().get("request_id")
    return known or uuid.uuid4().hex


async def http_error(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals (404, 405) in the same form as all others; an exception handler for the application."""
    assert isinstance(error, HTTPException)
    body = {"errors": [{"message": error.detail, "extensions": {"code": BAD_USER_INPUT}}]}
    GRAPHQL_ERRORS.labels(BAD_USER_INPUT).inc()
    return JSONResponse(body, status_code=error.status_code, headers=dict(error.headers or {}))


def _id_of(headers: Headers) -> str:
    given = headers.get(REQUEST_ID, "")
    return given if REQUEST_ID_SHAPE.fullmatch(given) else uuid.uuid4().hex


def _failure(error: Exception) -> Response:
    if isinstance(error, ServiceUnavailable):
        seconds = error.retry_after_seconds
        shown = {"message": str(error), "extensions": {"code": SERVICE_UNAVAILABLE, "retryAfter": seconds}}
        return JSONResponse({"errors": [shown]}, status_code=503, headers={"Retry-After": str(seconds)})
    return JSONResponse({"errors": [internal_error()]}, status_code=500)


def _route(scope: MutableMapping[str, Any]) -> str:
    return getattr(scope.get("route"), "path", ELSEWHERE)


def _note(scope: Scope, status: int, seconds: float) -> None:
    REQUESTS.labels(_route(scope), str(status)).inc()
    log.info(
        "http.request",
        method=scope["method"],
        route=_route(scope),
        status=status,
        milliseconds=round(seconds * 1000, 1),
    )
