"""Documents that have been parsed, measured and validated, and the schema that runs no others.

`GuardedSchema` is the shop's schema behind its limits: whatever executes it, over HTTP or a socket, meets
the same limits and gets the same errors. A document is checked once and remembered by its text; one that
was refused is not.
"""

import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import DocumentNode, GraphQLError, GraphQLSchema, GraphQLSyntaxError, get_operation_ast, parse
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension
from strawberry.types.execution import ExecutionContext

from shop_graphql.api.limits import Limits, Measure
from shop_graphql.api.masking import present
from shop_graphql.api.measuring import measure_document
from shop_graphql.platform.errors import BadUserInput, CostLimitExceeded
from shop_graphql.platform.observability import OPERATION_SECONDS

DOCUMENTS_MAX = 1_000
DOCUMENTS_BYTES_MAX = 50_000_000
TOKEN_BYTES = 500
"""Memory that one token of a parsed document takes, as measured with graphql-core 3.3."""

# The comparing of fields with one name is the part of validation that grows as their number squared. The
# library's own bound lets one document hold the event loop for seconds; this one, for a third of a second.
overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = 100_000


@dataclass(frozen=True, slots=True)
class Document:
    """One text, parsed and measured."""

    ast: DocumentNode
    measures: dict[str | None, Measure]
    """By the operation's name."""
    size: int
    """Bytes of memory, about."""


class DocumentCache:
    """Valid documents by their text; the one used longest ago goes first."""

    def __init__(self, *, entries_max: int = DOCUMENTS_MAX, bytes_max: int = DOCUMENTS_BYTES_MAX) -> None:
        self._entries_max = entries_max
        self._bytes_max = bytes_max
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self.bytes_used = 0

    def __len__(self) -> int:
        return len(self._documents)

    def get(self, text: str) -> Document | None:
        document = self._documents.get(text)
        if document is not None:
            self._documents.move_to_end(text)
        return document

    def put(self, text: str, document: Document) -> None:
        """`text` is remembered, and as much forgotten as the bounds demand."""
        if text not in self._documents:
            self._documents[text] = document
            self.bytes_used += document.size
        while len(self._documents) > self._entries_max or self.bytes_used > self._bytes_max:
            _, oldest = self._documents.popitem(last=False)
            self.bytes_used -= oldest.size


class GuardedSchema(strawberry.Schema):
    """The schema given, with limits, remembered documents and errors fit to be shown."""

    def __init__(self, schema: strawberry.Schema, *, limits: Limits, production: bool) -> None:
        # The same schema in all its parts: making a second one from the same types would double it.
        vars(self).update(vars(schema))
        self.extensions = (*schema.extensions, lambda: CheckedDocument(self))
        self.limits = limits
        self.production = production
        self.documents = DocumentCache()

    @property
    def core(self) -> GraphQLSchema:
        """graphql-core's schema, which knows what is a list and what is an object."""
        return self._schema

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        for error in errors:
            present(error, production=self.production)


class CheckedDocument(SchemaExtension):
    """One execution: its document comes from memory or is checked first, and its cost is told."""

    def __init__(self, schema: GuardedSchema) -> None:
        self._schema = schema
        self._measure: Measure | None = None

    def on_operation(self) -> Iterator[None]:
        started = time.perf_counter()
        try:
            yield
        finally:
            if self._measure is not None:
                kind = self.execution_context.operation_type.value
                OPERATION_SECONDS.labels(kind).observe(time.perf_counter() - started)

    def on_parse(self) -> Iterator[None]:
        document = self._schema.documents.get(self._text)
        self._is_valid = document is not None
        self._document = document or read_document(self._schema, self._text)
        # The public name falls back to the first operation, where the specification wants a refusal.
        measure = measure_of(self._document, self.execution_context._provided_operation_name)  # noqa: SLF001
        self.execution_context.graphql_document = self._document.ast
        self._measure = measure
        # Before validation, whose work grows faster than the document.
        self._schema.limits.check(measure)
        yield

    def on_validate(self) -> Iterator[None]:
        if self._is_valid:
            # An empty list tells the schema that validation has been done.
            self.execution_context.pre_execution_errors = []
        yield
        if not self.execution_context.pre_execution_errors:
            self._schema.documents.put(self._text, self._document)

    def get_results(self) -> dict[str, Any]:
        if self._measure is None:
            return {}
        return {"cost": {"requested": self._measure.cost, "limit": self._schema.limits.cost}}

    @property
    def _text(self) -> str:
        return self.execution_context.query or ""


def measure_of(document: Document, name: str | None) -> Measure:
    """The figures of the operation that is asked for.

    Raises: BadUserInput where that is none or not clear.
    """
    operation = get_operation_ast(document.ast, name)
    if operation is None:
        raise BadUserInput(
            "The document holds no operation or several: name one of them in operationName."
            if name is None
            else f"The document holds no operation named {name[:100]!r}."
        )
    return document.measures[operation.name.value if operation.name else None]


def read_document(schema: GuardedSchema, text: str) -> Document:
    """`text`, parsed and measured but not validated.

    Raises: CostLimitExceeded for more tokens than allowed; graphql-core's own error for what is no GraphQL.
    """
    try:
        ast = parse(text, max_tokens=schema.limits.tokens)
    except GraphQLSyntaxError as error:
        if "Parsing aborted" in error.message:
            message = f"The document has more than {schema.limits.tokens:,} tokens or is nested too deeply."
            raise CostLimitExceeded(message) from None
        raise
    size = ast.token_count * TOKEN_BYTES + len(text.encode())
    return Document(ast, measure_document(schema.core, ast), size)
