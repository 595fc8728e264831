"""Money to be given back: asked for in the transaction that makes it due, moved by what the gateway tells.

The only module that writes `refunds`. A payment's `refunding_minor` counts what is asked for and not decided, so that
no two refunds together can exceed what was taken.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from shop_graphql.payments.gateway import GatewayRefund
from shop_graphql.payments.gateway import RefundStatus as GatewayRefundStatus
from shop_graphql.payments.models import Payment, Refund
from shop_graphql.payments.states import RefundStatus, poll_pause
from shop_graphql.platform.db import Lock, WriteSession, locked
from shop_graphql.platform.observability import log


class RefundChange(msgspec.Struct, frozen=True):
    """What a word from the gateway did to a refund."""

    succeeded_minor: int
    """What was given back by this word: 0 when it changed nothing."""


async def request(session: WriteSession, *, payment_id: UUID, amount_minor: int, reason: str, now: datetime) -> UUID:
    """`amount_minor` of a payment will be given back: a job asks the gateway, again and again until it is decided.

    The payment is locked by this transaction already.
    Units: minor units of the payment's currency.
    """
    payment = await session.get_one(Payment, payment_id)
    payment.refunding_minor += amount_minor
    refund = Refund(
        id=session.new_id(now),
        payment_id=payment_id,
        subject_id=payment.subject_id,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason=reason,
        status=RefundStatus.REQUESTED,
        lines=[],
        next_poll_at=now,
        created_at=now,
    )
    session.add(refund)
    await session.flush()
    return refund.id


async def take_due(session: WriteSession, *, now: datetime, limit: int) -> list[UUID]:
    """Refunds to ask the gateway about now; each is due again later, so that a crash loses none.

    Shape: at most `limit`, those waiting longest first; none that another worker has taken.
    """
    session.taking(Lock.PAYMENT)
    due = select(Refund).where(Refund.next_poll_at <= now).order_by(Refund.next_poll_at).limit(limit)
    taken = (await session.scalars(due.with_for_update(skip_locked=True, key_share=True))).all()
    for refund in taken:
        refund.next_poll_at = now + poll_pause(refund.poll_count)
        refund.poll_count += 1
    return [refund.id for refund in taken]


async def record(session: WriteSession, *, refund_id: UUID, told: GatewayRefund, now: datetime) -> RefundChange:
    """The refund stands where the gateway says it does; the second time the same is said changes nothing."""
    payment, refund = await _lock(session, refund_id)
    if refund.status is not RefundStatus.REQUESTED:
        return RefundChange(0)
    refund.gateway_refund_id = told.gateway_refund_id
    if told.status is GatewayRefundStatus.PENDING:
        return RefundChange(0)
    payment.refunding_minor -= refund.amount_minor
    refund.settled_at, refund.next_poll_at = now, None
    if told.status is GatewayRefundStatus.FAILED:
        refund.status = RefundStatus.FAILED
        log.error("refund.failed", refund_id=str(refund_id), payment_id=str(payment.id))
        return RefundChange(0)
    refund.status = RefundStatus.SUCCEEDED
    payment.refunded_minor += refund.amount_minor
    return RefundChange(refund.amount_minor)


async def record_refusal(session: WriteSession, *, refund_id: UUID, now: datetime) -> None:
    """The gateway would not give the money back: the refund has failed, and a person must look at it."""
    payment, refund = await _lock(session, refund_id)
    if refund.status is not RefundStatus.REQUESTED:
        return
    payment.refunding_minor -= refund.amount_minor
    refund.status, refund.settled_at, refund.next_poll_at = RefundStatus.FAILED, now, None


async def _lock(session: WriteSession, refund_id: UUID) -> tuple[Payment, Refund]:
    session.taking(Lock.PAYMENT)
    of_refund = select(Refund.payment_id).where(Refund.id == refund_id).scalar_subquery()
    payment = (await session.scalars(locked(select(Payment).where(Payment.id == of_refund)))).one()
    refund = (await session.scalars(locked(select(Refund).where(Refund.id == refund_id)))).one()
    return payment, refund
