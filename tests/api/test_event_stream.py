"""Subscriptions as server-sent events, on the endpoint that answers everything else with JSON."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from shop_graphql.api.streams import TRIES_MAX
from tests.api.small_schema import PRODUCTION, SECRET, Api, small_api

EVENTS = "text/event-stream"
URQL = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed"
LAMPS = "subscription { lamps { name } }"
COST = {"cost": {"requested": 1, "limit": 5_000}}


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    async with small_api(PRODUCTION) as api:
        yield api


def results(response: httpx.Response) -> list[Any]:
    """The JSON of each `next`, once it is sure that the stream is whole and spelled as clients read it."""
    assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert "\r" not in response.text
    *blocks, last, rest = response.text.split("\n\n")
    assert (last, rest) == ("event: complete\ndata:", "")
    found = [block.removeprefix("event: next\ndata: ") for block in blocks if block != ":"]
    return [json.loads(block) for block in found]


@pytest.mark.parametrize("accept", [EVENTS, URQL])
async def test_a_subscription_is_answered_with_events(api: Api, accept: str) -> None:
    response = await api.ask(LAMPS, accept=accept)

    assert response.status_code == 200
    assert results(response) == [{"data": {"lamps": {"name": "Lamp"}}, "extensions": COST}] * 2
    assert response.headers["X-Request-Id"]


async def test_variables_and_the_operations_name_count(api: Api) -> None:
    document = "query Q { product { name } } subscription S($n: Int!) { lamps(count: $n) { name } }"

    response = await api.ask(document, accept=EVENTS, operationName="S", variables={"n": 3})

    assert len(results(response)) == 3


async def test_whoever_takes_json_gets_json_for_all_else(api: Api) -> None:
    response = await api.ask("{ product { name } }", accept=URQL)

    assert response.headers["Content-Type"].startswith("application/graphql-response+json")
    assert response.json()["data"] == {"product": {"name": "Lamp"}}


@pytest.mark.parametrize("document", ["{ product { name } }", "mutation { product: buy { name } }"])
async def test_whoever_takes_only_events_gets_one_for_all_else(api: Api, document: str) -> None:
    [result] = results(await api.ask(document, accept=EVENTS))

    assert result["data"] == {"product": {"name": "Lamp"}}


@pytest.mark.parametrize("accept", ["application/json", "*/*", "text/event-stream;q=0, */*"])
async def test_a_subscription_without_a_stream_is_told_how(api: Api, accept: str) -> None:
    response = await api.ask(LAMPS, accept=accept)

    assert response.status_code == 406
    [error] = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "Accept: text/event-stream" in error["message"]
    assert "graphql-transport-ws" in error["message"]
    assert api.calls.ran.total() == 0


async def test_no_subscription_begins_by_get(api: Api) -> None:
    response = await api.http.get("/graphql", params={"query": LAMPS}, headers={"Accept": f"{EVENTS}, */*"})

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert api.calls.ran.total() == 0


REFUSED = {
    "too deep": ("subscription { lamps { " + "next { " * 12 + "name" + " }" * 14, 400, "COST_LIMIT_EXCEEDED"),
    "too dear": (
        "subscription { lamps { images { images { images { images { name } } } } } }",
        400,
        "COST_LIMIT_EXCEEDED",
    ),
    "two fields": ("subscription { lamps { name } broken }", 400, "BAD_USER_INPUT"),
    "unknown field": ("subscription { lamps { colour } }", 400, "BAD_USER_INPUT"),
    "no such value": ('subscription { lamps(count: "two") { name } }', 400, "BAD_USER_INPUT"),
    "no such variable": ("subscription ($n: Int!) { lamps(count: $n) { name } }", 400, "BAD_USER_INPUT"),
}


@pytest.mark.parametrize(("document", "status", "code"), REFUSED.values(), ids=REFUSED.keys())
async def test_subscriptions_meet_the_same_limits(api: Api, document: str, status: int, code: str) -> None:
    answered = await api.ask(document, accept=URQL)
    streamed = await api.ask(document, accept=EVENTS)

    assert answered.status_code == status
    for body in (answered.json(), *results(streamed)):
        assert "data" not in body
        assert {error["extensions"]["code"] for error in body["errors"]} == {code}
    assert api.calls.ran.total() == 0


async def test_a_bug_ends_the_stream_and_stays_inside(api: Api) -> None:
    response = await api.ask("subscription { broken }", accept=EVENTS)

    first, last = results(response)
    assert first["data"] == {"broken": 1}
    [error] = last["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["requestId"] == response.headers["X-Request-Id"]
    assert SECRET not in response.text


async def test_a_message_that_cannot_be_read_whole_is_not_sent(api: Api) -> None:
    [result] = results(await api.ask("subscription { lamps { name rating } }", accept=EVENTS))

    assert "data" not in result
    assert [error["extensions"]["code"] for error in result["errors"]] == ["SERVICE_UNAVAILABLE"]
    assert api.calls.ran["sat out"] == TRIES_MAX
    assert api.calls.ran["message"] == 1


async def test_a_valid_subscription_is_remembered(api: Api) -> None:
    for _ in range(2):
        await api.ask(LAMPS, accept=EVENTS)

    assert len(api.endpoint.schema.documents) == 1
