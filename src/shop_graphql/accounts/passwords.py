"""Hashing passwords: Argon2id on a few threads of its own, never on the event loop.

Each hash takes 19 MiB and tens of milliseconds of one core, so both the threads and the callers that
wait for them are bounded: a flood of sign-ins is told to come back instead of taking the shop with it.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import argon2

from shop_graphql.platform.errors import ServiceUnavailable

Answer = TypeVar("Answer")

MEMORY_KIB = 19 * 1024
TIME_COST = 2
PARALLELISM = 1
"""Source: OWASP Password Storage Cheat Sheet, Argon2id, first choice of equal strength."""
THREADS = 2
WAITING_MAX = 64
"""Callers in the queue, above those being served: about four seconds of work."""
NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$d1r/5S6XZz+CBoRCXupkrw$F1rOLHxKyRsMgJMtzoHYcVasFzLwCKBVzHjaylwBlH4"
"""Of random bytes that were thrown away, made with the parameters above: what an unknown address is checked against."""


class PasswordHasher:
    """Makes and checks hashes; at most `THREADS` at once and `WAITING_MAX` waiting."""

    def __init__(self) -> None:
        self._argon2 = argon2.PasswordHasher(
            time_cost=TIME_COST, memory_cost=MEMORY_KIB, parallelism=PARALLELISM, type=argon2.Type.ID
        )
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="passwords")
        self._places = threading.BoundedSemaphore(THREADS + WAITING_MAX)

    async def hash(self, password: str) -> str:
        """A hash of `password` with a fresh salt, in PHC form.

        Raises: ServiceUnavailable when too many wait.
        """
        return await self._run(lambda: self._argon2.hash(password))

    async def verify(self, password_hash: str, password: str) -> bool:
        """Whether `password` is the one behind `password_hash`.

        Raises: ServiceUnavailable when too many wait.
        """
        return await self._run(lambda: self._matches(password_hash, password))

    async def verify_nothing(self, password: str) -> bool:
        """False, after as long as `verify` takes: an unknown address must not be told apart by time.

        Raises: ServiceUnavailable when too many wait.
        """
        await self._run(lambda: self._matches(NOBODYS_HASH, password))
        return False

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether `password_hash` was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(password_hash)

    def close(self) -> None:
        """Let go of the threads; whoever still waits is cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._argon2.verify(password_hash, password)
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        if not self._places.acquire(blocking=False):
            raise ServiceUnavailable("Sign-in")
        try:
            future = self._threads.submit(work)
        except RuntimeError:
            self._places.release()
            raise ServiceUnavailable("Sign-in") from None
        # The place is free when the thread is, not when the caller gives up: a caller who hangs up
        # while its hash is being made still occupies a core.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[Answer]) -> None:
        self._places.release()
