"""What the schema promises of itself: names, descriptions, permissions."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    parse,
    validate,
)

from shop_graphql.api.errors import UserError
from shop_graphql.api.nodes import NODES
from shop_graphql.api.permissions import Needs
from shop_graphql.api.schema import schema
from shop_graphql.platform.errors import ErrorCode, ShopError
from tests.client import OPERATIONS

CORE = schema._schema
OWN_TYPES = {name: kind for name, kind in CORE.type_map.items() if not name.startswith("__")}
OBJECTS = {name: kind for name, kind in OWN_TYPES.items() if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)}
MUTATIONS = CORE.mutation_type.fields if CORE.mutation_type else {}
SUBSCRIPTIONS = CORE.subscription_type.fields if CORE.subscription_type else {}
ROOTS = {"Query", "Mutation", "Subscription"}
BUILT_IN = {"String", "Int", "Float", "Boolean", "ID"}


def test_everything_in_the_schema_is_described() -> None:
    silent = []
    for name, kind in OWN_TYPES.items():
        if name not in BUILT_IN | ROOTS and not kind.description:
            silent.append(name)
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{name}.{value}" for value, about in kind.values.items() if not about.description]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            silent += [f"{name}.{field}" for field, about in kind.fields.items() if not about.description]
        if isinstance(kind, GraphQLObjectType):
            for field, about in kind.fields.items():
                silent += [f"{name}.{field}({arg})" for arg, its in about.args.items() if not its.description]

    assert [entry for entry in silent if not entry.endswith("(input)")] == []


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_every_mutation_keeps_the_shops_form(name: str) -> None:
    field = MUTATIONS[name]
    title = name[0].upper() + name[1:]

    assert list(field.args) == ["input"]
    assert str(field.args["input"].type) == f"{title}Input!"
    assert str(field.type) == f"{title}Payload"
    assert str(OBJECTS[f"{title}Payload"].fields["userErrors"].type) == "[UserError!]!"


@pytest.mark.parametrize("name", sorted([*MUTATIONS, *SUBSCRIPTIONS]))
def test_what_changes_or_follows_declares_who_may_use_it(name: str) -> None:
    definition = {**MUTATIONS, **SUBSCRIPTIONS}[name].extensions["strawberry-definition"]

    assert [extension for extension in definition.extensions if isinstance(extension, Needs)], name


@pytest.mark.parametrize("name", sorted(SUBSCRIPTIONS))
def test_every_subscription_can_be_resumed_and_may_show_nothing(name: str) -> None:
    message = SUBSCRIPTIONS[name].type

    assert str(SUBSCRIPTIONS[name].args["after"].type) == "String"
    assert not isinstance(message, GraphQLNonNull)
    fields = OBJECTS[str(message)].fields
    assert (str(fields["cursor"].type), str(fields["at"].type)) == ("String!", "DateTime!")


def test_every_node_type_can_be_fetched_by_its_id() -> None:
    nodes = {name for name, kind in OBJECTS.items() if "Node" in {one.name for one in getattr(kind, "interfaces", ())}}

    assert nodes == set(NODES)


def test_every_error_type_is_part_of_the_schema() -> None:
    assert {kind.__name__ for kind in UserError.__subclasses__()} <= set(OBJECTS)


def refusals(kind: type[ShopError]) -> list[type[ShopError]]:
    return [kind, *(deeper for child in kind.__subclasses__() for deeper in refusals(child))]


def test_every_refusal_has_a_code_and_a_sentence() -> None:
    for kind in refusals(ShopError)[1:]:
        if kind.__module__.startswith("shop_graphql"):
            assert isinstance(kind.code, ErrorCode), kind
            assert kind.message.endswith("."), kind


def test_money_is_never_a_float() -> None:
    floats = {
        f"{name}.{field}"
        for name, kind in OBJECTS.items()
        for field, about in kind.fields.items()
        if str(about.type).rstrip("!") == "Float"
    }

    assert floats == {"ProductRating.average", "SellerRating.average"}


def test_lists_that_can_grow_are_pages() -> None:
    bounded = {
        "Query.nodes", "Query.categories", "Query.inventory", "Cart.lines", "Cart.problems", "Category.children",
        "Category.ancestors", "Fulfillment.lines", "Order.lines", "Order.subOrders", "Order.fulfillments",
        "Order.payments", "Order.timeline", "Order.allowedActions", "SubOrder.lines", "SubOrder.fulfillments",
        "Product.options", "Product.variants", "Product.media", "ProductVariant.options", "ProductVariant.offers",
        "Offer.stock", "User.sellers",
    }  # fmt: skip
    lists = {
        f"{name}.{field}"
        for name, kind in OBJECTS.items()
        for field, about in kind.fields.items()
        if is_list(about.type)
        and not name.endswith(("Connection", "Payload"))
        and name != "UserError"
        and "Error" not in name
    }

    assert lists == bounded


def is_list(kind: object) -> bool:
    return isinstance(kind.of_type if isinstance(kind, GraphQLNonNull) else kind, GraphQLList)


@pytest.mark.parametrize("path", sorted(OPERATIONS.glob("*.graphql")), ids=lambda path: path.stem)
def test_documented_operations_fit_the_schema(path: Path) -> None:
    assert validate(CORE, parse(path.read_text())) == []


def test_every_field_of_the_roots_has_a_documented_operation() -> None:
    assert CORE.query_type is not None
    wanted = {*MUTATIONS, *SUBSCRIPTIONS, *CORE.query_type.fields} - {"node", "nodes"}

    assert wanted <= {path.stem for path in OPERATIONS.glob("*.graphql")}
