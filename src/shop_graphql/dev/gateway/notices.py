"""Webhooks: facts written down with the change they tell of, then sent until somebody says 2xx.

Owns Stripe's event envelope, its signature and the retries. Order is not promised, as at Stripe.
"""

import asyncio
import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

import httpx
import orjson

from shop_graphql.dev.gateway.cards import Card, Notice
from shop_graphql.dev.gateway.shapes import API_VERSION
from shop_graphql.dev.gateway.state import Delivery, Event, State

RETRY_SECONDS_MAX = 60.0
GIVE_UP_SECONDS = 3 * 24 * 3600.0
"""After three days nobody is told any more, as at Stripe."""
TIMEOUT_SECONDS = 10.0
AT_ONCE = 32
"""Deliveries under way together."""
STAGGER_SECONDS = 0.5
"""Between the copies that a duplicated notice is sent in."""

log = logging.getLogger(__name__)


def tell(
    state: State, kind: str, thing: dict[str, Any], *, card: Card | None = None, hold_seconds: float = 0.0
) -> None:
    """The fact is written down, and its deliveries with it; runs in the caller's transaction.

    Units: `hold_seconds` from now until the first delivery.
    """
    notice = card.notice if card else Notice.ONCE
    if notice is Notice.NOT_AT_ALL:
        return
    now = time.time()
    event_id = f"evt_{secrets.token_hex(12)}"
    envelope = {
        "id": event_id,
        "object": "event",
        "api_version": API_VERSION,
        "created": int(now),
        "data": {"object": thing},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    state.put(Event(id=event_id, created=int(now), body=orjson.dumps(envelope).decode()))
    copies = 3 if notice is Notice.THRICE and not hold_seconds else 1
    for copy in range(copies):
        state.add_delivery(event_id, made_at=now, due_at=now + hold_seconds + copy * STAGGER_SECONDS)


def signed(body: str, secret: str, at: int) -> str:
    """The `Stripe-Signature` header for `body` sent at that Unix second."""
    mac = hmac.new(secret.encode(), f"{at}.{body}".encode(), hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


class Messenger:
    """Sends what is due; one task each, so that a hanging receiver delays only its own.

    `on_room` is called when a task has ended: there may be more to send.
    """

    def __init__(
        self, state: State, *, url: str, secret: str, retry_seconds: float, on_room: Callable[[], None]
    ) -> None:
        self._state = state
        self._url = url
        self._secret = secret
        self._retry_seconds = retry_seconds
        self._on_room = on_room
        self._client = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, limits=httpx.Limits(max_connections=AT_ONCE))
        self._under_way: set[asyncio.Task[None]] = set()
        state.free_leases(time.time())

    async def close(self) -> None:
        """Stop; what was not acknowledged stays due."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._client.aclose()

    def send_due(self, now: float) -> None:
        room = AT_ONCE - len(self._under_way)
        if not self._url or room == 0:
            return
        for delivery in self._state.lease_deliveries(now, until=now + 2 * TIMEOUT_SECONDS, limit=room):
            task = asyncio.create_task(self._send(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._on_room()

    async def _send(self, delivery: Delivery) -> None:
        signature = signed(delivery.body, self._secret, int(time.time()))
        headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature}
        try:
            response = await self._client.post(self._url, content=delivery.body, headers=headers)
            accepted = response.is_success
        except httpx.HTTPError as error:
            log.debug("webhook %s: %s", self._url, error)
            accepted = False
        now = time.time()
        if accepted or now - delivery.made_at > GIVE_UP_SECONDS:
            self._state.end_delivery(delivery.id, now)
        else:
            pause = min(self._retry_seconds * 2**delivery.attempts, RETRY_SECONDS_MAX)
            self._state.postpone_delivery(delivery.id, now + pause)
