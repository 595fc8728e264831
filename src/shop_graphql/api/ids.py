"""Global ids: the type's name and its key, URL-safe and opaque to clients."""

import base64
import binascii
from uuid import UUID

import strawberry

from shop_graphql.platform.errors import BadUserInput

UUID_BYTES = 16


def global_id(type_name: str, key: UUID, number: int | None = None) -> strawberry.ID:
    """The id of one object; `number` tells apart the parts of a whole, such as the sub-orders of an order."""
    raw = key.bytes if number is None else key.bytes + number.to_bytes(2, "big")
    return strawberry.ID(f"{type_name}_{base64.urlsafe_b64encode(raw).rstrip(b'=').decode()}")


def split_id(value: str) -> tuple[str, UUID, int | None]:
    """The type, key and part number inside a global id.

    Raises: BadUserInput for anything that `global_id` could not have made.
    """
    type_name, _, encoded = value.partition("_")
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _malformed(value) from None
    if len(raw) not in {UUID_BYTES, UUID_BYTES + 2}:
        raise _malformed(value)
    key = UUID(bytes=raw[:UUID_BYTES])
    number = int.from_bytes(raw[UUID_BYTES:], "big") if len(raw) > UUID_BYTES else None
    # One object has one id: another spelling of the same bytes is refused.
    if global_id(type_name, key, number) != value:
        raise _malformed(value)
    return type_name, key, number


def key_of(value: str, expected: str) -> UUID:
    """The primary key inside an id of type `expected`.

    Raises: BadUserInput for a malformed id or one of another type.
    """
    type_name, key, number = split_id(value)
    if type_name != expected or number is not None:
        raise BadUserInput(f"This id names a thing of type {type_name[:40]}; one of type {expected} is expected here.")
    return key


def part_of(value: str, expected: str) -> tuple[UUID, int]:
    """The whole's key and the part's number inside an id of type `expected`.

    Raises: BadUserInput for a malformed id or one of another type.
    """
    type_name, key, number = split_id(value)
    if type_name != expected or number is None:
        raise BadUserInput(f"This id names a thing of type {type_name[:40]}; one of type {expected} is expected here.")
    return key, number


def keys_of(values: list[strawberry.ID], expected: str) -> list[UUID]:
    """`key_of` for each of `values`, in their order."""
    return [key_of(value, expected) for value in values]


def _malformed(value: str) -> BadUserInput:
    return BadUserInput(f"This is not an id: {value[:60]!r}.")
