"""The simulated gateway on a real socket, and what it says it has charged."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from shop_graphql.dev.gateway import Timing, build
from shop_graphql.payments.stripe import StripeGateway
from tests.clock import FixedClock
from tests.dev.running import TLS, serving

KEY, SECRET = "sk_test_simulator", "whsec_simulator"
PATIENCE = 0.6
"""Seconds that the shop waits for an answer in these tests."""


@dataclass(frozen=True)
class Simulator:
    """The gateway as its operator sees it."""

    url: str

    async def charges(self) -> list[dict[str, Any]]:
        async with httpx.AsyncClient(verify=TLS) as http:
            charges: list[dict[str, Any]] = (await http.get(f"{self.url}/_sim/charges")).json()["data"]
        return charges

    async def set(self, **controls: Any) -> None:
        async with httpx.AsyncClient(verify=TLS) as http:
            (await http.put(f"{self.url}/_sim", json=controls)).raise_for_status()

    async def answer_bank_page(self, url: str | None, answer: str) -> None:
        assert url is not None
        async with httpx.AsyncClient(verify=TLS) as http:
            assert (await http.post(url, data={"answer": answer})).status_code in {200, 303}


@pytest.fixture
def simulator(tmp_path: Path) -> Iterator[Simulator]:
    timing = Timing(delay_seconds=0.02, slow_seconds=0.4)
    state = tmp_path / "gateway.db"
    with serving(build(webhook_url="", webhook_secret=SECRET, api_key=KEY, state_path=state, timing=timing)) as url:
        yield Simulator(url)


@pytest.fixture
async def gateway(simulator: Simulator) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(base_url=simulator.url, api_key=KEY, webhook_secret=SECRET, timeout=PATIENCE, tls=TLS)
    yield gateway
    await gateway.close()


@pytest.fixture
def clock() -> FixedClock:
    """Begins at the machine's time, which is the simulator's too: it finds payments by when they were made."""
    return FixedClock(datetime.now(UTC))
