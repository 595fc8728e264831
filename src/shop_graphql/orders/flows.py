"""Paying, as far as it needs the outside: short transactions around calls to the gateway, nothing open in between.

Every flow is safe to repeat from any point: what was begun is written down first, what was heard is settled by the one
transaction `orders.service.pay.settle`, and a call that was never answered is found out about by the polling job.
"""

import re
from datetime import datetime
from uuid import UUID

import msgspec

from shop_graphql.orders import queries as orders
from shop_graphql.orders.service import pay
from shop_graphql.payments import flows as gateway_calls
from shop_graphql.payments import queries as payments
from shop_graphql.payments.errors import GatewayAway, PaymentDeclined, PaymentMethodUnknown, PreviousAttemptOpen
from shop_graphql.payments.flows import Answer, NoCharge, NotThereYet
from shop_graphql.payments.gateway import (
    GatewayPayment,
    GatewayRefused,
    GatewayStatus,
    GatewayUnavailable,
    PaymentGateway,
)
from shop_graphql.payments.rows import Attempt, PaymentRow
from shop_graphql.payments.service import answers, attempts, webhooks
from shop_graphql.payments.states import GATEWAY, IN_FLIGHT, PaymentStatus, WebhookOutcome
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.platform.errors import Invalid, NotFound, ShopError
from shop_graphql.platform.observability import log

METHOD_TOKEN_MAX = 255
CARD_NUMBER = re.compile(r"(?:\d[ -]?){12,19}")
"""Source: ISO/IEC 7812-1, numbers of 12 to 19 digits, as people write them."""


class Initiated(msgspec.Struct, frozen=True):
    """A payment as it stands after it was asked for; `replayed` when an earlier request with the key asked first."""

    payment: PaymentRow
    replayed: bool


async def initiate_payment(
    db: Database, gateway: PaymentGateway, clock: Clock, *, actor: Actor, asked: pay.PaymentRequest
) -> Initiated:
    """The card was tried for the whole order, once per key. An unknown outcome is `processing`: a job finds it out.

    Raises: NotFound, Invalid, OrderNotPayable, PaymentInProgress, PaymentDeclined, PaymentMethodUnknown, GatewayAway,
    IdempotencyKeyInvalid, IdempotencyKeyMismatch, IdempotencyInProgress, Unauthenticated.
    """
    token = asked.method_token
    if CARD_NUMBER.fullmatch(token):
        # It would be kept with the attempt: no card number is ever to be.
        raise Invalid(
            field=("paymentMethod",),
            message="This looks like a card's number. Send the payment gateway's token for the card instead.",
        )
    if not (1 <= len(token) <= METHOD_TOKEN_MAX and token.isascii() and token.isprintable() and " " not in token):
        raise Invalid(field=("paymentMethod",), message="A payment method is a token of the payment gateway.")

    async def start() -> pay.Started:
        async with db.write() as session:
            return await pay.start_payment(session, actor=actor, asked=asked, now=clock.now())

    try:
        started = await start()
    except PreviousAttemptOpen:
        await _call_off_open_failures(db, gateway, clock, order_id=asked.order_id)
        started = await start()
    if not started.replayed:
        await _try_card(db, gateway, clock, payment_id=started.payment_id)
    return Initiated(await _payment(db, started.payment_id), started.replayed)


async def verify_payment(
    db: Database, gateway: PaymentGateway, clock: Clock, *, actor: Actor, payment_id: UUID
) -> PaymentRow:
    """The payment and its order stand as the gateway says now.

    Raises: NotFound (also for a payment of somebody else's order), GatewayAway.
    """
    row = (await payments.payments_by_ids(db.reader, [payment_id])).get(payment_id)
    if row is None or not await orders.orders_by_ids(db.reader, [row.subject_id], actor):
        raise NotFound(field=("paymentId",))
    is_being_asked = row.gateway_payment_id is None and clock.now() < row.created_at + attempts.FIRST_POLL
    if row.status is PaymentStatus.CREATED and is_being_asked:
        return row
    try:
        await look_into(db, gateway, clock, payment_id=payment_id)
    except NotThereYet:
        log.info("payment.not_there_yet", payment_id=str(payment_id))
    except (GatewayUnavailable, GatewayRefused) as away:
        raise GatewayAway(field=("paymentId",)) from away
    return await _payment(db, payment_id)


