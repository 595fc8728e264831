from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.api.middleware import RequestMiddleware
from shop_graphql.api.negotiation import GRAPHQL_JSON, JSON
from shop_graphql.platform.errors import Forbidden, RateLimited, ServiceUnavailable, Unauthenticated
from shop_graphql.platform.observability import REGISTRY
from tests.api.small_schema import PRODUCTION, SECRET, Api, small_api

QUERY = "{ product { name } }"
VARIABLE = "query ($of: Int!) { number(of: $of) }"


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with small_api() as api:
        yield api


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[Any]]:
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.mark.parametrize(
    ("query", "variables"),
    [("{", {}), ("{ nope }", {}), (VARIABLE, {}), (VARIABLE, {"of": 2**31}), ("query A { nope } query B { nope }", {})],
    ids=["parse", "validate", "variable missing", "variable too large", "which operation"],
)
@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL_JSON, 400), (JSON, 200)])
async def test_a_refused_document_has_no_data_but_a_code(
    api: Api, query: str, variables: dict[str, Any], accept: str, status: int
) -> None:
    response = await api.ask(query, variables=variables, accept=accept)

    assert response.status_code == status
    assert "data" not in response.json()
    assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["BAD_USER_INPUT"]


async def test_every_executed_answer_tells_its_cost(api: Api) -> None:
    answer = (await api.ask(QUERY)).json()

    assert answer == {"data": {"product": {"name": "Lamp"}}, "extensions": {"cost": {"requested": 1, "limit": 5_000}}}


async def test_the_operation_named_is_the_one_executed(api: Api) -> None:
    both = "query A { number(of: 1) } query B { number(of: 2) }"

    assert (await api.ask(both, operationName="B")).json()["data"] == {"number": 2}
    assert (await api.error(both, operationName="C"))["extensions"]["code"] == "BAD_USER_INPUT"
    assert (await api.error("subscription { x }"))["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("query", ["{ bug }", "{ nullWhereThereMustBeNone }"])
async def test_a_bug_is_masked_and_logged(api: Api, logs: list[Any], query: str) -> None:
    response = await api.ask(query)

    (error,) = response.json()["errors"]
    request_id = response.headers["X-Request-Id"]
    assert response.status_code == 200
    assert error["message"] == f"Something went wrong on our side. Quote request {request_id}."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": request_id}
    assert SECRET not in response.text
    (line,) = (line for line in logs if line["event"] == "graphql.bug")
    assert line["exc_info"].__traceback__ is not None


async def test_mistakes_of_the_client_keep_their_words(api: Api) -> None:
    wrong = await api.error("{ wrongInput }")
    unsigned = await api.error("{ mine }")

    assert (wrong["message"], wrong["extensions"]) == ("This is not an id.", {"code": "BAD_USER_INPUT"})
    assert unsigned["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_an_outage_that_leaves_nothing_is_503(api: Api) -> None:
    response = await api.ask("{ away }")

    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json()["errors"][0]["extensions"] == {"code": "SERVICE_UNAVAILABLE", "retryAfter": 2}


async def test_an_outage_of_one_part_leaves_the_rest(api: Api) -> None:
    response = await api.ask("{ product { name rating } }")

    assert response.status_code == 200
    assert response.headers["Retry-After"] == "2"
    assert response.json()["data"] == {"product": {"name": "Lamp", "rating": None}}
    assert response.json()["errors"][0]["path"] == ["product", "rating"]


async def test_an_operation_without_end_is_given_up() -> None:
    async with small_api(seconds_max=0.1) as api:
        response = await api.ask("{ slow }")

        assert response.status_code == 503
        assert response.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ServiceUnavailable("The database"), 503, "SERVICE_UNAVAILABLE"),
        (Unauthenticated("This token has expired."), 401, "UNAUTHENTICATED"),
        (Forbidden("This key may only read."), 403, "FORBIDDEN"),
        (RateLimited("Too many requests."), 429, "RATE_LIMITED"),
        (RuntimeError(SECRET), 500, "INTERNAL"),
    ],
)
@pytest.mark.parametrize("accept", [GRAPHQL_JSON, JSON])
async def test_a_caller_who_is_not_let_in_hears_why(error: Exception, status: int, code: str, accept: str) -> None:
    async def make_context(_request: Request, _request_id: str) -> None:
        raise error

    async with small_api(make_context=make_context) as api:
        response = await api.ask(QUERY, accept=accept)

        assert response.status_code == status
        assert response.json()["errors"][0]["extensions"]["code"] == code
        assert ("WWW-Authenticate" in response.headers) == (status == 401)
        assert SECRET not in response.text


