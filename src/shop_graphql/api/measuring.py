"""How much a document asks for, found in one pass before the expensive validation.

Each fragment is measured once; where it is spread, its figures are added, never walked again. A document
of twenty fragments that each spread the next one twice therefore costs no more than its length.

Cost counts objects: 1 for each that a field may give, 10 for each mutation field, 0 for scalars. A connection
counts as many as its page holds, any other list ten (see `occurrences`). It depends on the document alone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
)

from shop_graphql.api.limits import Measure
from shop_graphql.api.occurrences import field_of, objects_in, page_of
from shop_graphql.api.pagination import PAGE_MAX

MUTATION_COST = 10
FIGURE_MAX = 1_000_000_000
"""Every figure stops here: nested fragments would otherwise make numbers as long as the document."""
INTROSPECTION = ("__schema", "__type")


class Level(NamedTuple):
    """Selections still to be walked, and where they stand."""

    selections: SelectionSetNode
    parent: GraphQLNamedType | None
    occurrences: int
    """Objects that have these selections."""
    depth: int
    page: int
    """Entries of the connection that these selections are on; means nothing elsewhere."""


def measure_document(schema: GraphQLSchema, document: DocumentNode) -> dict[str | None, Measure]:
    """The figures of each operation by its name, fragments included. Linear in the document's length.

    Cycles of fragments and unknown names count nothing: validation reports them.
    """
    fragments = {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    known: dict[str, Measure] = {}
    for name in _innermost_first(fragments):
        condition = schema.get_type(fragments[name].type_condition.name.value)
        known[name] = _Walk(schema, known).measure(fragments[name], condition)
    return {
        definition.name.value if definition.name else None: _Walk(schema, known).measure(
            definition, schema.get_root_type(definition.operation)
        )
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
    }


class _Walk:
    """One definition, walked without recursion: how deep it goes is the sender's choice."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, Measure]) -> None:
        self._schema = schema
        self._fragments = fragments
        self._sum: Counter[str] = Counter()
        self._depth = 0

    def measure(
        self, definition: OperationDefinitionNode | FragmentDefinitionNode, parent: GraphQLNamedType | None
    ) -> Measure:
        self._sum["directives"] += len(definition.directives or ())
        for variable in definition.variable_definitions or ():
            self._sum["directives"] += len(variable.directives or ())
        # A fragment on a connection cannot know the page it will be spread in.
        levels = [Level(definition.selection_set, parent, occurrences=1, depth=0, page=PAGE_MAX)]
        while levels:
            level = levels.pop()
            levels += self._inside(level)
        return Measure(self._depth, **{name: min(figure, FIGURE_MAX) for name, figure in self._sum.items()})

    def _inside(self, level: Level) -> Iterator[Level]:
        for selection in level.selections.selections:
            self._sum["directives"] += len(selection.directives or ())
            if isinstance(selection, FragmentSpreadNode):
                self._add(self._fragments.get(selection.name.value, Measure()).times(level.occurrences, level.depth))
            elif isinstance(selection, InlineFragmentNode):
                condition = selection.type_condition
                parent = self._schema.get_type(condition.name.value) if condition else level.parent
                yield level._replace(selections=selection.selection_set, parent=parent)
            elif isinstance(selection, FieldNode):
                yield from self._field(selection, level)

    def _add(self, spread: Measure) -> None:
        figures = spread._asdict()
        self._depth = min(max(self._depth, figures.pop("depth")), FIGURE_MAX)
        self._sum.update(figures)

    def _field(self, node: FieldNode, level: Level) -> Iterator[Level]:
        name = node.name.value
        self._sum["aliases"] += node.alias is not None
        if name in INTROSPECTION:
            self._sum["schema_reads" if name == "__schema" else "type_reads"] += 1
        if name.startswith("__") or (level.parent is not None and level.parent.name.startswith("__")):
            # What the schema says about itself is neither deep nor dear; how often it is asked is limited.
            if node.selection_set:
                yield level._replace(selections=node.selection_set, parent=self._schema.get_type("__Type"))
            return
        depth = level.depth + 1
        self._depth = max(self._depth, depth)
        is_mutation = level.parent is not None and level.parent is self._schema.mutation_type
        if node.selection_set is None:
            self._sum["cost"] += MUTATION_COST if is_mutation else 0
            return
        definition = field_of(level.parent, name)
        occurrences = min(level.occurrences * objects_in(node, definition, level.parent, level.page), FIGURE_MAX)
        self._sum["cost"] += occurrences * (MUTATION_COST if is_mutation else 1)
        kind = get_named_type(definition.type) if definition else None
        yield Level(node.selection_set, kind, occurrences, depth, page=page_of(node))


def _innermost_first(fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """Every fragment after those that it spreads; one that closes a cycle comes before."""
    entered: set[str] = set()
    for root in fragments:
        path = [] if root in entered else [(root, _spreads(fragments[root]))]
        entered.add(root)
        while path:
            name, spreads = path[-1]
            inner = next((spread for spread in spreads if spread in fragments and spread not in entered), None)
            if inner is None:
                yield name
                path.pop()
            else:
                entered.add(inner)
                path.append((inner, _spreads(fragments[inner])))


def _spreads(fragment: FragmentDefinitionNode) -> Iterator[str]:
    waiting = [fragment.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif isinstance(selection, FieldNode | InlineFragmentNode) and selection.selection_set:
                waiting.append(selection.selection_set)
