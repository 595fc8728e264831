"""Speaking with the gateway: each function is one question, counted, and asked with no transaction open.

Writes nothing: what was heard is recorded by whoever asked. The rules for lost answers are those of the port
(`payments.gateway`); here they are followed.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TypeAlias

import msgspec

from shop_graphql.payments.gateway import (
    KEY_LIFETIME,
    GatewayDeclined,
    GatewayPayment,
    GatewayRefund,
    GatewayRefused,
    GatewayStatus,
    GatewayUnavailable,
    PaymentGateway,
    RefundStatus,
)
from shop_graphql.payments.rows import Attempt, RefundDue
from shop_graphql.platform.observability import GATEWAY_CALLS, log

NOTHING_UNDER_WAY = timedelta(minutes=5)
"""So long after the last try, what the gateway has not got will never be there. Source: `payments.gateway`."""


class NotThereYet(GatewayUnavailable):
    """The gateway answers, and does not know of the payment; a call for it may still be under way."""


class NoCharge(msgspec.Struct, frozen=True):
    """It is certain that nothing was charged and that nothing will be."""

    reason: str
    """The gateway's word for it, such as `card_declined` or `resource_missing`."""
    was_declined: bool = False
    """By the card's bank; otherwise it was never tried."""


Answer: TypeAlias = GatewayPayment | NoCharge


async def try_card(gateway: PaymentGateway, attempt: Attempt) -> Answer:
    """The card has been tried, or the same try has been asked about again: the key makes it one charge.

    Raises: GatewayUnavailable when the outcome is unknown, GatewayRefused when the gateway would not do it.
    """
    try:
        async with _counted("create"):
            return await gateway.create(
                payment_id=attempt.id,
                amount_minor=attempt.amount_minor,
                currency=attempt.currency,
                method_token=attempt.method_token,
                return_url=attempt.return_url,
                idempotency_key=attempt.call_key,
            )
    except GatewayDeclined as declined:
        return declined.payment or NoCharge(declined.decline_code, was_declined=True)


async def ask(gateway: PaymentGateway, attempt: Attempt, *, may_try: bool, now: datetime) -> Answer:
    """What became of `attempt`, by the surest way there is.

    `may_try`: whether a card that was never tried may be tried now; otherwise the attempt is only looked for.
    Raises: GatewayUnavailable while it is still unknown (NotThereYet where the gateway answers), GatewayRefused.
    """
    if attempt.gateway_payment_id is not None:
        return await _retrieve(gateway, attempt.gateway_payment_id)
    refusal = None if may_try else "abandoned"
    if may_try and now - attempt.created_at < KEY_LIFETIME:
        try:
            return await _try_again(gateway, attempt)
        except GatewayUnavailable:
            # The gateway repeats its own failures under the same key, so its list is the better witness.
            log.info("payment.unknown", payment_id=str(attempt.id))
        except GatewayRefused as refused:
            # Not proof: an earlier try may have been accepted before whatever is refused now.
            refusal = refused.code
    async with _counted("find"):
        found = await gateway.find(attempt.id)
    if found is not None:
        return found
    if refusal and _nothing_under_way(attempt, now):
        return NoCharge(refusal)
    raise NotThereYet("the gateway has not got the payment yet")


async def _try_again(gateway: PaymentGateway, attempt: Attempt) -> Answer:
    told = await try_card(gateway, attempt)
    if isinstance(told, NoCharge) or told.status is GatewayStatus.FAILED:
        return told
    # A repeated answer may be old; a payment in flight is looked at as it stands today.
    return await _retrieve(gateway, told.gateway_payment_id)


async def call_off(gateway: PaymentGateway, attempt: Attempt, *, now: datetime) -> GatewayPayment:
    """The gateway will take no money for `attempt` any more, or says why it is too late for that.

    Raises: GatewayUnavailable, GatewayRefused.
    """
    assert attempt.gateway_payment_id is not None, "only what the gateway has named can be called off"
    # A key of its own each time: a refusal would be repeated under the same key although it no longer holds.
    key = f"void-{attempt.id}-{int(now.timestamp())}"
    try:
        async with _counted("cancel"):
            return await gateway.cancel(attempt.gateway_payment_id, idempotency_key=key)
    except GatewayRefused as refused:
        if refused.payment is None:
            raise
        return refused.payment


async def give_back(gateway: PaymentGateway, refund: RefundDue, *, now: datetime) -> GatewayRefund:
    """The refund as it stands at the gateway, asked for if it was not yet.

    Raises: GatewayUnavailable, GatewayRefused.
    """
    if refund.gateway_refund_id is not None:
        async with _counted("retrieve_refund"):
            return await gateway.retrieve_refund(refund.gateway_refund_id)
    round_no = (now - refund.created_at) // KEY_LIFETIME
    if round_no > 0:
        payment = await _retrieve(gateway, refund.gateway_payment_id)
        if (payment.refunded_minor or 0) >= refund.refunded_minor + refund.amount_minor:
            return GatewayRefund(
                gateway_refund_id=f"found-{refund.id}",
                gateway_payment_id=refund.gateway_payment_id,
                status=RefundStatus.SUCCEEDED,
                amount_minor=refund.amount_minor,
                currency=payment.currency,
            )
    async with _counted("refund"):
        return await gateway.refund(
            gateway_payment_id=refund.gateway_payment_id,
            amount_minor=refund.amount_minor,
            refund_id=refund.id,
            # The gateway forgets keys: each lifetime has its own, once it is sure that the last one moved nothing.
            idempotency_key=f"refund-{refund.id}-{round_no}",
        )


def _nothing_under_way(attempt: Attempt, now: datetime) -> bool:
    return now - (attempt.call_ended_at or attempt.created_at) >= NOTHING_UNDER_WAY


async def _retrieve(gateway: PaymentGateway, gateway_payment_id: str) -> GatewayPayment:
    async with _counted("retrieve"):
        return await gateway.retrieve(gateway_payment_id)


@asynccontextmanager
async def _counted(call: str) -> AsyncIterator[None]:
    outcome = "ok"
    try:
        yield
    except GatewayDeclined:
        outcome = "declined"
        raise
    except GatewayRefused as refused:
        outcome = "refused"
        log.warning("gateway.refused", call=call, code=refused.code)
        raise
    except GatewayUnavailable as away:
        outcome = "unavailable"
        log.warning("gateway.unavailable", call=call, error=str(away))
        raise
    finally:
        GATEWAY_CALLS.labels(call, outcome).inc()
