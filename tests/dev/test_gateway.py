"""The simulated gateway's addresses: what it does with a payment, and what it refuses as Stripe would."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import stripe

from tests.dev.gateway_client import INTENTS, KEY, Sim, client_of, simulated
from tests.dev.running import TLS, Receiver
from tests.waiting import until


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Receiver]]:
    with simulated(tmp_path_factory.mktemp("gateway") / "gateway.db") as gateway:
        yield gateway


@pytest.fixture
async def sim(running: tuple[str, Receiver]) -> AsyncIterator[Sim]:
    async with client_of(*running) as sim:
        yield sim


async def test_a_card_settles_after_processing_and_tells(sim: Sim) -> None:
    intent = (await sim.pay("pm_card_visa", **{"metadata[order]": "7"})).json()

    assert intent["status"] == "processing"
    await until(sim.is_now(intent, "succeeded"), seconds=5)
    await until(sim.was_told("payment_intent.succeeded"), seconds=5)
    assert sorted(sim.told()) == ["payment_intent.processing", "payment_intent.succeeded"]
    [charge] = await sim.charges()
    assert (charge["captured"], charge["refunded"], charge["metadata"]) == (1000, 0, {"order": "7", "mark": sim.mark})


@pytest.mark.parametrize(
    ("token", "decline_code"),
    [
        ("pm_card_chargeDeclined", "generic_decline"),
        ("pm_card_visa_chargeDeclined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    ],
)
async def test_a_declined_card_is_a_card_error(sim: Sim, token: str, decline_code: str) -> None:
    client = stripe.StripeClient(KEY, base_addresses={"api": sim.url}, max_network_retries=0)

    with pytest.raises(stripe.CardError) as refusal:
        await asyncio.to_thread(
            client.v1.payment_intents.create,
            {"amount": 1000, "currency": "eur", "confirm": True, "payment_method": token},
        )

    assert refusal.value.code == "card_declined"
    error = refusal.value.json_body["error"]  # type: ignore[index]
    assert error["decline_code"] == decline_code
    assert error["payment_intent"]["status"] == "requires_payment_method"
    assert error["payment_intent"]["last_payment_error"]["decline_code"] == decline_code


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"payment_method": "pm_card_unheard_of"}, "resource_missing"),
        ({"amount": "12.50"}, "parameter_invalid_integer"),
        ({"amount": "0"}, "parameter_invalid_integer"),
        ({"amount": ""}, "parameter_missing"),
        ({"colour": "red"}, "parameter_unknown"),
        ({"payment_method_types[0]": "card"}, "payment_method_types_no_longer_supported"),
        ({"return_url": "javascript:alert(1)"}, "url_invalid"),
    ],
)
async def test_create_refuses_what_stripe_would_refuse(sim: Sim, fields: dict[str, str], code: str) -> None:
    answer = await sim.pay("pm_card_visa", key="k", **fields)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert await sim.intents() == []


async def test_a_wrong_key_is_not_let_in(sim: Sim) -> None:
    wrong = await sim.http.get(INTENTS, headers={"Authorization": "Bearer sk_test_other"})
    basic = await sim.http.get(INTENTS, auth=(KEY, ""))

    assert (wrong.status_code, wrong.json()["error"]["type"]) == (401, "invalid_request_error")
    assert "sk_test_other" not in wrong.text
    assert basic.status_code == 200


async def test_refunds_never_exceed_what_was_taken(sim: Sim) -> None:
    intent = (await sim.pay("pm_sim_slow")).json()

    async def refund(amount: int) -> httpx.Response:
        return await sim.http.post("/v1/refunds", data={"payment_intent": intent["id"], "amount": amount})

    assert (await refund(1001)).status_code == 400
    assert (await refund(700)).json()["status"] == "succeeded"
    assert (await refund(301)).json()["error"]["param"] == "amount"
    made = (await refund(300)).json()
    assert (await refund(1)).json()["error"]["code"] == "charge_already_refunded"

    assert (await sim.http.get(f"/v1/refunds/{made['id']}")).json() == made
    assert [charge["refunded"] for charge in await sim.charges()] == [1000]
    await until(sim.was_told("charge.refunded", 2), seconds=5)


@pytest.mark.parametrize(
    ("answer", "status", "event"),
    [
        ("approve", "succeeded", "payment_intent.succeeded"),
        ("refuse", "requires_payment_method", "payment_intent.payment_failed"),
    ],
)
async def test_secure_page_asks_and_returns(sim: Sim, answer: str, status: str, event: str) -> None:
    asked = await sim.pay("pm_card_authenticationRequired", return_url="http://shop.example/back?a=1")
    page = asked.json()["next_action"]["redirect_to_url"]["url"]

    async with httpx.AsyncClient(verify=TLS) as browser:
        shown = await browser.get(page)
        back = await browser.post(page, data={"answer": answer})

    assert asked.json()["status"] == "requires_action"
    assert "Approve" in shown.text
    assert "Refuse" in shown.text
    assert back.status_code == 303
    assert back.headers["location"].startswith(f"http://shop.example/back?a=1&payment_intent={asked.json()['id']}")
    assert await sim.status_of(asked.json()) == status
    await until(sim.was_told(event), seconds=5)


async def test_cancel_stops_only_what_is_still_open(sim: Sim) -> None:
    open_one = (await sim.pay("pm_card_authenticationRequired")).json()
    processing = (await sim.pay("pm_sim_never")).json()

    cancelled = await sim.http.post(f"{INTENTS}/{open_one['id']}/cancel")
    refused = await sim.http.post(f"{INTENTS}/{processing['id']}/cancel")

    assert cancelled.json()["status"] == "canceled"
    assert refused.json()["error"]["code"] == "payment_intent_unexpected_state"
    assert refused.json()["error"]["payment_intent"]["status"] == "processing"
    await until(sim.was_told("payment_intent.canceled"), seconds=5)


async def test_a_partial_capture_lets_the_rest_go(sim: Sim) -> None:
    intent = (await sim.pay("pm_sim_slow", capture_method="manual")).json()
    path = f"{INTENTS}/{intent['id']}/capture"

    too_much = await sim.http.post(path, data={"amount_to_capture": 1001})
    captured = await sim.http.post(path, data={"amount_to_capture": 600})
    again = await sim.http.post(path)

    assert intent["status"] == "requires_capture"
    assert too_much.json()["error"]["code"] == "amount_too_large"
    assert (captured.json()["status"], captured.json()["amount_received"]) == ("succeeded", 600)
    assert again.json()["error"]["code"] == "payment_intent_unexpected_state"
    [charge] = await sim.charges()
    assert (charge["captured"], charge["released"], charge["refunded"]) == (600, 400, 0)


async def test_confirm_tries_another_card_later(sim: Sim) -> None:
    created = (await sim.pay("pm_card_visa", confirm="false")).json()
    path = f"{INTENTS}/{created['id']}/confirm"

    declined = await sim.http.post(path, data={"payment_method": "pm_card_chargeDeclined"})
    confirmed = await sim.http.post(path, data={"payment_method": "pm_card_visa"})

    assert created["status"] == "requires_confirmation"
    assert declined.status_code == 402
    assert (confirmed.json()["status"], confirmed.json()["last_payment_error"]) == ("processing", None)


async def test_list_pages_from_newest_to_oldest(sim: Sim) -> None:
    made = [(await sim.pay("pm_sim_never")).json()["id"] for _ in range(3)]

    first = (await sim.http.get(INTENTS, params={"limit": 2})).json()
    second = (await sim.http.get(INTENTS, params={"limit": 2, "starting_after": first["data"][-1]["id"]})).json()
    whole = (await sim.http.get(INTENTS, params={"limit": 100})).json()
    none = (await sim.http.get(INTENTS, params={"created[gte]": int(time.time()) + 60})).json()

    assert [intent["id"] for intent in first["data"] + second["data"]][:3] == made[::-1]
    assert first["has_more"]
    assert not whole["has_more"]
    assert none["data"] == []
