"""Identifiers. A port, so that tests and the simulation can make them predictable."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    """Makes primary keys."""

    def new(self, now: datetime) -> UUID: ...


class TimeOrderedIds:
    """UUIDv7: keys sort by the instant they were made, so index pages fill in order.

    Source: RFC 9562, 5.7. Partitioned tables take their bounds from the time part.
    """

    def __init__(self, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes

    def new(self, now: datetime) -> UUID:
        """A key of the millisecond `now`; 74 random bits keep keys of one millisecond apart."""
        milliseconds = int(now.timestamp() * 1000)
        noise = int.from_bytes(self._random_bytes(10), "big")
        value = (milliseconds << 80) | noise
        value = (value & ~(0xF << 76)) | (0x7 << 76)
        value = (value & ~(0x3 << 62)) | (0x2 << 62)
        return UUID(int=value)
