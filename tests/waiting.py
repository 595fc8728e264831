"""Waiting for a condition with a deadline, never for luck."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(condition: Callable[[], Awaitable[T | None]], *, seconds: float = 10, every: float = 0.05) -> T:
    """What `condition` gives once it gives something true; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = await condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s for {condition}"
        await asyncio.sleep(every)
