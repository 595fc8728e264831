"""GraphQL over HTTP: reads a request, has it executed, and answers with the right form, status and codes.

It never looks into a document (see `documents`) and never into an object. A subscription is answered with a stream of
events (see `event_stream`) where the client takes one, everything else with JSON where the client takes that. A
client that hangs up does not stop a mutation half-way: what has begun is finished or rolled back as a whole.

Source: GraphQL over HTTP, the draft of 2025. Under `application/json` a refused document is answered with 200,
as the draft advises for clients that read nothing but 200.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import strawberry
from graphql import GraphQLError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from shop_graphql.api.documents import GuardedSchema
from shop_graphql.api.event_stream import EventStream, as_event
from shop_graphql.api.limits import Limits
from shop_graphql.api.masking import BAD_USER_INPUT, INTERNAL, SERVICE_UNAVAILABLE, formatted, presented
from shop_graphql.api.middleware import request_id
from shop_graphql.api.negotiation import (
    GRAPHQL_JSON,
    JSON,
    MediaType,
    accepts_events,
    answer_type,
    prefers_html,
)
from shop_graphql.api.requests import GraphQLRequest, Refused, read_request
from shop_graphql.api.streams import StreamEnded, open_stream
from shop_graphql.platform.errors import Forbidden, RateLimited, ServiceUnavailable, Unauthenticated
from shop_graphql.platform.observability import GRAPHQL_ERRORS, log
from shop_graphql.platform.settings import Settings

OPERATION_SECONDS_MAX = 30.0
METHODS = {"Allow": "GET, POST"}
STATUS_OF_CODE = {
    SERVICE_UNAVAILABLE: 503,
    INTERNAL: 500,
    Unauthenticated.code: 401,
    Forbidden.code: 403,
    RateLimited.code: 429,
}
"""Where nothing was executed; anything else is a document or a request at fault."""

MakeContext = Callable[[Request, str], Awaitable[Any]]
BrowserPage = Callable[[Request], Awaitable[Response]]


class GraphQLEndpoint:
    """An ASGI application for one path; it refuses other methods itself, so the route names none."""

    def __init__(
        self,
        schema: strawberry.Schema,
        *,
        settings: Settings,
        make_context: MakeContext,
        browser_page: BrowserPage | None = None,
        seconds_max: float = OPERATION_SECONDS_MAX,
    ) -> None:
        self.schema = GuardedSchema(schema, limits=Limits.of(settings), production=settings.is_production)
        self._settings = settings
        self._make_context = make_context
        self._browser_page = browser_page
        self._seconds_max = seconds_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response: ASGIApp = await self._respond(request)
        except Refused as refused:
            GRAPHQL_ERRORS.labels(BAD_USER_INPUT).inc()
            error = {"message": str(refused), "extensions": {"code": BAD_USER_INPUT}}
            response = answer({"errors": [error]}, refused.status, JSON, refused.headers)
        except ClientDisconnect:
            log.info("graphql.client_gone")
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> ASGIApp:
        if request.method not in {"GET", "POST"}:
            raise Refused(405, "GraphQL is asked by POST, queries by GET too.", METHODS)
        accept = ",".join(request.headers.getlist("accept"))
        if request.method == "GET" and self._browser_page is not None and prefers_html(accept):
            return await self._browser_page(request)
        media_type = answer_type(accept)
        takes_events = request.method == "POST" and accepts_events(accept)
        if media_type is None and not takes_events:
            raise Refused(406, f"Answers come as {GRAPHQL_JSON} or {JSON}; accept one of them.")
        asked = await read_request(request, self._settings)
        response = await self._execute(request, asked, media_type or GRAPHQL_JSON, takes_events=takes_events)
        return as_event(response) if media_type is None and isinstance(response, Response) else response

    async def _execute(
        self, request: Request, asked: GraphQLRequest, media_type: MediaType, *, takes_events: bool
    ) -> ASGIApp:
        allowed = {OperationType.QUERY} if request.method == "GET" else {OperationType.QUERY, OperationType.MUTATION}
        try:
            async with asyncio.timeout(self._seconds_max):
                context = await self._make_context(request, request_id())
                try:
                    result = await self.schema.execute(
                        asked.query,
                        variable_values=asked.variables,
                        operation_name=asked.operation_name,
                        context_value=context,
                        allowed_operation_types=allowed,
                    )
                except InvalidOperationTypeError as error:
                    if not (takes_events and error.operation_type is OperationType.SUBSCRIPTION):
                        raise _wrong_operation(error, request.method) from None
                    return EventStream(await open_stream(self.schema, asked, context))
        except Refused:
            raise
        except StreamEnded as end:
            return answer_to(None, end.errors, None, media_type)
        except TimeoutError:
            return self._failure(ServiceUnavailable("An answer in time"), media_type)
        except Exception as error:
            return self._failure(error, media_type)
        return answer_to(result.data, result.errors or [], result.extensions, media_type)

    def _failure(self, error: Exception, media_type: MediaType) -> Response:
        shown = presented(error, production=self.schema.production)
        return answer_to(None, [shown], None, media_type)


def answer_to(
    data: Any, errors: list[GraphQLError], extensions: dict[str, Any] | None, media_type: MediaType
) -> Response:
    """The HTTP answer for the outcome of one operation."""
    # Only what was executed has paths: without any, the request itself was refused and has no `data`.
    executed = data is not None or any(error.path is not None for error in errors)
    body: dict[str, Any] = {"data": data} if executed else {}
    if errors:
        body["errors"] = [formatted(error) for error in errors]
    if extensions:
        body["extensions"] = extensions
    headers = {}
    waits = [error["extensions"].get("retryAfter") or 0 for error in body.get("errors", [])]
    if any(waits):
        headers["Retry-After"] = str(max(waits))
    codes = {error["extensions"]["code"] for error in body.get("errors", [])}
    if Unauthenticated.code in codes and not executed:
        headers["WWW-Authenticate"] = "Bearer"
    return answer(body, status_of(data, codes, executed=executed, media_type=media_type), media_type, headers)


def status_of(data: Any, codes: set[str], *, executed: bool, media_type: MediaType) -> int:
    """200 for whatever was executed, unless an outage left nothing of it; else what the codes say."""
    if data is None and SERVICE_UNAVAILABLE in codes:
        return 503
    if executed:
        return 200
    said = [status for code, status in STATUS_OF_CODE.items() if code in codes]
    refused = 400 if media_type == GRAPHQL_JSON else 200
    return said[0] if said else refused


def answer(body: dict[str, Any], status: int, media_type: MediaType, headers: dict[str, str]) -> Response:
    """`body` as JSON in UTF-8; never kept by a cache, since it may be somebody's own."""
    shared = {"Cache-Control": "no-store", "Vary": "Accept"}
    return Response(orjson.dumps(body), status, shared | headers, f"{media_type}; charset=utf-8")


def _wrong_operation(error: InvalidOperationTypeError, method: str) -> Refused:
    if error.operation_type is OperationType.SUBSCRIPTION and method == "POST":
        return Refused(
            406,
            "A subscription is answered as events: send `Accept: text/event-stream`, or open a WebSocket here with "
            "the subprotocol graphql-transport-ws.",
        )
    return Refused(
        405, f"A {error.operation_type.value} is not executed over {method}; send it by POST.", {"Allow": "POST"}
    )
