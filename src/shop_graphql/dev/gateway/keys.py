"""Idempotency keys: the first answer for the same request, a refusal for another one, a conflict while it runs."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from shop_graphql.dev.gateway.forms import ApiError
from shop_graphql.dev.gateway.state import Answer, State

KEY_LENGTH_MAX = 255


class Keys:
    """Which keys are running is known to this process only: what a killed process ran has no answer and no effect."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._running: set[str] = set()

    @contextmanager
    def running(self, key: str | None) -> Iterator[None]:
        """The key is ours until the block ends. Raises ApiError (409) where it is somebody's already."""
        if key and len(key) > KEY_LENGTH_MAX:
            raise ApiError(400, f"Idempotency keys are at most {KEY_LENGTH_MAX} characters.", kept=False)
        if key in self._running:
            message = "There is currently another in-progress request using this Idempotent Key."
            raise ApiError(409, message, type="idempotency_error", code="idempotency_key_in_use", kept=False)
        if key is None:
            yield
            return
        self._running.add(key)
        try:
            yield
        finally:
            self._running.discard(key)

    def known(self, key: str | None, fingerprint: str) -> Answer | None:
        """The first answer. Raises ApiError where the key stands for another request."""
        answer = self._state.answer(key) if key else None
        if answer and answer.fingerprint != fingerprint:
            message = "Keys for idempotent requests can only be used with the parameters they were first used with."
            raise ApiError(400, message, type="idempotency_error", kept=False)
        return answer

    def first(self, key: str | None, fingerprint: str, act: Callable[[], tuple[int, dict[str, Any]]]) -> Answer:
        """The effect of `act` and its answer are kept together, or neither is."""
        with self._state.transaction():
            try:
                status, body = act()
            except ApiError as refusal:
                if not refusal.kept:
                    raise
                status, body = refusal.status, refusal.body
            answer = Answer(fingerprint, status, orjson.dumps(body))
            if key:
                self._state.keep_answer(key, answer)
            return answer


def fingerprint_of(method: str, path: str, body: bytes) -> str:
    """Two requests with one fingerprint ask for the same; the order of parameters does not matter."""
    pairs = b"&".join(sorted(body.split(b"&")))
    return hashlib.sha256(b"\n".join([method.encode(), path.encode(), pairs])).hexdigest()
