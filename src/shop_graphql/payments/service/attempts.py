"""Attempts to pay: written down before the gateway is called, and moved by what the gateway tells.

It never calls a gateway and never knows what is paid for: the caller holds the lock of the subject (an order) before it
comes here. What the gateway answers is recorded by `answers`.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError

from shop_graphql.payments.errors import PaymentInProgress, PreviousAttemptOpen
from shop_graphql.payments.models import Payment, PaymentCall
from shop_graphql.payments.states import (
    GATEWAY,
    IN_FLIGHT,
    CallKind,
    CallStatus,
    PaymentStatus,
    poll_pause,
)
from shop_graphql.platform.db import Lock, WriteSession, locked
from shop_graphql.platform.errors import violated_constraint
from shop_graphql.platform.idempotency import FIELD, IdempotencyInProgress, IdempotencyKeyMismatch

FIRST_POLL = timedelta(seconds=15)
"""When a call that never came back is looked into: longer than any call may take."""


class Request(msgspec.Struct, frozen=True):
    """Who asked for a payment under which idempotency key, and for what."""

    owner: UUID
    key: str
    hash: bytes


class _EarlierRequest(msgspec.Struct, frozen=True):
    payment_id: UUID
    hash: bytes
    call_status: CallStatus


async def find_request(session: WriteSession, *, request: Request) -> UUID | None:
    """The payment that this request has made before; the caller holds the lock of what is to be paid.

    Raises: IdempotencyKeyMismatch, IdempotencyInProgress while its call to the gateway is under way.
    """
    where = (Payment.requested_by == request.owner, Payment.request_key == request.key)
    found = await session.fetch(
        select(Payment.id, Payment.request_hash, PaymentCall.status)
        .join(PaymentCall, and_(PaymentCall.payment_id == Payment.id, PaymentCall.kind == CallKind.CREATE))
        .where(*where),
        into=_EarlierRequest,
    )
    if not found:
        return None
    earlier = found[0]
    if earlier.hash != request.hash:
        raise IdempotencyKeyMismatch(field=FIELD)
    if earlier.call_status is CallStatus.INTENDED:
        raise IdempotencyInProgress(field=FIELD)
    return earlier.payment_id


async def start(
    session: WriteSession,
    *,
    subject_id: UUID,
    amount_minor: int,
    currency: str,
    method_token: str,
    return_url: str | None,
    request: Request,
    now: datetime,
) -> UUID:
    """One more attempt to pay is written down, with the call that will make it. Commit it before calling.

    The caller holds the lock of what is to be paid and has asked `find_request`.
    Units: `amount_minor` in minor units of `currency`.
    Raises: PaymentInProgress, PreviousAttemptOpen, IdempotencyKeyMismatch.
    """
    session.taking(Lock.PAYMENT)
    earlier = (await session.scalars(locked(select(Payment).where(Payment.subject_id == subject_id)))).all()
    if any(payment.status in IN_FLIGHT for payment in earlier):
        raise PaymentInProgress(field=("orderId",))
    if any(payment.is_open_failure for payment in earlier):
        raise PreviousAttemptOpen(field=("orderId",))
    payment = Payment(
        id=session.new_id(now),
        subject_id=subject_id,
        attempt=1 + max((payment.attempt for payment in earlier), default=0),
        gateway=GATEWAY,
        status=PaymentStatus.CREATED,
        amount_minor=amount_minor,
        currency=currency,
        requested_by=request.owner,
        request_key=request.key,
        request_hash=request.hash,
        method_token=method_token,
        return_url=return_url,
        next_poll_at=now + FIRST_POLL,
        created_at=now,
    )
    session.add(payment)
    try:
        await session.flush()
    except IntegrityError as error:
        # A twin for another subject was first, a moment ago: the same key for something else.
        if violated_constraint(error) == "uq_payments_request":
            raise IdempotencyKeyMismatch(field=FIELD) from error
        raise
    call_id = session.new_id(now)
    call = PaymentCall(id=call_id, payment_id=payment.id, kind=CallKind.CREATE, status=CallStatus.INTENDED)
    call.idempotency_key, call.created_at = f"create-{call_id}", now
    session.add(call)
    return payment.id


async def free_key(session: WriteSession, *, payment_id: UUID) -> None:
    """The request that made this payment was refused, so its idempotency key may be used again."""
    session.taking(Lock.PAYMENT)
    payment = (await session.scalars(locked(select(Payment).where(Payment.id == payment_id)))).one()
    payment.request_key = None


async def take_due(session: WriteSession, *, now: datetime, limit: int) -> list[UUID]:
    """Payments to ask the gateway about now; each is due again later, so that a crash loses none.

    Shape: at most `limit`, those waiting longest first; none that another worker has taken.
    """
    session.taking(Lock.PAYMENT)
    due = select(Payment).where(Payment.next_poll_at <= now).order_by(Payment.next_poll_at).limit(limit)
    taken = (await session.scalars(due.with_for_update(skip_locked=True, key_share=True))).all()
    for payment in taken:
        payment.next_poll_at = now + poll_pause(payment.poll_count)
        payment.poll_count += 1
    return [payment.id for payment in taken]
