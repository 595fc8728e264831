"""Subscriptions being executed: checked as every operation is, then one result for each message of their field.

What goes wrong, before or later, leaves as `StreamEnded`, fit to be shown. Transports decide how it looks.
"""

from collections.abc import AsyncIterator, Sequence
from inspect import isawaitable
from typing import Any, Protocol, Self

from graphql import (
    ExecutionResult,
    Executor,
    GraphQLError,
    OperationType,
    create_source_event_stream,
    execute_subscription_event,
    get_operation_ast,
    validate,
)

from shop_graphql.api.documents import Document, GuardedSchema, measure_of, read_document
from shop_graphql.api.limits import Measure
from shop_graphql.api.masking import cause_of, formatted, presented
from shop_graphql.api.requests import GraphQLRequest
from shop_graphql.platform.errors import BadUserInput, ServiceUnavailable

TRIES_MAX = 100
"""To read what a message shows, while a store is away: about a minute."""


class StreamEnded(Exception):
    """The stream is over, or has not begun; `errors` may be shown."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class Patient(Protocol):
    """A context that knows how to wait for PostgreSQL, and to read anew."""

    async def sit_out(self) -> None: ...


class ResultStream:
    """The results of one subscription; whoever has it must close it."""

    def __init__(
        self,
        schema: GuardedSchema,
        executor: Executor[Any],
        messages: AsyncIterator[Any],
        *,
        context: Patient,
        cost: int,
    ) -> None:
        self._schema = schema
        self._executor = executor
        self._messages = messages
        self._context = context
        self._extensions = {"cost": {"requested": cost, "limit": schema.limits.cost}}

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> dict[str, Any]:
        """The next result as the specification spells it.

        Raises: StreamEnded.
        """
        try:
            result = await self._executed(await anext(self._messages))
        except StopAsyncIteration:
            raise
        except Exception as error:
            raise ended(self._schema, [error]) from None
        body: dict[str, Any] = {"data": result.data}
        if result.errors:
            self._schema.process_errors(result.errors)
            body["errors"] = [formatted(error) for error in result.errors]
        return body | {"extensions": self._extensions}

    async def aclose(self) -> None:
        """Nothing more is kept for this stream."""
        close = getattr(self._messages, "aclose", None)
        if close is not None:
            await close()

    async def _executed(self, message: Any) -> ExecutionResult:
        for _ in range(TRIES_MAX):
            running = execute_subscription_event(self._executor.build_per_event_executor(message))
            result = await running if isawaitable(running) else running
            if not any(isinstance(cause_of(error), ServiceUnavailable) for error in result.errors or ()):
                return result
            # A message that went out without what PostgreSQL could not say would never be sent again.
            await self._context.sit_out()
        raise ServiceUnavailable("What this message is about")


async def open_stream(schema: GuardedSchema, asked: GraphQLRequest, context: Patient) -> ResultStream:
    """The subscription that `asked` holds has begun.

    Raises: StreamEnded.
    """
    try:
        document, measure = _checked(schema, asked)
        executor = Executor.build(
            schema.core,
            document.ast,
            context_value=context,
            raw_variable_values=asked.variables,
            operation_name=asked.operation_name,
        )
        if isinstance(executor, list):
            raise ended(schema, executor)
        opening = create_source_event_stream(executor)
        messages = await opening if isawaitable(opening) else opening
    except StreamEnded:
        raise
    except Exception as error:
        raise ended(schema, [error]) from None
    if isinstance(messages, ExecutionResult):
        raise ended(schema, messages.errors or [])
    return ResultStream(schema, executor, aiter(messages), context=context, cost=measure.cost)


def ended(schema: GuardedSchema, errors: Sequence[Exception]) -> StreamEnded:
    """The end of a stream for these errors, made fit to be shown."""
    shown = [presented(error, production=schema.production) for error in errors]
    for error in shown:
        # What has a path is taken for the outcome of an execution, and there has been none.
        error.path = None
    return StreamEnded(shown)


def _checked(schema: GuardedSchema, asked: GraphQLRequest) -> tuple[Document, Measure]:
    known = schema.documents.get(asked.query)
    document = known or read_document(schema, asked.query)
    measure = measure_of(document, asked.operation_name)
    operation = get_operation_ast(document.ast, asked.operation_name)
    if operation is not None and operation.operation is not OperationType.SUBSCRIPTION:
        raise BadUserInput("Only subscriptions are answered here; send queries and mutations by POST.")
    schema.limits.check(measure)
    errors = validate(schema.core, document.ast) if known is None else []
    if errors:
        raise ended(schema, errors)
    schema.documents.put(asked.query, document)
    return document, measure
