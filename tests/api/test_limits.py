import asyncio
from typing import Any

import pytest
from graphql import parse
from strawberry.schema.schema import validate_document

from shop_graphql.api.documents import DocumentCache, GuardedSchema, read_document
from shop_graphql.api.limits import Limits, Measure
from shop_graphql.api.measuring import FIGURE_MAX, measure_document
from tests.api.small_schema import PRODUCTION, SCHEMA, SETTINGS, small_api

GUARDED = GuardedSchema(SCHEMA, limits=Limits.of(SETTINGS), production=False)


def measure(text: str, name: str | None = None) -> Measure:
    return measure_document(GUARDED.core, parse(text))[name]


def cost(text: str) -> int:
    return measure(text).cost


def fragments(count: int, spread: str) -> str:
    """A chain of fragments, each spreading the next one as `spread` says, and a query of the first."""
    chain = [f"fragment F{i} on Product {{ {spread.replace('NEXT', f'...F{i + 1}')} }}" for i in range(count)]
    return " ".join([*chain, f"fragment F{count} on Product {{ name }}", "{ product { ...F0 } }"])


def test_scalars_are_free_and_objects_cost_one() -> None:
    assert cost("{ product { name next { name } } }") == 2


def test_each_mutation_field_costs_ten() -> None:
    assert cost("mutation { a: buy { name } b: buy { next { name } } }") == 21


@pytest.mark.parametrize(
    ("arguments", "entries"),
    [("", 20), ("(first: 3)", 3), ("(first: 0)", 1), ("(first: 99999999999)", 100), ("(first: 5, last: 7)", 7)],
)
def test_a_connection_costs_what_its_page_holds(arguments: str, entries: int) -> None:
    page = "{ product { related" + arguments + " { pageInfo { hasNextPage } edges { node { name } } } } }"

    # The product, the connection, its page information, then an edge and a node for each entry.
    assert cost(page) == 3 + 2 * entries


def test_a_page_size_in_a_variable_counts_as_the_largest() -> None:
    text = "query ($n: Int!) { products(first: $n) { nodes { name } } }"

    assert cost(text) == 101


def test_pages_inside_pages_multiply() -> None:
    inner = "related(first: 10) { nodes { name } }"

    assert cost("{ products(first: 30) { nodes { " + inner + " } } }") == 1 + 30 * (1 + 1 + 10)


def test_lists_without_pages_count_as_ten() -> None:
    assert cost("{ product { images { next { name } } } }") == 1 + 10 + 10


@pytest.mark.parametrize(
    ("ids", "objects"),
    [('["a", "b"]', 2), ("[]", 1), ('"a"', 1), ("$ids", 100)],
    ids=["two", "none", "one", "variable"],
)
def test_nodes_cost_as_many_as_there_are_ids(ids: str, objects: int) -> None:
    assert cost("query ($ids: [ID!]!) { nodes(ids: " + ids + ") { next { name } } }") == 2 * objects


def test_fragments_count_wherever_they_are_spread() -> None:
    fragment = "fragment F on Product { a: name next @include(if: true) { name } }"

    found = measure("{ product { ...F next { ...F ...F } } } " + fragment)

    assert found == Measure(depth=4, aliases=3, directives=3, cost=2 + 3)


def test_a_fragment_on_a_page_assumes_the_largest() -> None:
    text = "{ product { related(first: 1) { ...P } } } fragment P on ProductConnection { nodes { name } }"

    assert cost(text) == 1 + 1 + 100


def test_inline_fragments_add_no_depth() -> None:
    assert measure("{ product { ... on Product { ... { name } } } }").depth == 2


def test_reading_the_schema_is_neither_deep_nor_dear() -> None:
    reading = "{ __schema { types { fields { type { ofType { ofType { name } } } } } } product { __typename name } }"

    assert measure(reading) == Measure(depth=2, cost=1, schema_reads=1)


def test_figures_of_nested_fragments_stop_growing() -> None:
    assert measure(fragments(100, "NEXT NEXT next { NEXT a: name }")).cost == FIGURE_MAX


def test_cycles_and_unknown_names_are_measured_without_end() -> None:
    fragments = "fragment A on Product { ...B ...A } fragment B on Nope { ...A x { y } }"

    assert measure("{ product { ...A ...Nope } nope { x } } " + fragments).depth == 3


def test_the_operation_asked_for_is_the_one_measured() -> None:
    text = "query Small { product { name } } query Big { products { nodes { next { name } } } }"

    assert measure(text, "Small").cost == 1
    assert measure(text, "Big").cost == 41


