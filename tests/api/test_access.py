"""Who may use what, tried through the schema itself: a new mutation is covered the day it is added."""

from typing import Any

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from shop_graphql.api.context import Services
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.api.schema import schema
from shop_graphql.platform.db import Database
from tests.client import Shop
from tests.factories.accounts import make_user, token_for

MUTATIONS = schema._schema.mutation_type.fields if schema._schema.mutation_type else {}
SCALARS = {
    "CountryCode": "DE",
    "CurrencyCode": "EUR",
    "Decimal": "1.00",
    "EmailAddress": "somebody@example.com",
    "Boolean": True,
    "Int": 1,
    "URL": "https://shop.example/",
}


def example(kind: Any) -> Any:
    """The smallest value that this input type accepts."""
    if isinstance(kind, GraphQLNonNull):
        return example(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [example(kind.of_type)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        required = {name: field for name, field in kind.fields.items() if isinstance(field.type, GraphQLNonNull)}
        return {name: example(field.type) for name, field in required.items()}
    return SCALARS.get(kind.name, "x")


def access_of(mutation: str) -> Access:
    extensions = MUTATIONS[mutation].extensions["strawberry-definition"].extensions
    return next(extension.access for extension in extensions if isinstance(extension, Needs))


async def code(shop: Shop, mutation: str, token: str | None = None) -> str | None:
    document = (
        f"mutation ($input: {mutation[0].upper()}{mutation[1:]}Input!) {{ {mutation}(input: $input) {{ __typename }} }}"
    )
    answer = await shop.ask(document, {"input": example(MUTATIONS[mutation].args["input"].type)}, token=token)
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else None


@pytest.mark.parametrize("mutation", sorted(name for name in MUTATIONS if access_of(name) is not Access.ANYONE))
async def test_an_anonymous_caller_is_asked_to_sign_in(shop: Shop, mutation: str) -> None:
    assert await code(shop, mutation) == "UNAUTHENTICATED"


@pytest.mark.parametrize("mutation", sorted(name for name in MUTATIONS if access_of(name) is Access.SELLER))
async def test_a_shopper_does_no_sellers_business(shop: Shop, services: Services, db: Database, mutation: str) -> None:
    shopper = await token_for(db, services.tokens, await make_user(db))

    assert await code(shop, mutation, shopper) == "FORBIDDEN"


def test_only_these_mutations_are_open_to_anyone() -> None:
    assert {name for name in MUTATIONS if access_of(name) is Access.ANYONE} == {
        "cartCreate",
        "userLogin",
        "userRegister",
    }
