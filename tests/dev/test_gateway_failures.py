"""The simulated gateway when things go wrong: repeated calls, lost answers, webhooks, outages, a killed process."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.dev.gateway_client import INTENTS, KEY, SECRET, Sim, client_of, simulated
from tests.dev.running import TLS, Receiver, free_port, serving
from tests.waiting import until


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Receiver]]:
    with simulated(tmp_path_factory.mktemp("gateway") / "gateway.db") as gateway:
        yield gateway


@pytest.fixture
async def sim(running: tuple[str, Receiver]) -> AsyncIterator[Sim]:
    async with client_of(*running) as sim:
        yield sim


@pytest.fixture
async def own_sim(tmp_path: Path) -> AsyncIterator[Sim]:
    """A gateway that no other test speaks to."""
    with simulated(tmp_path / "gateway.db") as gateway:
        async with client_of(*gateway) as sim:
            yield sim


async def test_twins_with_one_key_charge_once(sim: Sim) -> None:
    async with asyncio.TaskGroup() as group:
        twins = [group.create_task(sim.pay("pm_card_visa", key="k")) for _ in range(20)]

    answers = [twin.result() for twin in twins]
    done = [answer for answer in answers if answer.status_code == 200]
    assert done
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.json()["id"] for answer in done}) == 1
    assert (await sim.pay("pm_card_visa", key="k")).headers["idempotent-replayed"] == "true"
    assert len(await sim.intents()) == 1


async def test_a_key_for_another_request_is_refused(sim: Sim) -> None:
    await sim.pay("pm_card_visa", key="k")

    answer = await sim.pay("pm_card_visa", key="k", amount=999)

    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "idempotency_error")


async def test_a_key_under_way_is_a_conflict(sim: Sim) -> None:
    async with asyncio.TaskGroup() as group:
        slow = group.create_task(sim.pay("pm_sim_slow", key="k"))
        await until(sim_has_charges(sim), seconds=5, every=0.01)
        twin = await sim.pay("pm_sim_slow", key="k")

    assert (twin.status_code, twin.json()["error"]["code"]) == (409, "idempotency_key_in_use")
    assert (await sim.pay("pm_sim_slow", key="k")).json() == slow.result().json()
    assert len(await sim.charges()) == 1


async def test_a_failure_after_the_charge_is_repeated(sim: Sim) -> None:
    answers = [await sim.pay("pm_sim_error_after_charge", key="k") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert len(await sim.charges()) == 1


async def test_a_decline_is_repeated_under_its_key(sim: Sim) -> None:
    first, again = [await sim.pay("pm_card_chargeDeclined", key="k") for _ in range(2)]

    assert first.status_code == again.status_code == 402
    assert first.json() == again.json()


async def test_a_hanging_call_has_charged_and_replays(sim: Sim) -> None:
    async with httpx.AsyncClient(base_url=sim.url, headers=sim.http.headers, timeout=0.3, verify=TLS) as impatient:
        with pytest.raises(httpx.ReadTimeout):
            await Sim(sim.url, impatient, sim.receiver, sim.mark).pay("pm_sim_hang", key="k")

    answer = await sim.pay("pm_sim_hang", key="k")

    assert answer.json()["status"] == "succeeded"
    assert len(await sim.charges()) == 1


async def test_silent_and_never_tell_nothing(sim: Sim) -> None:
    silent = (await sim.pay("pm_sim_silent")).json()
    never = (await sim.pay("pm_sim_never")).json()
    spoken = (await sim.pay("pm_sim_late")).json()

    await until(sim.is_now(spoken, "succeeded"), seconds=5)
    await until(sim.was_told("payment_intent.succeeded"), seconds=5)

    assert await sim.status_of(silent) == "succeeded"
    assert await sim.status_of(never) == "processing"
    assert sorted(sim.told()) == ["payment_intent.processing", "payment_intent.succeeded"]


async def test_a_card_can_fail_after_processing(sim: Sim) -> None:
    intent = (await sim.pay("pm_sim_fails_later")).json()

    await until(sim.was_told("payment_intent.payment_failed"), seconds=5)

    assert intent["status"] == "processing"
    assert await sim.status_of(intent) == "requires_payment_method"
    assert await sim.charges() == []


async def test_duplicates_come_thrice_and_out_of_order(sim: Sim) -> None:
    await sim.pay("pm_sim_duplicate")

    await until(sim.was_told("payment_intent.succeeded", 3), seconds=5)
    await until(sim.was_told("payment_intent.processing", 1), seconds=5)

    assert sim.told()[0] == "payment_intent.succeeded"
    assert sim.told().count("payment_intent.processing") == 1
    assert len({event.id for event in sim.events()}) == 2


async def test_a_webhook_is_repeated_until_accepted(own_sim: Sim) -> None:
    own_sim.receiver.statuses[:] = [500, 302, 404]

    await own_sim.pay("pm_sim_slow")

    await until(own_sim.was_told("payment_intent.succeeded", 4), seconds=5)
    settled = await own_sim.http.get("/_sim")
    assert len({body for body, _ in own_sim.receiver.got}) == 1
    assert settled.json()["waiting_webhooks"] == 0


async def test_a_gateway_that_is_down_does_nothing(own_sim: Sim) -> None:
    intent = (await own_sim.pay("pm_card_visa")).json()
    await own_sim.http.put("/_sim", json={"down": True})
    told = len(own_sim.told())

    answers = [await own_sim.pay("pm_card_visa"), await own_sim.http.get(f"{INTENTS}/{intent['id']}")]
    await asyncio.sleep(0.3)  # longer than a payment takes to settle: it must not
    health = await own_sim.http.get("/health")
    during = len(own_sim.told())
    await own_sim.http.put("/_sim", json={"down": False})

    assert [answer.status_code for answer in answers] == [503, 503]
    assert health.status_code == 200
    assert during <= told + 1
    await until(own_sim.is_now(intent, "succeeded"), seconds=5)


async def test_control_takes_only_what_it_knows(own_sim: Sim) -> None:
    wrong = [await own_sim.http.put("/_sim", json=body) for body in ({"dwon": True}, {"down": "yes"}, [1])]
    latency = await own_sim.http.put("/_sim", json={"latency_seconds": 0.2})
    started = time.monotonic()
    await own_sim.http.get(INTENTS)

    assert [answer.status_code for answer in wrong] == [400, 400, 400]
    assert latency.json()["latency_seconds"] == 0.2
    assert time.monotonic() - started >= 0.2


async def test_a_killed_gateway_forgets_nothing_it_answered(tmp_path: Path) -> None:
    receiver, port = Receiver(*[500] * 3), free_port()
    with serving(receiver.app()) as hook:
        program = (
            "from pathlib import Path; from shop_graphql.dev.gateway import Timing, serve; "
            f"serve('127.0.0.1', {port}, '{hook}/hook', {SECRET!r}, {KEY!r}, Path({str(tmp_path / 'gateway.db')!r}), "
            "Timing(delay_seconds=0.5, retry_seconds=30))"
        )
        async with client_of(f"http://127.0.0.1:{port}", receiver) as sim:
            first = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
            await until(is_up(sim.http), seconds=10)
            intent = (await sim.pay("pm_card_visa", key="k")).json()
            await until(sim.was_told("payment_intent.processing"), seconds=5)  # refused with a 500
            first.kill()
            await first.wait()
            receiver.statuses.clear()
            receiver.got.clear()

            second = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
            await until(is_up(sim.http), seconds=10)
            again = (await sim.pay("pm_card_visa", key="k")).json()
            await until(sim.was_told("payment_intent.succeeded"), seconds=5)
            await until(sim.was_told("payment_intent.processing"), seconds=5)
            settled = await sim.status_of(intent)
            second.terminate()
            await second.wait()

    assert again == intent
    assert settled == "succeeded"


def sim_has_charges(sim: Sim) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        return bool(await sim.charges())

    return check


def is_up(http: httpx.AsyncClient) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        try:
            return (await http.get("/health")).is_success
        except httpx.TransportError:
            return False

    return check