SUGGESTIVE = [
    "{ produkt { name } }",
    "{ product { nam } }",
    "{ products(firs: 1) { nodes { name } } }",
    "{ product }",
    "query ($x: Strin) { product(slug: $x) { name } }",
    "{ product { ... on Produkt { name } } }",
    "{ product @inclde(if: true) { name } }",
]


@pytest.mark.parametrize("query", SUGGESTIVE)
async def test_suggestions_are_for_development_only(api: Api, query: str) -> None:
    async with small_api(PRODUCTION) as production:
        hidden = await production.ask(query)

        assert hidden.status_code == 400
        assert "Did you mean" not in hidden.text
        assert all(error["message"].endswith(".") for error in hidden.json()["errors"])
    # What production hides must have been there, or this test shows nothing.
    assert "Did you mean" in (await api.ask(query)).text or "inclde" in query


async def test_messages_quote_only_the_beginning_of_what_was_sent(api: Api) -> None:
    response = await api.ask("{ " + "a" * 200_000 + " }")

    assert response.status_code == 400
    assert len(response.content) < 2_000


@pytest.mark.parametrize("given", ["mobile-7f3a.b_1", "a" * 64])
async def test_a_clients_request_id_is_echoed(api: Api, given: str) -> None:
    response = await api.http.post("/graphql", json={"query": QUERY}, headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space here", "<script>alert</script>"])
async def test_any_other_request_id_is_replaced(api: Api, given: str) -> None:
    response = await api.http.post("/graphql", content=b"", headers={"X-Request-Id": given})

    assert response.status_code == 415
    assert len(response.headers["X-Request-Id"]) == 32
    assert response.headers["X-Request-Id"] != given


async def test_unknown_paths_answer_in_the_same_form(api: Api) -> None:
    response = await api.http.get("/nowhere/at/all")

    assert response.status_code == 404
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert "X-Request-Id" in response.headers


async def test_one_line_is_logged_without_what_was_asked(api: Api, logs: list[Any]) -> None:
    await api.ask('query ($of: Int!) { number(of: $of) product(slug: "private") { name } }', variables={"of": 4711})
    await api.ask('{ product(slug: "private") { nope } }')

    assert [line["event"] for line in logs] == ["http.request", "http.request"]
    assert {key: logs[0][key] for key in ("method", "route", "status")} == {
        "method": "POST",
        "route": "/graphql",
        "status": 200,
    }
    assert "private" not in str(logs)
    assert "4711" not in str(logs)


async def test_requests_and_errors_are_counted_by_few_labels(api: Api) -> None:
    def count(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(name, labels) or 0.0

    def counts() -> list[float]:
        return [
            count("shop_http_requests_total", route="/graphql", status="200"),
            count("shop_http_requests_total", route="other", status="404"),
            count("shop_graphql_errors_total", code="UNAUTHENTICATED"),
            count("shop_graphql_operation_seconds_count", kind="query"),
            count("shop_graphql_operation_seconds_count", kind="mutation"),
        ]

    before = counts()
    await api.ask("{ mine }")
    await api.ask("mutation { buy { name } }")
    await api.http.get("/a-path-of-my-own")

    assert [after - then for after, then in zip(counts(), before, strict=True)] == [2, 1, 1, 1, 1]


async def test_a_bug_outside_graphql_is_masked_too(logs: list[Any]) -> None:
    async def broken(_request: Request) -> Response:
        raise RuntimeError(SECRET)

    async def away(_request: Request) -> Response:
        raise ServiceUnavailable("The database")

    app = Starlette(routes=[Route("/broken", broken), Route("/away", away)], middleware=[Middleware(RequestMiddleware)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop.test") as http:
        bug = await http.get("/broken")
        outage = await http.get("/away")

    assert (bug.status_code, outage.status_code) == (500, 503)
    assert bug.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": bug.headers["X-Request-Id"]}
    assert outage.headers["Retry-After"] == "2"
    assert SECRET not in bug.text
    assert "http.bug" in [line["event"] for line in logs]
