"""Reading payments. Who may see one is decided above, by who may see what it pays for."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, select

from shop_graphql.payments.models import Payment, PaymentCall, Refund
from shop_graphql.payments.rows import Attempt, PaymentRow, RefundDue, RefundRow
from shop_graphql.payments.states import CallKind, PaymentStatus
from shop_graphql.platform.db import Reader, fetch_one

IDS = bindparam("ids", type_=ARRAY(Uuid))

PAYMENTS = select(
    Payment.id,
    Payment.subject_id,
    Payment.attempt,
    Payment.gateway,
    Payment.gateway_payment_id,
    Payment.status,
    Payment.amount_minor,
    Payment.currency,
    Payment.captured_minor,
    Payment.refunded_minor,
    Payment.client_secret,
    Payment.next_action_url,
    Payment.decline_code,
    Payment.next_poll_at,
    Payment.created_at,
    Payment.settled_at,
)
PAYMENTS_BY_IDS = PAYMENTS.where(Payment.id == any_(IDS))
PAYMENTS_BY_SUBJECT_IDS = PAYMENTS.where(Payment.subject_id == any_(IDS)).order_by(Payment.subject_id, Payment.attempt)
PAYMENT_BY_GATEWAY_ID = PAYMENTS.where(
    Payment.gateway == bindparam("gateway", type_=Text),
    Payment.gateway_payment_id == bindparam("gateway_payment_id", type_=Text),
)
REFUNDS_BY_SUBJECT_IDS = (
    select(
        Refund.id,
        Refund.payment_id,
        Refund.subject_id,
        Refund.amount_minor,
        Refund.currency,
        Refund.reason,
        Refund.status,
        Refund.created_at,
        Refund.settled_at,
    )
    .where(Refund.subject_id == any_(IDS))
    .order_by(Refund.subject_id, Refund.id)
)
ATTEMPTS = select(
    Payment.id,
    Payment.subject_id,
    Payment.status,
    Payment.gateway_payment_id,
    Payment.amount_minor,
    Payment.currency,
    Payment.method_token,
    Payment.return_url,
    Payment.client_secret,
    Payment.created_at,
    PaymentCall.idempotency_key,
    PaymentCall.status,
    PaymentCall.finished_at,
).join(PaymentCall, and_(PaymentCall.payment_id == Payment.id, PaymentCall.kind == CallKind.CREATE))
ATTEMPTS_BY_IDS = ATTEMPTS.where(Payment.id == any_(IDS)).order_by(Payment.id)
OPEN_FAILURES = ATTEMPTS.where(
    Payment.subject_id == bindparam("subject_id", type_=Uuid),
    Payment.status == PaymentStatus.FAILED,
    Payment.client_secret.is_not(None),
).order_by(Payment.id)
REFUNDS_DUE = (
    select(
        Refund.id,
        Refund.payment_id,
        Refund.subject_id,
        Payment.gateway_payment_id,
        Refund.gateway_refund_id,
        Refund.amount_minor,
        Payment.refunded_minor,
        Refund.created_at,
    )
    .join(Payment, Payment.id == Refund.payment_id)
    .where(Refund.id == any_(IDS))
    .order_by(Refund.id)
)


async def payments_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, PaymentRow]:
    """Payments keyed by id; unknown ids are absent."""
    rows = await reader.fetch(PAYMENTS_BY_IDS, {"ids": ids}, into=PaymentRow)
    return {row.id: row for row in rows}


async def payments_by_subject_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[PaymentRow]]:
    """Each subject's attempts to pay, the first one first."""
    found: defaultdict[UUID, list[PaymentRow]] = defaultdict(list)
    for row in await reader.fetch(PAYMENTS_BY_SUBJECT_IDS, {"ids": ids}, into=PaymentRow):
        found[row.subject_id].append(row)
    return found


async def payment_by_gateway_id(reader: Reader, *, gateway: str, gateway_payment_id: str) -> PaymentRow | None:
    """The payment that the gateway knows by `gateway_payment_id`."""
    params = {"gateway": gateway, "gateway_payment_id": gateway_payment_id}
    return await fetch_one(reader, PAYMENT_BY_GATEWAY_ID, params, into=PaymentRow)


async def refunds_by_subject_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, list[RefundRow]]:
    """What is or was given back for each subject, the oldest first."""
    found: defaultdict[UUID, list[RefundRow]] = defaultdict(list)
    for row in await reader.fetch(REFUNDS_BY_SUBJECT_IDS, {"ids": ids}, into=RefundRow):
        found[row.subject_id].append(row)
    return found


async def attempts_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, Attempt]:
    """What calls to the gateway need to know of payments, keyed by payment id."""
    rows = await reader.fetch(ATTEMPTS_BY_IDS, {"ids": ids}, into=Attempt)
    return {row.id: row for row in rows}


async def open_failures(reader: Reader, subject_id: UUID) -> list[Attempt]:
    """Failed attempts that somebody could still pay at the gateway: to be called off before another one begins."""
    return await reader.fetch(OPEN_FAILURES, {"subject_id": subject_id}, into=Attempt)


async def refunds_due(reader: Reader, ids: list[UUID]) -> list[RefundDue]:
    """What calls to the gateway need to know of refunds, the oldest first."""
    return await reader.fetch(REFUNDS_DUE, {"ids": ids}, into=RefundDue)
