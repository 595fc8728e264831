"""How many objects a field may give, told from the document and the schema alone."""

from graphql import (
    FieldNode,
    GraphQLNamedType,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ValueNode,
    VariableNode,
    is_list_type,
    is_non_null_type,
)
from graphql.type import GraphQLField, GraphQLInterfaceType, GraphQLObjectType

from shop_graphql.api.pagination import PAGE_DEFAULT, PAGE_MAX

LIST_ASSUMED = 10
"""Objects in a list that is no connection."""
NUMBER_DIGITS_MAX = 9


def field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    """The definition of a field, or None where the document asks for what does not exist."""
    return parent.fields.get(name) if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType) else None


def objects_in(node: FieldNode, definition: GraphQLField | None, parent: GraphQLNamedType | None, page: int) -> int:
    """How many objects a field may give for each one that has it; `page` is that of a parent that is a connection."""
    if definition is None:
        return 1
    kind = definition.type.of_type if is_non_null_type(definition.type) else definition.type
    if not is_list_type(kind):
        return 1
    if field_of(parent, "pageInfo") is not None:
        return page if node.name.value in {"edges", "nodes"} else LIST_ASSUMED
    if definition.args.keys() & {"first", "last"}:
        return page_of(node)
    return _ids_in(node) if "ids" in definition.args else LIST_ASSUMED


def page_of(node: FieldNode) -> int:
    """The entries that `first` or `last` asks for; the most there may be when a variable says so."""
    sizes = [_number(argument.value) for argument in node.arguments or () if argument.name.value in {"first", "last"}]
    return max(sizes, default=PAGE_DEFAULT)


def _number(value: ValueNode) -> int:
    if isinstance(value, NullValueNode):
        return PAGE_DEFAULT
    # More than a page is refused by the resolver before it looks at anything.
    if not isinstance(value, IntValueNode) or len(value.value) > NUMBER_DIGITS_MAX:
        return PAGE_MAX
    return min(max(int(value.value), 1), PAGE_MAX)


def _ids_in(node: FieldNode) -> int:
    given = next((argument.value for argument in node.arguments or () if argument.name.value == "ids"), None)
    if isinstance(given, ListValueNode):
        return min(max(len(given.values), 1), PAGE_MAX)
    return PAGE_MAX if given is None or isinstance(given, VariableNode) else 1
