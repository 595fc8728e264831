"""The adapter over the official client, against the simulated gateway on a real socket."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from shop_graphql.dev.gateway import Timing, build
from shop_graphql.payments.gateway import (
    GatewayDeclined,
    GatewayPayment,
    GatewayRefused,
    GatewayStatus,
    GatewayUnavailable,
    PaymentGateway,
    RefundStatus,
)
from shop_graphql.payments.stripe import StripeGateway
from tests.dev.running import TLS, serving
from tests.waiting import until

KEY, SECRET = "sk_test_local", "whsec_local"
PAYMENT_ID = UUID(int=(int(time.time() * 1000) << 80) | (7 << 76) | (2 << 62) | 7)
"""UUIDv7 of now."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("gateway") / "gateway.db"
    timing = Timing(delay_seconds=0.05, slow_seconds=0.6)
    with serving(build(webhook_url="", webhook_secret=SECRET, api_key=KEY, state_path=path, timing=timing)) as url:
        yield url


@pytest.fixture
async def gateway(url: str) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(base_url=url, api_key=KEY, webhook_secret=SECRET, timeout=5, tls=TLS)
    yield gateway
    await gateway.close()


@pytest.fixture
async def impatient(url: str) -> AsyncIterator[StripeGateway]:
    gateway = StripeGateway(base_url=url, api_key=KEY, webhook_secret=SECRET, timeout=0.3, tls=TLS)
    yield gateway
    await gateway.close()


async def pay(
    gateway: PaymentGateway, token: str, *, key: str, payment_id: UUID = PAYMENT_ID, **arguments: Any
) -> GatewayPayment:
    wanted: dict[str, Any] = {"amount_minor": 1000, "currency": "EUR"} | arguments
    return await gateway.create(payment_id=payment_id, method_token=token, idempotency_key=key, **wanted)


def ended(gateway: PaymentGateway, id: str) -> Callable[[], Awaitable[GatewayPayment | None]]:
    async def check() -> GatewayPayment | None:
        payment = await gateway.retrieve(id)
        return None if payment.status is GatewayStatus.PROCESSING else payment

    return check


async def test_create_tries_the_card_and_carries_our_id(gateway: StripeGateway) -> None:
    made = await pay(gateway, "pm_card_visa", key="visa", metadata={"order": "7"})

    paid = await until(ended(gateway, made.gateway_payment_id), seconds=5)

    assert (made.status, made.captured_minor, made.payment_id) == (GatewayStatus.PROCESSING, 0, PAYMENT_ID)
    assert made.client_secret
    assert (paid.status, paid.captured_minor, paid.refunded_minor) == (GatewayStatus.SUCCEEDED, 1000, 0)
    assert (paid.currency, paid.card_brand, paid.card_last4) == ("EUR", "visa", "4242")
    assert paid.card_fingerprint


async def test_declined_card_raises_with_the_payment(gateway: StripeGateway) -> None:
    with pytest.raises(GatewayDeclined) as refusal:
        await pay(gateway, "pm_card_chargeDeclinedInsufficientFunds", key="poor")

    assert refusal.value.decline_code == "insufficient_funds"
    assert refusal.value.payment
    assert refusal.value.payment.status is GatewayStatus.FAILED
    assert refusal.value.payment.decline_code == "insufficient_funds"
    assert refusal.value.payment.payment_id == PAYMENT_ID


async def test_authentication_gives_an_address_to_visit(gateway: StripeGateway) -> None:
    asked = await pay(gateway, "pm_card_authenticationRequired", key="3ds", return_url="http://shop.example/back")
    assert asked.next_action_url
    async with httpx.AsyncClient(verify=TLS) as browser:
        await browser.post(asked.next_action_url, data={"answer": "refuse"})

    refused = await gateway.retrieve(asked.gateway_payment_id)

    assert asked.status is GatewayStatus.REQUIRES_ACTION
    assert (refused.status, refused.next_action_url) == (GatewayStatus.FAILED, None)
    assert refused.decline_code == "payment_intent_authentication_failure"


async def test_same_key_gives_the_same_payment(gateway: StripeGateway) -> None:
    async with asyncio.TaskGroup() as group:
        twins = [group.create_task(pay(gateway, "pm_card_visa", key="twins")) for _ in range(5)]

    assert len({twin.result().gateway_payment_id for twin in twins}) == 1


async def test_same_key_for_another_amount_is_refused(gateway: StripeGateway) -> None:
    await pay(gateway, "pm_card_visa", key="amount")

    with pytest.raises(GatewayRefused) as refusal:
        await pay(gateway, "pm_card_visa", key="amount", amount_minor=1)

    assert refusal.value.code == "idempotency_error"


async def test_lost_answer_is_recovered_by_repeating(gateway: StripeGateway, impatient: StripeGateway) -> None:
    with pytest.raises(GatewayUnavailable):
        await pay(impatient, "pm_sim_hang", key="hang")

    again = await pay(gateway, "pm_sim_hang", key="hang")

    assert (again.status, again.captured_minor) == (GatewayStatus.SUCCEEDED, 1000)


async def test_twin_under_way_has_unknown_outcome(gateway: StripeGateway, impatient: StripeGateway) -> None:
    with pytest.raises(GatewayUnavailable, match="no answer in"):
        await pay(impatient, "pm_sim_slow", key="slow")
    with pytest.raises(GatewayUnavailable, match="409"):
        await pay(gateway, "pm_sim_slow", key="slow")

    async def answered() -> GatewayPayment | None:
        try:
            return await pay(gateway, "pm_sim_slow", key="slow")
        except GatewayUnavailable:
            return None

    assert (await until(answered, seconds=5)).status is GatewayStatus.SUCCEEDED


