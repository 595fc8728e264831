"""What a change of the schema takes away from clients. Deprecate first, with a date; remove when it has passed."""

import re
from datetime import date
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    NamedTypeNode,
    StringValueNode,
    Visitor,
    build_ast_schema,
    build_schema,
    parse,
    visit,
)
from graphql.utilities import BreakingChangeType, find_schema_changes

REMOVED_AFTER = re.compile(r"Removed after (\d{4})-(0[1-9]|1[0-2])\b")
Member = FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode


def breaking_changes(old_sdl: str, new_sdl: str, *, today: date) -> list[str]:
    """Every change that may break a client of the old schema, one sentence each.

    What was deprecated in the old one "Removed after YYYY-MM" may be gone once that month is over, and with it
    the types that nothing else referred to.
    """
    binding = build_ast_schema(_what_still_binds(parse(old_sdl), today), assume_valid=True)
    changes = find_schema_changes(binding, build_schema(new_sdl))
    return [change.description for change in changes if isinstance(change.type, BreakingChangeType)]


def _what_still_binds(schema: DocumentNode, today: date) -> DocumentNode:
    kept: DocumentNode = visit(schema, _WithoutExpired(today))
    while True:
        unused = _types_named(schema) - _types_named(kept)
        definitions = tuple(part for part in kept.definitions if _name(part) not in unused)
        if len(definitions) == len(kept.definitions):
            return kept
        kept = DocumentNode(definitions=definitions)


class _WithoutExpired(Visitor):
    """Drops each member whose deprecation names a month that is over."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def enter_field_definition(self, node: FieldDefinitionNode, *_: Any) -> Any:
        return self._judge(node)

    def enter_input_value_definition(self, node: InputValueDefinitionNode, *_: Any) -> Any:
        return self._judge(node)

    def enter_enum_value_definition(self, node: EnumValueDefinitionNode, *_: Any) -> Any:
        return self._judge(node)

    def _judge(self, member: Member) -> Any:
        announced = REMOVED_AFTER.search(_deprecation_reason(member))
        if announced is None:
            return None
        return REMOVE if (self._today.year, self._today.month) > (int(announced[1]), int(announced[2])) else None


class _TypeNames(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_named_type(self, node: NamedTypeNode, *_: Any) -> None:
        self.names.add(node.name.value)


def _types_named(schema: DocumentNode) -> set[str]:
    visitor = _TypeNames()
    visit(schema, visitor)
    return visitor.names


def _deprecation_reason(member: Member) -> str:
    for directive in member.directives or ():
        for argument in directive.arguments or ():
            if directive.name.value == "deprecated" and isinstance(argument.value, StringValueNode):
                return argument.value.value
    return ""


def _name(definition: Any) -> str | None:
    name = getattr(definition, "name", None)
    return name.value if name else None
