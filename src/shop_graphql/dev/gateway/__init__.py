"""A payment gateway for one machine: a process of its own that speaks Stripe's PaymentIntents dialect.

It plays the outside world, so it shares nothing with the shop: no import of `payments`, no database of the shop's, only
HTTP. What it answered survives `kill -9` (SQLite file), and so do webhooks that nobody has acknowledged yet.

What a card does is told by its token (`payment_method`); any other token is Stripe's `resource_missing`:

| token | what happens |
|---|---|
| `pm_card_visa`, `pm_card_mastercard` | `processing`, then `succeeded` after `delay_seconds` |
| `pm_card_chargeDeclined`, `pm_card_visa_chargeDeclined` | 402, `generic_decline` |
| `pm_card_chargeDeclinedInsufficientFunds` (also `pm_card_visa_...`) | 402, `insufficient_funds` |
| `pm_card_authenticationRequired` | `requires_action`: the page `/3ds/{id}` approves or refuses |
| `pm_sim_slow` | charges at once, answers after `slow_seconds`; the same key meanwhile hears 409 |
| `pm_sim_never` | `processing` for ever, no webhook, and it cannot be cancelled |
| `pm_sim_silent` | like `pm_card_visa`, no webhook: only asking finds out |
| `pm_sim_error_after_charge` | charges, answers 500; the same key repeats the 500; webhook sent |
| `pm_sim_hang` | charges, never answers the first caller; the same key hears the answer; webhook sent |
| `pm_sim_late` | like `pm_card_visa`, after `late_seconds` |
| `pm_sim_fails_later` | `processing`, then `requires_payment_method` after `delay_seconds` |
| `pm_sim_duplicate` | like `pm_card_visa`; `succeeded` is delivered three times, `processing` after the first |

Controls, without a key: `PUT /_sim` with any of `{"down": true}` (503 to all of Stripe's addresses, nothing settles,
nothing is told; `/health` still answers) and the fields of `Timing`; `GET /_sim` tells them and how many webhooks wait;
`GET /_sim/charges` lists all money taken, `captured`, `refunded` and `released` in minor units. They last until the
process ends.

Unlike Stripe: a declined try leaves no charge behind, refunds succeed at once, keys are kept for ever.
"""

from pathlib import Path

import uvicorn

from shop_graphql.dev.gateway.cashier import Timing
from shop_graphql.dev.gateway.http import build

__all__ = ["Timing", "build", "serve"]


def serve(
    host: str,
    port: int,
    webhook_url: str,
    webhook_secret: str,
    api_key: str,
    state_path: Path,
    timing: Timing | None = None,
) -> None:
    """Answer until told to stop (SIGINT, SIGTERM). Callers that hang are let go after a second."""
    app = build(
        webhook_url=webhook_url,
        webhook_secret=webhook_secret,
        api_key=api_key,
        state_path=state_path,
        timing=timing,
    )
    uvicorn.run(app, host=host, port=port, log_level="warning", timeout_graceful_shutdown=1)