HOSTILE = {
    "depth": "{ product" + " { next" * 10 + " { name }" + " }" * 10 + " }",
    "aliases": "{ " + " ".join(f"a{i}: product {{ name }}" for i in range(16)) + " }",
    "aliases in fragments": "{ product { ...F next { ...F } } } fragment F on Product { "
    + " ".join(f"a{i}: name" for i in range(8))
    + " }",
    "directives": "{ product " + "@skip(if: false) " * 51 + "{ name } }",
    "tokens": "{ product { " + "name " * 2_000 + "} }",
    "cost": "{ products(first: 100) { nodes { related(first: 100) { nodes { name } } } } }",
    "schema read twice": "{ a: __schema { description } b: __schema { description } }",
    "type read twice": '{ a: __type(name: "Int") { name } b: __type(name: "Int") { name } }',
    "bomb with cost": fragments(60, "NEXT NEXT next { NEXT }"),
    "one field repeated": "{ " + "product { name } " * 390 + "}",
    "chain of fragments": fragments(200, "NEXT"),
    "lists in lists": "{ nodes(ids: " + "[" * 500 + "]" * 500 + ") { name } }",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_asking_too_much_is_refused_with_its_code(text: str) -> None:
    async with small_api() as api, asyncio.timeout(5):
        response = await api.ask(text)

        assert response.status_code == 400
        assert [error["extensions"]["code"] for error in response.json()["errors"]] == ["COST_LIMIT_EXCEEDED"]
        assert api.calls.ran.total() == 0


async def test_the_refusal_says_the_figure_and_the_limit() -> None:
    async with small_api() as api:
        answer = (await api.ask(HOSTILE["cost"])).json()

        assert answer["errors"][0]["message"] == "The operation's cost is 10,201; at most 5,000 is allowed."
        assert answer["extensions"]["cost"] == {"requested": 10_201, "limit": 5_000}


@pytest.mark.parametrize("count", [20, 100, 150])
async def test_fragments_that_double_cost_only_their_length(count: int) -> None:
    async with small_api() as api, asyncio.timeout(5):
        response = await api.ask(fragments(count, "NEXT NEXT"))

        assert response.json()["data"] == {"product": {"name": "Lamp"}}
        assert api.calls.ran["product"] == 1


async def test_a_hostile_document_leaves_the_others_waiting_briefly() -> None:
    async with small_api() as api, asyncio.timeout(15):
        for text in HOSTILE.values():
            async with asyncio.TaskGroup() as group:
                group.create_task(api.ask(text))
                probe = group.create_task(api.ask("{ product { name } }"))
            assert probe.result().status_code == 200


async def test_introspection_is_for_development_only() -> None:
    async with small_api(PRODUCTION) as production, small_api() as development:
        refused = await production.error("{ product { name } ...F } fragment F on Query { __schema { description } }")
        allowed = await development.ask("{ __schema { description } }")

        assert refused["extensions"] == {"code": "BAD_USER_INPUT"}
        assert "/schema.graphql" in refused["message"]
        assert "errors" not in allowed.json()
        assert production.calls.ran.total() == 0


async def test_typename_is_always_allowed() -> None:
    async with small_api(PRODUCTION) as api:
        assert (await api.ask("{ __typename }")).json()["data"] == {"__typename": "Query"}


def document(text: str) -> Any:
    return read_document(GUARDED, text)


def test_remembered_documents_stay_within_their_number() -> None:
    cache = DocumentCache(entries_max=2)
    for text in ("{ a }", "{ b }"):
        cache.put(text, document(text))
    cache.get("{ a }")
    cache.put("{ c }", document("{ c }"))

    assert [cache.get(text) is not None for text in ("{ a }", "{ b }", "{ c }")] == [True, False, True]


def test_remembered_documents_stay_within_their_memory() -> None:
    one = document("{ a }")
    cache = DocumentCache(bytes_max=2 * one.size)
    for text in ("{ a }", "{ b }", "{ c }", "{ c }"):
        cache.put(text, document(text))

    assert len(cache) == 2
    assert cache.bytes_used == 2 * one.size


async def test_only_valid_documents_are_remembered() -> None:
    async with small_api() as api:
        for text in ("{ product { name } }", "{ product { name } }", "{ nope }", "{", HOSTILE["cost"]):
            await api.ask(text)

        assert len(api.endpoint.schema.documents) == 1
        assert api.calls.ran["product"] == 2


async def test_a_document_is_validated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    validated: list[Any] = []

    def note(*arguments: Any) -> Any:
        validated.append(arguments)
        return validate_document(*arguments)

    monkeypatch.setattr("strawberry.schema.schema.validate_document", note)
    async with small_api() as api:
        for _ in range(3):
            await api.ask("{ product { name } }")

    assert len(validated) == 1