async def look_into(db: Database, gateway: PaymentGateway, clock: Clock, *, payment_id: UUID) -> None:
    """An undecided payment stands as the gateway says now; one that may no longer be paid is called off there.

    Raises: GatewayUnavailable (NotThereYet where the gateway answers), GatewayRefused.
    """
    attempt, now = await _attempt(db, payment_id), clock.now()
    if attempt.status not in IN_FLIGHT and not attempt.is_open_failure:
        return
    order = (await orders.orders_by_ids(db.reader, [attempt.subject_id], SYSTEM))[attempt.subject_id]
    may_try = pay.is_payable(order.status, order.expires_at, now)
    answer: Answer
    if attempt.is_open_failure or (attempt.status is PaymentStatus.REQUIRES_ACTION and not may_try):
        answer = await gateway_calls.call_off(gateway, attempt, now=now)
    else:
        try:
            answer = await gateway_calls.ask(gateway, attempt, may_try=may_try, now=now)
        except GatewayUnavailable:
            if may_try:
                await _record_no_answer(db, payment_id, now=clock.now())
            raise
    async with db.write() as session:
        await _record(session, payment_id, answer, now=clock.now())


async def receive_webhook(
    db: Database, gateway: PaymentGateway, clock: Clock, *, body: bytes, signature: str
) -> WebhookOutcome:
    """What the gateway told is written down once and settled in the same transaction; a twin is `already_known`.

    Raises: BadSignature, MalformedWebhook.
    """
    now = clock.now()
    event = gateway.read_webhook(body, signature, now)
    async with db.write() as session:
        row = await _payment_of(session, event.payment) if event.payment else None
        payment_id = row.id if row else None
        if not await webhooks.note_webhook(session, event=event, payment_id=payment_id, now=now):
            return WebhookOutcome.ALREADY_KNOWN
        outcome = WebhookOutcome.IGNORED
        if event.payment is not None:
            outcome = WebhookOutcome.UNKNOWN_PAYMENT
            if payment_id is not None:
                outcome = await pay.settle(session, payment_id=payment_id, fact=event.payment, now=now)
        await webhooks.end_webhook(session, event_id=event.event_id, outcome=outcome)
    return outcome


async def _try_card(db: Database, gateway: PaymentGateway, clock: Clock, *, payment_id: UUID) -> None:
    answer: Answer
    try:
        answer = await gateway_calls.try_card(gateway, await _attempt(db, payment_id))
    except GatewayUnavailable:
        await _record_no_answer(db, payment_id, now=clock.now())
        return
    except GatewayRefused as refused:
        answer = NoCharge(refused.code)
    is_refused = isinstance(answer, NoCharge) or answer.status is GatewayStatus.FAILED
    async with db.write() as session:
        await _record(session, payment_id, answer, now=clock.now())
        if is_refused:
            await attempts.free_key(session, payment_id=payment_id)
    if is_refused:
        raise _refusal(answer, await _payment(db, payment_id))


def _refusal(answer: Answer, payment: PaymentRow) -> ShopError:
    if isinstance(answer, GatewayPayment) or answer.was_declined:
        return PaymentDeclined(payment)
    if answer.reason == "resource_missing":
        return PaymentMethodUnknown(field=("paymentMethod",))
    log.error("payment.refused_by_gateway", payment_id=str(payment.id), code=answer.reason)
    return GatewayAway()


async def _call_off_open_failures(db: Database, gateway: PaymentGateway, clock: Clock, *, order_id: UUID) -> None:
    for attempt in await payments.open_failures(db.reader, order_id):
        try:
            told = await gateway_calls.call_off(gateway, attempt, now=clock.now())
        except (GatewayUnavailable, GatewayRefused) as away:
            raise GatewayAway from away
        async with db.write() as session:
            await pay.settle(session, payment_id=attempt.id, fact=told, now=clock.now())


async def _record(session: WriteSession, payment_id: UUID, answer: Answer, *, now: datetime) -> None:
    if isinstance(answer, NoCharge):
        await answers.record_no_charge(session, payment_id=payment_id, reason=answer.reason, now=now)
    else:
        await pay.settle(session, payment_id=payment_id, fact=answer, now=now)


async def _record_no_answer(db: Database, payment_id: UUID, *, now: datetime) -> None:
    async with db.write() as session:
        await answers.record_no_answer(session, payment_id=payment_id, now=now)


async def _payment_of(session: WriteSession, told: GatewayPayment) -> PaymentRow | None:
    if told.payment_id is not None:
        return (await payments.payments_by_ids(session, [told.payment_id])).get(told.payment_id)
    return await payments.payment_by_gateway_id(session, gateway=GATEWAY, gateway_payment_id=told.gateway_payment_id)


async def _payment(db: Database, payment_id: UUID) -> PaymentRow:
    return (await payments.payments_by_ids(db.reader, [payment_id]))[payment_id]


async def _attempt(db: Database, payment_id: UUID) -> Attempt:
    return (await payments.attempts_by_ids(db.reader, [payment_id]))[payment_id]
