"""Webhooks as the adapter reads them: who signed, when, and what was said."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from shop_graphql.dev.gateway.notices import signed
from shop_graphql.payments.gateway import BadSignature, GatewayStatus, MalformedWebhook
from shop_graphql.payments.stripe import StripeGateway

SECRET = "whsec_local"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PAYMENT_ID = UUID(int=7)
GATEWAY = StripeGateway(base_url="http://127.0.0.1:1", api_key="sk_test_local", webhook_secret=SECRET)
"""Calls nobody: reading a webhook needs no network."""

INTENT: dict[str, Any] = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 1000,
    "amount_capturable": 0,
    "amount_received": 1000,
    "currency": "eur",
    "latest_charge": "ch_1",
    "metadata": {"payment_id": str(PAYMENT_ID)},
    "status": "succeeded",
}
CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "object": "charge",
    "amount": 1000,
    "amount_captured": 1000,
    "amount_refunded": 300,
    "captured": True,
    "currency": "eur",
    "metadata": {"payment_id": "not ours"},
    "payment_intent": "pi_1",
    "refunded": False,
}


def event(thing: dict[str, Any], type: str = "payment_intent.succeeded") -> bytes:
    return orjson.dumps({"id": "evt_1", "type": type, "created": 1_800_000_000, "data": {"object": thing}})


def read(body: bytes, *, header: str | None = None, seconds_later: float = 0) -> Any:
    if header is None:
        header = signed(body.decode(), SECRET, int(NOW.timestamp()))
    return GATEWAY.read_webhook(body, header, NOW + timedelta(seconds=seconds_later))


def test_webhook_of_a_payment_is_read() -> None:
    told = read(event(INTENT))

    assert (told.event_id, told.type) == ("evt_1", "payment_intent.succeeded")
    assert told.created_at == datetime.fromtimestamp(1_800_000_000, UTC)
    assert (told.payment.payment_id, told.payment.status) == (PAYMENT_ID, GatewayStatus.SUCCEEDED)
    assert (told.payment.captured_minor, told.payment.refunded_minor) == (1000, None)


def test_webhook_of_a_refund_tells_how_much() -> None:
    told = read(event(CHARGE, "charge.refunded"))

    assert (told.payment.gateway_payment_id, told.payment.payment_id) == ("pi_1", None)
    assert (told.payment.captured_minor, told.payment.refunded_minor) == (1000, 300)


def test_webhook_of_no_interest_has_no_payment() -> None:
    assert read(event({"object": "customer", "id": "cus_1"}, "customer.created")).payment is None


@pytest.mark.parametrize("seconds_later", [-301, 301])
def test_webhook_signed_at_another_time_is_refused(seconds_later: float) -> None:
    read(event(INTENT), seconds_later=seconds_later * 0.99)

    with pytest.raises(BadSignature):
        read(event(INTENT), seconds_later=seconds_later + (1 if seconds_later > 0 else 0))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1",
        "v1=00",
        "t=x,v1=00",
        "t=١,v1=00",  # noqa: RUF001  # a digit, but none that was ever signed
        "t=1,t=2,v1=00",
        signed(event(INTENT).decode(), "whsec_other", int(NOW.timestamp())),
        signed(event(INTENT).decode() + " ", SECRET, int(NOW.timestamp())),
        signed(event(INTENT).decode(), SECRET, int(NOW.timestamp())).replace("v1=", "v0="),
    ],
)
def test_webhook_that_is_not_signed_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        read(event(INTENT), header=header)


def test_webhook_signed_with_old_and_new_secret_is_read() -> None:
    stamp = int(NOW.timestamp())
    old = signed(event(INTENT).decode(), "whsec_old", stamp).partition(",")[2]

    assert read(event(INTENT), header=f"{signed(event(INTENT).decode(), SECRET, stamp)},{old}").event_id == "evt_1"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"data": {"object": 1}}',
        event({**INTENT, "status": "unheard_of"}),
        event({**INTENT, "amount": "1000"}),
        event({"object": "payment_intent"}),
    ],
)
def test_webhook_that_is_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedWebhook):
        read(body)
