"""A GraphQL request as it arrives over HTTP: bounded in size and time, and of the right shape or refused.

Only `application/json` is read: a form on a foreign page cannot send that without asking the browser first,
so no cross-site request reaches an operation.
"""

import asyncio
import json
import re
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import msgspec
import orjson
from starlette.requests import Request

from shop_graphql.platform.settings import Settings

FIELDS = ("query", "variables", "operationName", "extensions")
FIELD_COUNT_MAX = 20
CLOSE = {"Connection": "close"}
NUL = re.compile(rb"\\u0000|\\u\{0+\}|\x00")
"""The one character that PostgreSQL's text cannot hold, however it is spelled."""


class Refused(Exception):
    """The request is answered with this status before any GraphQL is looked at."""

    def __init__(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


class GraphQLRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a client asks to be executed."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


async def read_request(request: Request, settings: Settings) -> GraphQLRequest:
    """The GraphQL request inside an HTTP request.

    Raises: Refused.
    """
    if request.method == "GET":
        return request_in(_query_fields(request, bytes_max=settings.graphql_max_bytes))
    _check_headers(request)
    body = await read_body(request, bytes_max=settings.graphql_max_bytes, seconds=settings.graphql_body_seconds)
    return request_in(parsed(body, "The body"))


def parsed(text: bytes, what: str) -> Any:
    """The JSON value in `text`, which is a body or a message.

    Raises: Refused.
    """
    _refuse_nul(text)
    return _json(text, what)


async def read_body(request: Request, *, bytes_max: int, seconds: float) -> bytes:
    """The whole body, at most `bytes_max` long and within `seconds` altogether.

    Raises: Refused with 413 or 408.
    """
    too_large = Refused(413, f"The body is larger than {bytes_max:,} bytes.", CLOSE)
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and (len(declared) > len(str(bytes_max)) or int(declared) > bytes_max):
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > bytes_max:
                    raise too_large
    except TimeoutError:
        raise Refused(408, f"The body did not arrive within {seconds:g} seconds.", CLOSE) from None
    return bytes(body)


def _check_headers(request: Request) -> None:
    media_type, *parameters = (word.strip() for word in request.headers.get("content-type", "").lower().split(";"))
    charsets = {word.removeprefix("charset=").strip('"') for word in parameters if word.startswith("charset=")}
    if media_type != "application/json" or not charsets <= {"utf-8", "utf8"}:
        raise Refused(415, "Send the request as Content-Type: application/json, in UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(415, "Send the body as it is, without a Content-Encoding.")


def _query_fields(request: Request, *, bytes_max: int) -> dict[str, Any]:
    raw: bytes = request.scope["query_string"]
    if len(raw) > bytes_max:
        raise Refused(414, f"The query string is larger than {bytes_max:,} bytes.")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=FIELD_COUNT_MAX)
    except ValueError:
        raise Refused(400, "The query string is not URL-encoded UTF-8.") from None
    fields: dict[str, Any] = dict(pairs)
    if len(fields) < len(pairs):
        raise Refused(400, "A parameter is given twice.")
    _refuse_nul("".join(fields.values()).encode())
    for name in ("variables", "extensions"):
        if name in fields:
            fields[name] = _json(fields[name].encode(), f"`{name}`")
    return fields


def _json(text: bytes, what: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Refused(400, f"{what} is not valid JSON in UTF-8.") from None
    # orjson keeps the last of two equal keys and says nothing; what a gateway in front has read may be the first.
    if any(text.count(b'"%b"' % name.encode()) > 1 for name in FIELDS):
        _refuse_twins(text, what)
    return value


def _refuse_twins(text: bytes, what: str) -> None:
    try:
        json.loads(text, object_pairs_hook=_without_twins)
    except (RecursionError, ValueError):
        raise Refused(400, f"{what} is nested too deeply or holds a number that is too long.") from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refused(400, "A key occurs twice in one JSON object.")
    return found


def _refuse_nul(text: bytes) -> None:
    if NUL.search(text):
        raise Refused(400, "The request holds the character U+0000, which is not text.")


def request_in(fields: Any) -> GraphQLRequest:
    """The GraphQL request that decoded JSON holds.

    Raises: Refused.
    """
    if not isinstance(fields, dict):
        _wrong("The request is one JSON object; batches are not supported.")
    query, variables, name, extensions = (fields.get(field) for field in FIELDS)
    if not isinstance(query, str) or not query.strip():
        _wrong("`query` is missing: it holds the GraphQL document as a string.")
    if not isinstance(variables, dict | None):
        _wrong("`variables` is a JSON object or null.")
    if not isinstance(name, str | None):
        _wrong("`operationName` is a string or null.")
    if not isinstance(extensions, dict | None):
        _wrong("`extensions` is a JSON object or null.")
    return GraphQLRequest(query=query, variables=variables, operation_name=name, extensions=extensions)


def _wrong(message: str) -> NoReturn:
    raise Refused(400, message)
