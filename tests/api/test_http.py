import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from shop_graphql.api.negotiation import GRAPHQL_JSON, JSON, answer_type
from shop_graphql.platform.settings import Settings
from tests.api.small_schema import PRODUCTION, SETTINGS, Api, Calls, build, small_api
from tests.waiting import until

QUERY = "{ product { name } }"
CONTENT = {"Content-Type": "application/json", "Accept": JSON}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with small_api() as api:
        yield api


def only_code(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    assert error["message"]
    code: str = error["extensions"]["code"]
    return code


WRONG_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "null": b"null",
    "number": b"7",
    "string": b'"x"',
    "batch": b'[{"query": "{ product { name } }"}]',
    "brackets": b"[" * 100_000,
    "nested": b'{"query": "{ product { name } }", "variables": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    "not JSON": b"{query: x}",
    "not a number": b'{"query": "{ product { name } }", "variables": {"a": NaN}}',
    "latin-1": '{"query": "{ product(slug: \\"ü\\") { name } }"}'.encode("latin-1"),
    "half a pair": b'{"query": "{ product(slug: \\"\\ud800\\") { name } }"}',
    "NUL in a variable": b'{"query": "{ product { name } }", "variables": {"a": "\\u0000"}}',
    "NUL in the document": b'{"query": "{ product(slug: \\"\\\\u{0}\\") { name } }"}',
    "no query": b'{"qeury": "{ product { name } }"}',
    "blank query": b'{"query": " "}',
    "query is a list": b'{"query": ["{ product { name } }"]}',
    "variables are a list": b'{"query": "{ product { name } }", "variables": []}',
    "variables are text": b'{"query": "{ product { name } }", "variables": "{}"}',
    "operation name is a number": b'{"query": "{ product { name } }", "operationName": 1}',
    "extensions are a number": b'{"query": "{ product { name } }", "extensions": 0}',
    "query twice": b'{"query": "{ product { name } }", "query": "{ product { name } }"}',
    "digits": b'{"query": "a", "x": {"query": ' + b"9" * 5_000 + b"}}",
}


@pytest.mark.parametrize("body", WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
async def test_a_body_of_another_shape_is_refused(api: Api, body: bytes) -> None:
    response = await api.http.post("/graphql", content=body, headers=CONTENT)

    assert response.status_code == 400
    assert only_code(response) == "BAD_USER_INPUT"
    assert api.calls.ran.total() == 0


async def test_optional_members_may_be_null_and_unknown_ones_are_ignored(api: Api) -> None:
    body = {"query": QUERY, "variables": None, "operationName": None, "extensions": None, "doc_id": 1}

    response = await api.http.post("/graphql", json=body)

    assert response.json()["data"] == {"product": {"name": "Lamp"}}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/graphql"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_nothing_but_plain_json_is_read(api: Api, headers: dict[str, str]) -> None:
    response = await api.http.post("/graphql", content=json.dumps({"query": QUERY}), headers=headers)

    assert response.status_code == 415
    assert only_code(response) == "BAD_USER_INPUT"
    assert api.calls.ran.total() == 0


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; Charset=UTF-8"])
async def test_json_in_utf_8_is_read(api: Api, content_type: str) -> None:
    body = json.dumps({"query": '{ product(slug: "Stühle 🪑") { name } }'}, ensure_ascii=False)

    response = await api.http.post("/graphql", content=body, headers={"Content-Type": content_type})

    assert response.status_code == 200


async def test_a_large_body_is_refused_by_its_declared_size(api: Api) -> None:
    response = await api.http.post("/graphql", content=b"x" * (SETTINGS.graphql_max_bytes + 1), headers=CONTENT)

    assert response.status_code == 413
    assert only_code(response) == "BAD_USER_INPUT"


async def test_a_large_body_is_refused_while_it_arrives(api: Api) -> None:
    sent = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 100_000
            yield b" " * 100_000

    response = await api.http.post("/graphql", content=chunks(), headers=CONTENT)

    assert response.status_code == 413
    assert sent <= SETTINGS.graphql_max_bytes + 100_000


async def test_a_body_that_trickles_is_given_up() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(60)

    async with small_api(settings_with(graphql_body_seconds=0.1)) as api:
        response = await api.http.post("/graphql", content=chunks(), headers=CONTENT)

        assert response.status_code == 408
        assert response.headers["Connection"] == "close"
        assert only_code(response) == "BAD_USER_INPUT"


def settings_with(**changes: Any) -> Settings:
    return msgspec.structs.replace(SETTINGS, **changes)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_refused_with_those_allowed(api: Api, method: str) -> None:
    response = await api.http.request(method, "/graphql")

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, POST"


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_JSON),
        ("application/json, application/graphql-response+json", GRAPHQL_JSON),
        ("application/json, Application/GraphQL-Response+JSON; q=0.5", JSON),
        ("application/graphql-response+json;q=0, */*", JSON),
        ("application/graphql-response+json;q=x, application/json;q=0.1", JSON),
        ("application/graphql-response+json, text/event-stream", GRAPHQL_JSON),
        ("text/html", None),
        ("application/json;q=0, */*", None),
        ("application/json;q=0", None),
    ],
)
async def test_the_answer_has_the_form_that_was_asked_for(accept: str, given: str | None) -> None:
    assert answer_type(accept) == given