async def test_repeated_failure_after_charge_is_found(gateway: StripeGateway) -> None:
    payment_id = UUID(int=PAYMENT_ID.int + 1)
    for _ in range(2):
        with pytest.raises(GatewayUnavailable, match="500"):
            await pay(gateway, "pm_sim_error_after_charge", key="error", payment_id=payment_id)

    found = await gateway.find(payment_id)

    assert found
    assert (found.status, found.captured_minor) == (GatewayStatus.SUCCEEDED, 1000)


async def test_find_prefers_the_payment_with_money(gateway: StripeGateway) -> None:
    payment_id = UUID(int=PAYMENT_ID.int + 2)
    paid = await pay(gateway, "pm_card_visa", key="find-1", payment_id=payment_id)
    with pytest.raises(GatewayDeclined):
        await pay(gateway, "pm_card_chargeDeclined", key="find-2", payment_id=payment_id)

    found = await gateway.find(payment_id)

    assert found
    assert found.gateway_payment_id == paid.gateway_payment_id


async def test_find_reads_past_one_page(gateway: StripeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop_graphql.payments.stripe.FIND_PAGE", 2)
    payment_id = UUID(int=PAYMENT_ID.int + 3)
    await pay(gateway, "pm_sim_never", key="deep", payment_id=payment_id)
    for n in range(4):
        await pay(gateway, "pm_sim_never", key=f"over-{n}")

    found = await gateway.find(payment_id)

    assert found
    assert found.payment_id == payment_id


async def test_find_gives_none_for_an_unknown_payment(gateway: StripeGateway) -> None:
    assert await gateway.find(UUID(int=PAYMENT_ID.int + 99)) is None


async def test_authorised_money_is_captured_in_part(gateway: StripeGateway) -> None:
    held = await pay(gateway, "pm_card_visa", key="hold", capture="manual")
    held = await until(ended(gateway, held.gateway_payment_id), seconds=5)

    taken = await gateway.capture(held.gateway_payment_id, idempotency_key="take", amount_minor=600)
    refund = await gateway.refund(
        gateway_payment_id=held.gateway_payment_id, amount_minor=100, idempotency_key="back", refund_id=PAYMENT_ID
    )
    now = await gateway.retrieve(held.gateway_payment_id)

    assert (held.status, held.authorised_minor, held.captured_minor) == (GatewayStatus.AUTHORISED, 1000, 0)
    assert (taken.status, taken.captured_minor, taken.refunded_minor) == (GatewayStatus.SUCCEEDED, 600, 0)
    assert (refund.status, refund.amount_minor, refund.currency) == (RefundStatus.SUCCEEDED, 100, "EUR")
    assert await gateway.retrieve_refund(refund.gateway_refund_id) == refund
    assert now.refunded_minor == 100


async def test_cancel_lets_authorised_money_go(gateway: StripeGateway) -> None:
    held = await pay(gateway, "pm_card_visa", key="let-go", capture="manual")
    await until(ended(gateway, held.gateway_payment_id), seconds=5)

    cancelled = await gateway.cancel(held.gateway_payment_id, idempotency_key="let-go-cancel")

    assert cancelled.status is GatewayStatus.CANCELLED
    assert (cancelled.authorised_minor, cancelled.captured_minor, cancelled.refunded_minor) == (0, 0, 0)


async def test_cancel_of_a_paid_one_tells_so(gateway: StripeGateway) -> None:
    paid = await pay(gateway, "pm_card_visa", key="too-late")
    await until(ended(gateway, paid.gateway_payment_id), seconds=5)

    with pytest.raises(GatewayRefused) as refusal:
        await gateway.cancel(paid.gateway_payment_id, idempotency_key="too-late-cancel")

    assert refusal.value.code == "payment_intent_unexpected_state"
    assert refusal.value.payment
    assert refusal.value.payment.status is GatewayStatus.SUCCEEDED
    # The answer names the charge without describing it: what was given back is not known, which is not nothing.
    assert refusal.value.payment.refunded_minor is None


async def test_refund_of_too_much_is_refused(gateway: StripeGateway) -> None:
    paid = await pay(gateway, "pm_card_visa", key="refund")
    await until(ended(gateway, paid.gateway_payment_id), seconds=5)
    whole: dict[str, Any] = {"gateway_payment_id": paid.gateway_payment_id, "amount_minor": 1000}

    first = await gateway.refund(**whole, idempotency_key="refund-1")
    again = await gateway.refund(**whole, idempotency_key="refund-1")
    with pytest.raises(GatewayRefused) as refusal:
        await gateway.refund(**whole, idempotency_key="refund-2")

    assert first == again
    assert refusal.value.code == "charge_already_refunded"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"currency": "ISK"}, "currency_not_carried"),
        ({"token": "pm_card_unheard_of"}, "resource_missing"),
        ({"amount_minor": 0}, "parameter_invalid_integer"),
    ],
)
async def test_create_refuses_our_own_mistakes(gateway: StripeGateway, arguments: dict[str, Any], code: str) -> None:
    token = arguments.pop("token", "pm_card_visa")

    with pytest.raises(GatewayRefused) as refusal:
        await pay(gateway, token, key=f"mistake-{code}", **arguments)

    assert refusal.value.code == code
