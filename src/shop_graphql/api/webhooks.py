"""What the payment gateway tells us unasked: bounded, believed only with its signature, answered so that it repeats.

200 says that the event is safely written down (whatever came of it), 4xx that sending it again will not help, and 5xx
that it must be sent again.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from shop_graphql.api.context import Services
from shop_graphql.api.masking import SERVICE_UNAVAILABLE
from shop_graphql.api.requests import Refused, read_body
from shop_graphql.orders import flows as orders
from shop_graphql.payments.gateway import BadSignature, MalformedWebhook
from shop_graphql.platform.errors import BadUserInput, ServiceUnavailable
from shop_graphql.platform.observability import WEBHOOKS, log

BYTES_MAX = 65_536
BODY_SECONDS = 10.0
BAD_SIGNATURE = "BAD_SIGNATURE"
"""In `extensions.code`: not signed by the gateway, or too old or too new to be believed."""
MALFORMED_WEBHOOK = "MALFORMED_WEBHOOK"
"""In `extensions.code`: signed, but not an event as the pinned version of the gateway's API describes it."""


def stripe_webhook(services: Services) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint for the events of Stripe's dialect."""

    async def receive(request: Request) -> Response:
        try:
            body = await read_body(request, bytes_max=BYTES_MAX, seconds=BODY_SECONDS)
            signature = request.headers.get("stripe-signature", "")
            outcome = await orders.receive_webhook(
                services.db, services.gateway, services.clock, body=body, signature=signature
            )
        except Refused as refused:
            return _refusal(refused.status, BadUserInput.code, str(refused), refused.headers)
        except BadSignature as forged:
            log.warning("webhook.bad_signature", reason=str(forged))
            return _refusal(400, BAD_SIGNATURE, "The signature is not the gateway's, or is too old.")
        except MalformedWebhook as malformed:
            log.error("webhook.malformed", reason=str(malformed))
            return _refusal(400, MALFORMED_WEBHOOK, "The body is not an event.")
        except ServiceUnavailable as away:
            headers = {"Retry-After": str(away.retry_after_seconds)}
            return _refusal(503, SERVICE_UNAVAILABLE, str(away), headers)
        WEBHOOKS.labels(outcome).inc()
        return JSONResponse({"outcome": outcome})

    return receive


def _refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Response:
    WEBHOOKS.labels(code.lower()).inc()
    body: dict[str, Any] = {"errors": [{"message": message, "extensions": {"code": code}}]}
    return JSONResponse(body, status, headers)
