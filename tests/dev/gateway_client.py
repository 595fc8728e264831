"""The simulated gateway as a test sees it; several tests share one process, each sees only what it marked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import stripe

from shop_graphql.dev.gateway import Timing, build
from tests.dev.running import TLS, Receiver, serving

KEY, SECRET = "sk_test_local", "whsec_local"
INTENTS = "/v1/payment_intents"


@dataclass
class Sim:
    """One test's dealings with a gateway; `mark` is in the metadata of its payments and the front of its keys."""

    url: str
    http: httpx.AsyncClient
    receiver: Receiver
    mark: str

    async def pay(self, token: str, *, key: str | None = None, **fields: Any) -> httpx.Response:
        data = {"amount": 1000, "currency": "eur", "confirm": "true", "payment_method": token} | fields
        headers = {"Idempotency-Key": f"{self.mark}-{key}"} if key else {}
        return await self.http.post(INTENTS, data={"metadata[mark]": self.mark, **data}, headers=headers)

    async def status_of(self, intent: dict[str, Any]) -> str:
        return str((await self.http.get(f"{INTENTS}/{intent['id']}")).json()["status"])

    def is_now(self, intent: dict[str, Any], status: str) -> Callable[[], Awaitable[bool]]:
        async def check() -> bool:
            return await self.status_of(intent) == status

        return check

    async def intents(self) -> list[dict[str, Any]]:
        listed = (await self.http.get(INTENTS, params={"limit": 100})).json()["data"]
        return [intent for intent in listed if intent["metadata"].get("mark") == self.mark]

    async def charges(self) -> list[dict[str, Any]]:
        listed = (await self.http.get("/_sim/charges")).json()["data"]
        return [charge for charge in listed if charge["metadata"].get("mark") == self.mark]

    def events(self) -> list[stripe.Event]:
        """What came about this test's payments, in order; a bad signature raises."""
        events = [stripe.Webhook.construct_event(body, signature, SECRET) for body, signature in self.receiver.got]
        return [event for event in events if event.data.object["metadata"].to_dict().get("mark") == self.mark]

    def told(self) -> list[str]:
        return [event.type for event in self.events()]

    def was_told(self, kind: str, times: int = 1) -> Callable[[], Awaitable[bool]]:
        async def check() -> bool:
            return self.told().count(kind) >= times

        return check


@contextmanager
def simulated(state: Path) -> Iterator[tuple[str, Receiver]]:
    """A gateway in a hurry and the receiver of its webhooks."""
    receiver = Receiver()
    timing = Timing(delay_seconds=0.1, slow_seconds=0.3, late_seconds=0.3, retry_seconds=0.05)
    with serving(receiver.app()) as hook:
        app = build(webhook_url=f"{hook}/hook", webhook_secret=SECRET, api_key=KEY, state_path=state, timing=timing)
        with serving(app) as url:
            yield url, receiver


@asynccontextmanager
async def client_of(url: str, receiver: Receiver) -> AsyncIterator[Sim]:
    """A client with the right key."""
    headers = {"Authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=5, verify=TLS) as http:
        yield Sim(url, http, receiver, uuid4().hex)
