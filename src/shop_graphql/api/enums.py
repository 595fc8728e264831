"""Enums of the domains as GraphQL sees them: each value with a sentence of its own."""

import enum
from collections.abc import Mapping
from typing import TypeVar

import strawberry

E = TypeVar("E", bound=enum.Enum)


def describe(kind: type[E], description: str, values: Mapping[E, str], *, name: str | None = None) -> type[E]:
    """`kind` as a GraphQL enum; a value without a description is a bug and fails at import."""
    assert values.keys() == set(kind), f"{kind.__name__}: describe every value"
    strawberry.enum(kind, name=name, description=description)
    definition = kind.__strawberry_definition__  # type: ignore[attr-defined]  # set by strawberry.enum
    for value in definition.values:
        value.description = values[kind[value.name]]
    return kind
