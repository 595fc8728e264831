"""Paying for an order: beginning an attempt, and settling what became of it.

`settle` is the one transaction that webhook, verification and polling share. It locks the order, then the payment;
records the gateway's fact; and moves the order once, when the money has come. Money that came for an order whose units
are gone, or that is over, or paid already, is given back.
"""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select

from shop_graphql.events.outbox import publish
from shop_graphql.inventory.service import holds
from shop_graphql.orders.errors import OrderNotPayable
from shop_graphql.orders.events import OrderExpired, OrderPaid, SellerOrderReceived
from shop_graphql.orders.models import Order
from shop_graphql.orders.queries import seen_by
from shop_graphql.orders.queries.statements import IS_BUYER
from shop_graphql.orders.service.timeline import lock_order, move, parts_of
from shop_graphql.orders.states import OrderStatus, SubOrderStatus, can_become
from shop_graphql.payments import queries as payments
from shop_graphql.payments.gateway import GatewayPayment
from shop_graphql.payments.service import answers, attempts, refunds
from shop_graphql.payments.service.answers import Change
from shop_graphql.payments.service.attempts import Request
from shop_graphql.payments.states import PaymentStatus, WebhookOutcome
from shop_graphql.platform.auth import SYSTEM, Actor
from shop_graphql.platform.db import Lock, WriteSession, locked
from shop_graphql.platform.errors import NotFound
from shop_graphql.platform.idempotency import check_key, request_hash
from shop_graphql.platform.observability import ORDERS, log


class PaymentRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a buyer asks for: which order to pay, with what, under which idempotency key."""

    order_id: UUID
    method_token: str
    """The gateway's name for a card."""
    key: str
    return_url: str | None = None
    """Where the bank's page leads back to."""


class Started(msgspec.Struct, frozen=True):
    """An attempt to pay that is written down; `replayed` when an earlier request with the same key made it."""

    payment_id: UUID
    replayed: bool


def is_payable(status: OrderStatus, expires_at: datetime | None, now: datetime) -> bool:
    """Whether a card may be tried for an order: it waits for payment and its units are still held."""
    return status is OrderStatus.PENDING_PAYMENT and (expires_at is None or now < expires_at)


async def start_payment(session: WriteSession, *, actor: Actor, asked: PaymentRequest, now: datetime) -> Started:
    """An attempt to pay the whole order is written down. Commit it before the gateway is called.

    Raises: NotFound (also for somebody else's order), OrderNotPayable, PaymentInProgress, PreviousAttemptOpen,
    IdempotencyKeyInvalid, IdempotencyKeyMismatch, IdempotencyInProgress, Unauthenticated.
    """
    check_key(asked.key)
    request = Request(actor.key_space(), asked.key, request_hash("paymentInitiate", asked))
    session.taking(Lock.ORDER)
    mine = locked(select(Order).where(Order.id == asked.order_id, IS_BUYER))
    order = await session.scalar(mine, seen_by(actor))
    if order is None:
        raise NotFound(field=("orderId",))
    if earlier := await attempts.find_request(session, request=request):
        return Started(earlier, replayed=True)
    if not is_payable(order.status, order.expires_at, now):
        raise OrderNotPayable(status=order.status)
    payment_id = await attempts.start(
        session,
        subject_id=order.id,
        amount_minor=order.total_minor,
        currency=order.currency,
        method_token=asked.method_token,
        return_url=asked.return_url,
        request=request,
        now=now,
    )
    return Started(payment_id, replayed=False)


async def settle(session: WriteSession, *, payment_id: UUID, fact: GatewayPayment, now: datetime) -> WebhookOutcome:
    """Payment and order stand as the gateway's fact demands; the same fact a second time changes nothing.

    Shape: applied, already_known, or mismatch where the fact is not about what was asked for and nothing was written.
    Source: README, decision on settlement.
    """
    row = (await payments.payments_by_ids(session, [payment_id]))[payment_id]
    order = await lock_order(session, row.subject_id)
    change = await answers.record_gateway_state(session, payment_id=payment_id, told=fact, now=now)
    if change.became(PaymentStatus.SUCCEEDED):
        await _take_money(session, order, change, now=now)
    return change.outcome


async def _take_money(session: WriteSession, order: Order, change: Change, *, now: datetime) -> None:
    order.captured_minor += change.captured_minor
    if not can_become(order.status, OrderStatus.PAID):
        await _give_back(session, order, change, reason=f"order_{order.status}", now=now)
    elif await _units_are_firm(session, order.id, now=now):
        await _mark_paid(session, order, change, now=now)
    else:
        await _give_back(session, order, change, reason="out_of_stock", now=now)
        if order.status is OrderStatus.PENDING_PAYMENT:
            await close_unpaid(session, order, reason="out_of_stock", now=now)


async def _units_are_firm(session: WriteSession, order_id: UUID, *, now: datetime) -> bool:
    return await holds.allocate(session, owner_id=order_id, now=now) or await holds.retake(
        session, owner_id=order_id, now=now
    )


async def _mark_paid(session: WriteSession, order: Order, change: Change, *, now: datetime) -> None:
    parts = await parts_of(session, order.id)
    to, parts_to = OrderStatus.PAID, SubOrderStatus.NEW
    await move(session, order, to=to, parts=parts, parts_to=parts_to, actor=SYSTEM, now=now)
    order.paid_at, order.closed_at = now, None
    paid = OrderPaid(
        aggregate_id=order.id,
        buyer_id=order.buyer_id,
        payment_id=change.payment_id,
        total_minor=order.total_minor,
        currency=order.currency,
    )
    received = [
        SellerOrderReceived(aggregate_id=order.id, seller_id=part.seller_id, sub_no=part.sub_no) for part in parts
    ]
    await publish(session, paid, *received, now=now)
    ORDERS.labels(OrderStatus.PAID).inc()


async def _give_back(session: WriteSession, order: Order, change: Change, *, reason: str, now: datetime) -> None:
    log.warning("order.money_returned", order_id=str(order.id), payment_id=str(change.payment_id), reason=reason)
    await refunds.request(
        session, payment_id=change.payment_id, amount_minor=change.captured_minor, reason=reason, now=now
    )


async def close_unpaid(session: WriteSession, order: Order, *, reason: str, now: datetime) -> None:
    """A locked order that waits for payment is over; what becomes of its units is the caller's business."""
    parts = await parts_of(session, order.id)
    to, parts_to = OrderStatus.EXPIRED, SubOrderStatus.EXPIRED
    await move(session, order, to=to, parts=parts, parts_to=parts_to, actor=SYSTEM, reason=reason, now=now)
    order.closed_at = now
    await publish(session, OrderExpired(aggregate_id=order.id, buyer_id=order.buyer_id), now=now)
    ORDERS.labels(OrderStatus.EXPIRED).inc()
