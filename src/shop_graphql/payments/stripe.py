"""Stripe behind the port `payments.gateway`: its names, amounts, errors and signatures in the shop's words.

Keeps nothing and repeats nothing: a call is made once, within `TIMEOUT_SECONDS`, and the caller's rows decide on the
next. The official client does the talking; signatures are verified here, because it would read the clock itself.

Units: Stripe's smallest unit is ISO 4217's minor unit but for `UNLIKE_ISO`, which are refused before they could be
charged a hundredfold. Its zero-decimal currencies (JPY, KRW, ...) are zero-decimal in ISO too. Amounts in BHD, JOD,
KWD, OMR and TND must end in 0 there: Stripe refuses others itself.
Source: docs.stripe.com/currencies, docs.stripe.com/api/payment_intents.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import httpx
import stripe

from shop_graphql.payments import stripe_shapes as shapes
from shop_graphql.payments.gateway import (
    GatewayDeclined,
    GatewayEvent,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    GatewayStatus,
    GatewayUnavailable,
)

API_VERSION = "2026-10-28.endive"
"""The version whose shapes this module reads; the endpoint for webhooks must be registered with the same."""

TIMEOUT_SECONDS = 8.0
"""For a whole call, its connection included: below the 10 s an answer of ours may take."""

SIGNATURE_TOLERANCE = timedelta(seconds=300)
"""Either way; what Stripe recommends."""

UNLIKE_ISO = frozenset({"ISK", "UGX", "MGA"})
"""Stripe counts ISK and UGX in hundredths, ISO 4217 does not; for MGA it is the other way round."""

FIND_SINCE = timedelta(minutes=5)
FIND_UNTIL = timedelta(days=2)
"""`find` reads the payments made this long before and after our id: clocks differ, and keys are repeated for a day."""

FIND_PAGE = 100
"""Payments to a page of it: as many as Stripe gives."""

_HOLDS_MONEY = (GatewayStatus.SUCCEEDED, GatewayStatus.AUTHORISED, GatewayStatus.PROCESSING)


class _Transport(stripe.HTTPClient):
    """httpx under the official client. Its own such class passes bodies in a way that httpx has deprecated."""

    name = "httpx"

    def __init__(self, timeout: float, tls: ssl.SSLContext | None) -> None:
        super().__init__()
        self._httpx = httpx.AsyncClient(timeout=timeout, trust_env=False, verify=tls or True)

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        try:
            response = await self._httpx.request(method, url, headers=dict(headers), content=post_data)
        except httpx.HTTPError as error:
            raise stripe.APIConnectionError(repr(error)) from error  # type: ignore[no-untyped-call]
        return response.content, response.status_code, response.headers

    def sleep_async(self, secs: float) -> Awaitable[None]:
        return asyncio.sleep(secs)

    async def close_async(self) -> None:
        await self._httpx.aclose()


class StripeGateway:
    """The gateway at `base_url`, one pool of connections; `close` it at the end. `tls` is whom to trust, if not all."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        webhook_secret: str,
        timeout: float = TIMEOUT_SECONDS,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._timeout = timeout
        self._webhook_secret = webhook_secret.encode()
        self._http = _Transport(timeout, tls)
        self._client = stripe.StripeClient(
            api_key,
            stripe_version=API_VERSION,
            base_addresses={"api": base_url.rstrip("/")},
            http_client=self._http,
            max_network_retries=0,
        )

    async def close(self) -> None:
        """Give every connection back."""
        await self._http.close_async()

    async def create(
        self,
        *,
        payment_id: UUID,
        amount_minor: int,
        currency: str,
        method_token: str,
        idempotency_key: str,
        return_url: str | None = None,
        capture: Literal["automatic", "manual"] = "automatic",
        metadata: Mapping[str, str] | None = None,
    ) -> GatewayPayment:
        if currency.upper() in UNLIKE_ISO:
            raise GatewayRefused("currency_not_carried", f"{currency}: Stripe's smallest unit is not ISO's")
        params: stripe.params.PaymentIntentCreateParams = {
            "amount": amount_minor,
            "currency": currency.lower(),
            "payment_method": method_token,
            "allowed_payment_method_types": ["card"],
            "confirm": True,
            "capture_method": capture,
            "metadata": {**(metadata or {}), "payment_id": str(payment_id)},
            "expand": ["latest_charge"],
        }
        if return_url:
            params["return_url"] = return_url
        async with self._call():
            intent = await self._client.v1.payment_intents.create_async(params, {"idempotency_key": idempotency_key})
        return shapes.payment(intent.to_dict())

    async def retrieve(self, gateway_payment_id: str) -> GatewayPayment:
        async with self._call():
            intent = await self._client.v1.payment_intents.retrieve_async(
                gateway_payment_id, {"expand": ["latest_charge"]}
            )
        return shapes.payment(intent.to_dict())

    async def find(self, payment_id: UUID) -> GatewayPayment | None:
        params: stripe.params.PaymentIntentListParams = {"limit": FIND_PAGE, "expand": ["data.latest_charge"]}
        if payment_id.version == 7:
            made_at = (payment_id.int >> 80) // 1000
            since, until = int(FIND_SINCE.total_seconds()), int(FIND_UNTIL.total_seconds())
            params["created"] = {"gte": made_at - since, "lte": made_at + until}
        async with self._call():
            page = await self._client.v1.payment_intents.list_async(params)
            intents = [intent.to_dict() async for intent in page.auto_paging_iter()]
        found = [shapes.payment(intent) for intent in intents if shapes.our_id(intent) == payment_id]
        return next((payment for payment in found if payment.status in _HOLDS_MONEY), next(iter(found), None))

    async def cancel(self, gateway_payment_id: str, *, idempotency_key: str) -> GatewayPayment:
        async with self._call():
            intent = await self._client.v1.payment_intents.cancel_async(
                gateway_payment_id, {"expand": ["latest_charge"]}, {"idempotency_key": idempotency_key}
            )
        return shapes.payment(intent.to_dict())

    async def capture(
        self, gateway_payment_id: str, *, idempotency_key: str, amount_minor: int | None = None
    ) -> GatewayPayment:
        params: stripe.params.PaymentIntentCaptureParams = {"expand": ["latest_charge"]}
        if amount_minor is not None:
            params["amount_to_capture"] = amount_minor
        async with self._call():
            intent = await self._client.v1.payment_intents.capture_async(
                gateway_payment_id, params, {"idempotency_key": idempotency_key}
            )
        return shapes.payment(intent.to_dict())

    async def refund(
        self, *, gateway_payment_id: str, amount_minor: int, idempotency_key: str, refund_id: UUID | None = None
    ) -> GatewayRefund:
        params: stripe.params.RefundCreateParams = {"payment_intent": gateway_payment_id, "amount": amount_minor}
        if refund_id:
            params["metadata"] = {"refund_id": str(refund_id)}
        async with self._call():
            refund = await self._client.v1.refunds.create_async(params, {"idempotency_key": idempotency_key})
        return shapes.refund(refund.to_dict())

    async def retrieve_refund(self, gateway_refund_id: str) -> GatewayRefund:
        async with self._call():
            refund = await self._client.v1.refunds.retrieve_async(gateway_refund_id)
        return shapes.refund(refund.to_dict())

    def read_webhook(self, body: bytes, signature: str, now: datetime) -> GatewayEvent:
        shapes.verify(body, signature, self._webhook_secret, now)
        return shapes.event(body)

    @asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        """Stripe's errors in the shop's words. The client's own timeout is per packet, so the whole is timed here."""
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except TimeoutError as error:
            raise GatewayUnavailable(f"no answer in {self._timeout:g} s") from error
        except stripe.CardError as error:
            payment = _payment_in(error)
            raise GatewayDeclined(_decline_code(error), error.user_message or "declined", payment) from error
        except stripe.StripeError as error:
            status = error.http_status or 0
            if status < 400 or status >= 500 or status in (409, 429):
                raise GatewayUnavailable(f"{status or 'no answer'}: {type(error).__name__}") from error
            code = error.code or (error.error.type if error.error else None) or str(status)
            raise GatewayRefused(code, error.user_message or "refused", _payment_in(error)) from error


def _payment_in(error: stripe.StripeError) -> GatewayPayment | None:
    body = error.json_body
    intent = body.get("error", {}).get("payment_intent") if isinstance(body, dict) else None
    return shapes.payment(intent) if intent else None


def _decline_code(error: stripe.CardError) -> str:
    return (error.error.decline_code if error.error else None) or error.code or "card_declined"
