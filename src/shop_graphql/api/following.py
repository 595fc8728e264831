"""What a subscription field does: checks, follows the feed, and reads each object fresh for whoever it is for.

A new one needs its message, the events it is about, and two questions: may the caller see it, and what is it now.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Annotated, Any, Generic, Self, TypeVar

import msgspec
import strawberry

from shop_graphql.api.context import Context
from shop_graphql.api.live import Follower, Topic
from shop_graphql.api.pagination import decode_cursor, encode_cursor
from shop_graphql.events.rows import EventRow
from shop_graphql.platform.errors import Forbidden

POSITION_MAX = 2**63 - 1

M = TypeVar("M")

Resume = Annotated[
    str | None,
    strawberry.argument(
        description="The `cursor` of the last message that arrived: what followed comes first, nothing is left out or "
        "repeated. Without it: what happens from now on."
    ),
]


async def follow(
    context: Context,
    topic: Topic,
    *,
    after: str | None,
    may: Callable[[], Awaitable[object]],
    read: Callable[[EventRow], Awaitable[M | None]],
) -> AsyncIterator[M | None]:
    """Messages for the caller of `context` about `topic`; one None and no more where there is nothing to see.

    Shape: `may` gives something true while the caller may see it, `read` an event's message, None where they may not.
    Raises: BadUserInput for a cursor that is none of the feed's, ServiceUnavailable.
    """
    position = position_in(after)
    if not await may():
        return _nothing()
    follower = await context.services.live.follow(topic, actor=context.actor, after=position)
    return Messages(context, follower, may=may, read=read)


def envelope(event: EventRow) -> dict[str, Any]:
    """What every message says beside its object."""
    return {"cursor": encode_cursor((event.position,)), "at": event.occurred_at}


def position_in(cursor: str | None) -> int | None:
    """The position inside a cursor.

    Raises: BadUserInput.
    """
    found = decode_cursor(cursor, tuple[Annotated[int, msgspec.Meta(ge=0, le=POSITION_MAX)]])
    return found[0] if found else None


class Messages(Generic[M]):
    """The messages of one subscription. Not a generator, since one that has not begun cannot be told to clean up."""

    def __init__(
        self,
        context: Context,
        follower: Follower,
        *,
        may: Callable[[], Awaitable[object]],
        read: Callable[[EventRow], Awaitable[M | None]],
    ) -> None:
        self._context = context
        self._live = context.services.live
        self._follower = follower
        self._may = may
        self._read = read

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> M:
        while (event := await self._follower.next()) is None:
            self._begin_anew()
            if not await self._live.patiently(self._may):
                raise _lost()
        self._begin_anew()
        message = await self._live.patiently(partial(self._read, event))
        if message is None:
            raise _lost()
        return message

    async def aclose(self) -> None:
        self._live.leave(self._follower)

    def _begin_anew(self) -> None:
        """As a new request would: with the roles of today, and nothing remembered."""
        self._context.actor = self._follower.actor
        self._context.loaders.forget()


async def _nothing() -> AsyncIterator[None]:
    yield None


def _lost() -> Forbidden:
    return Forbidden("You may not see this any more.")