async def test_the_form_of_the_answer_is_declared(api: Api) -> None:
    new = await api.ask(QUERY, accept=GRAPHQL_JSON)
    old = await api.ask(QUERY, accept=JSON)
    neither = await api.ask(QUERY, accept="image/png")

    assert new.headers["Content-Type"] == "application/graphql-response+json; charset=utf-8"
    assert old.headers["Content-Type"] == "application/json; charset=utf-8"
    assert neither.status_code == 406
    assert only_code(neither) == "BAD_USER_INPUT"
    assert api.calls.ran["product"] == 2


async def test_queries_may_be_asked_by_get(api: Api) -> None:
    asked = {"query": "query Q($of: Int!) { number(of: $of) }", "variables": '{"of": 3}', "operationName": "Q"}

    response = await api.http.get("/graphql", params=asked)

    assert response.json()["data"] == {"number": 3}


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "query=",
        "query=%ff",
        "query=%7Ba%00%7D",
        "query=%7Ba%7D&query=%7Bb%7D",
        "query=%7Ba%7D&variables=7",
        "query=%7Ba%7D&variables=%7B",
        "query=%7Ba%7D&extensions=%5B%5D",
        "&".join(f"a{i}=1" for i in range(100)),
    ],
)
async def test_a_get_of_another_shape_is_refused(api: Api, asked: str) -> None:
    response = await api.http.get(f"/graphql?{asked}")

    assert response.status_code == 400
    assert only_code(response) == "BAD_USER_INPUT"


async def test_a_mutation_is_never_executed_by_get(api: Api) -> None:
    response = await api.http.get("/graphql", params={"query": "mutation { buy { name } }"})

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert only_code(response) == "BAD_USER_INPUT"
    assert api.calls.ran.total() == 0


async def test_a_browser_gets_its_page_and_programs_do_not() -> None:
    async def page(_request: Request) -> Response:
        return PlainTextResponse("GraphiQL")

    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with small_api(browser_page=page) as api:
        assert (await api.http.get("/graphql", headers=browser)).text == "GraphiQL"
        assert (await api.http.get("/graphql", params={"query": QUERY})).json()["data"]
        assert (await api.http.post("/graphql", json={"query": QUERY}, headers=browser)).json()["data"]


async def test_a_client_that_hangs_up_does_not_stop_a_mutation() -> None:
    calls = Calls()
    app, _ = build(PRODUCTION, calls)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    port = await until(lambda: _port(server), seconds=5)
    body = json.dumps({"query": "mutation { buy(wait: true) { name } }"}).encode()

    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await until(lambda: _count(calls.ran["begun"]), seconds=5)
    writer.close()
    await writer.wait_closed()
    await until(lambda: _count(not server.server_state.connections), seconds=5)
    calls.released.set()

    assert await until(lambda: _count(calls.ran["bought"]), seconds=5) == 1
    server.should_exit = True
    await serving


async def _port(server: Any) -> int | None:
    return server.servers[0].sockets[0].getsockname()[1] if server.started else None


async def _count(value: int) -> int:
    return value
