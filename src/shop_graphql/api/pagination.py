"""Relay's connections by keyset: a cursor holds the sort key of its row, so inserts never shift a page."""

import base64
import binascii
from typing import Annotated, Any, Generic, TypeVar

import msgspec
import strawberry

from shop_graphql.platform.errors import BadUserInput

PAGE_DEFAULT = 20
PAGE_MAX = 100

T = TypeVar("T")

First = Annotated[int, strawberry.argument(description="How many to give, 1 to 100.")]
After = Annotated[str | None, strawberry.argument(description="The cursor after which to go on.")]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more after this page.")
    has_previous_page: bool = strawberry.field(description="Whether this page began after a cursor.")
    start_cursor: str | None = strawberry.field(description="The first edge's cursor; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="The last edge's cursor; pass it as `after` for more.")


@strawberry.type(description="One entry of a list and its place in it.")
class Edge(Generic[T]):
    cursor: str = strawberry.field(description="Opaque; pass it as `after`.")
    node: T = strawberry.field(description="The entry itself.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    edges: list[Edge[T]] = strawberry.field(description="The entries with their cursors.")
    nodes: list[T] = strawberry.field(description="The entries alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")


def page_size(first: int) -> int:
    """`first`, once it is known to be acceptable.

    Raises: BadUserInput.
    """
    if not 1 <= first <= PAGE_MAX:
        raise BadUserInput(f"`first` is 1 to {PAGE_MAX}, not {first}.")
    return first


def connection(nodes: list[T], keys: list[tuple[Any, ...]], *, first: int, after: str | None) -> Connection[T]:
    """A page of at most `first` of `nodes`; one node more than that says there is a next page.

    Shape: `keys` are the nodes' sort keys, in the same order.
    """
    edges = [Edge(cursor=encode_cursor(key), node=node) for node, key in zip(nodes[:first], keys, strict=False)]
    info = PageInfo(
        has_next_page=len(nodes) > first,
        has_previous_page=after is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges=edges, nodes=nodes[:first], page_info=info)


def encode_cursor(key: tuple[Any, ...]) -> str:
    """A sort key as opaque, URL-safe text."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kind: type[T]) -> T | None:
    """The sort key inside a cursor, `kind` being a tuple type such as `tuple[int, int]`.

    Raises: BadUserInput for a cursor of another list or none of ours.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise BadUserInput("This cursor does not belong to this list.") from None
