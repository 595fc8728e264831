"""What the gateway said, written down: the only place where a payment changes its status.

Old news and repeated news change nothing, in whatever order they come. Never calls a gateway.
"""

import hashlib
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update

from shop_graphql.payments.gateway import GatewayPayment, GatewayStatus
from shop_graphql.payments.models import Payment, PaymentCall
from shop_graphql.payments.states import (
    IN_FLIGHT,
    CallKind,
    CallStatus,
    PaymentStatus,
    WebhookOutcome,
    after_hearing,
    poll_pause,
)
from shop_graphql.platform.db import Lock, WriteSession, locked
from shop_graphql.platform.observability import log


class Change(msgspec.Struct, frozen=True):
    """What a word from the gateway did to a payment."""

    payment_id: UUID
    outcome: WebhookOutcome
    """applied, already_known or mismatch."""
    was: PaymentStatus
    status: PaymentStatus
    captured_minor: int

    def became(self, status: PaymentStatus) -> bool:
        """True once in a payment's life: for the word that made it so."""
        return self.status is status and self.was is not status


async def record_gateway_state(
    session: WriteSession, *, payment_id: UUID, told: GatewayPayment, now: datetime
) -> Change:
    """The payment stands where the gateway says it does. Old news and repeated news change nothing.

    Shape: `outcome` mismatch, and nothing written, where amount, currency or identity differ from what was asked.
    """
    payment = await _lock(session, payment_id)
    was = payment.status
    if problem := _mismatch(payment, told):
        log.error("payment.mismatch", payment_id=str(payment_id), gateway_id=told.gateway_payment_id, problem=problem)
        return _change(payment, was, WebhookOutcome.MISMATCH)
    first_word = payment.gateway_payment_id is None
    if first_word:
        await _end_create_call(session, payment_id, told.status is not GatewayStatus.FAILED, told.decline_code, now)
        payment.gateway_payment_id = told.gateway_payment_id
    status = after_hearing(was, PaymentStatus(told.status), first_word=first_word)
    if status is not was:
        _move(payment, status, told, now)
    elif status is PaymentStatus.FAILED and told.status is GatewayStatus.CANCELLED:
        payment.client_secret, payment.next_poll_at = None, None
    _notice_foreign_refund(payment, told)
    is_news = first_word or status is not was
    return _change(payment, was, WebhookOutcome.APPLIED if is_news else WebhookOutcome.ALREADY_KNOWN)


async def record_no_answer(session: WriteSession, *, payment_id: UUID, now: datetime) -> None:
    """The call may have had its effect or not: the payment counts as processing until a poll has found out."""
    payment = await _lock(session, payment_id)
    if payment.gateway_payment_id is not None or payment.status not in IN_FLIGHT:
        return
    if payment.status is PaymentStatus.CREATED:
        payment.status, payment.next_poll_at = PaymentStatus.PROCESSING, now + poll_pause(0)
    is_create = (PaymentCall.payment_id == payment_id, PaymentCall.kind == CallKind.CREATE)
    await session.execute(
        update(PaymentCall).where(*is_create).values(status=CallStatus.UNKNOWN, error="no answer", finished_at=now)
    )


async def record_no_charge(session: WriteSession, *, payment_id: UUID, reason: str, now: datetime) -> None:
    """The attempt has failed and the gateway has nothing of it."""
    payment = await _lock(session, payment_id)
    if payment.gateway_payment_id is not None or payment.status not in IN_FLIGHT:
        return
    payment.status, payment.decline_code = PaymentStatus.FAILED, reason
    payment.settled_at, payment.next_poll_at = now, None
    payment.version += 1
    await _end_create_call(session, payment_id, False, reason, now)


async def _lock(session: WriteSession, payment_id: UUID) -> Payment:
    session.taking(Lock.PAYMENT)
    return (await session.scalars(locked(select(Payment).where(Payment.id == payment_id)))).one()


async def _end_create_call(
    session: WriteSession, payment_id: UUID, is_done: bool, error: str | None, now: datetime
) -> None:
    is_open = (
        PaymentCall.payment_id == payment_id,
        PaymentCall.kind == CallKind.CREATE,
        PaymentCall.status.in_((CallStatus.INTENDED, CallStatus.UNKNOWN)),
    )
    status = CallStatus.DONE if is_done else CallStatus.FAILED
    values = {"status": status, "error": None if is_done else error, "finished_at": now}
    await session.execute(update(PaymentCall).where(*is_open).values(values))


def _move(payment: Payment, status: PaymentStatus, told: GatewayPayment, now: datetime) -> None:
    payment.status = status
    payment.version += 1
    payment.decline_code = told.decline_code if status is PaymentStatus.FAILED else None
    payment.next_action_url = told.next_action_url if status is PaymentStatus.REQUIRES_ACTION else None
    payment.authorised_minor = told.authorised_minor if status is PaymentStatus.AUTHORISED else 0
    if status is PaymentStatus.REQUIRES_ACTION:
        payment.client_secret = told.client_secret
    elif status in {PaymentStatus.SUCCEEDED, PaymentStatus.CANCELLED}:
        payment.client_secret = None
    if status is PaymentStatus.SUCCEEDED:
        payment.captured_minor = told.captured_minor
    if told.card_fingerprint:
        payment.card_fingerprint_hash = hashlib.sha256(told.card_fingerprint.encode()).digest()
    payment.settled_at = None if status in IN_FLIGHT else now
    payment.poll_count = 0
    payment.next_poll_at = now + poll_pause(0) if status in IN_FLIGHT or payment.is_open_failure else None


def _mismatch(payment: Payment, told: GatewayPayment) -> str | None:
    if told.payment_id not in {None, payment.id}:
        return "of another payment"
    if payment.gateway_payment_id not in {None, told.gateway_payment_id}:
        return "another one of the gateway's"
    if (told.amount_minor, told.currency) != (payment.amount_minor, payment.currency):
        return "amount or currency"
    if told.status is GatewayStatus.SUCCEEDED and told.captured_minor != payment.amount_minor:
        return "captured amount"
    return None


def _notice_foreign_refund(payment: Payment, told: GatewayPayment) -> None:
    ours = payment.refunded_minor + payment.refunding_minor
    if told.refunded_minor is not None and told.refunded_minor > ours:
        log.warning("payment.refunded_elsewhere", payment_id=str(payment.id), at_gateway=told.refunded_minor, ours=ours)


def _change(payment: Payment, was: PaymentStatus, outcome: WebhookOutcome) -> Change:
    return Change(payment.id, outcome, was, payment.status, payment.captured_minor)
