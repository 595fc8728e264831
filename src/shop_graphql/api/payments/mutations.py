"""Paying for an order."""

from typing import Self
from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload, UserError
from shop_graphql.api.ids import key_of
from shop_graphql.api.orders.types import Order, load_orders
from shop_graphql.api.payments.types import Payment, PaymentDeclinedError
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.api.scalars import URL
from shop_graphql.orders import flows as orders
from shop_graphql.orders.service.pay import PaymentRequest
from shop_graphql.payments.gateway import PaymentGateway
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database


@strawberry.input(description="Which order to pay, and with what.")
class PaymentInitiateInput:
    order_id: strawberry.ID = strawberry.field(description="An order of the caller that waits for payment.")
    payment_method: str = strawberry.field(
        description="The payment gateway's token for a card, such as `pm_card_visa`; never a card number."
    )
    idempotency_key: str = strawberry.field(
        description="1 to 255 printable characters, new for each attempt. The same key with the same input gives the"
        " same payment again; a refused attempt frees its key."
    )
    return_url: URL | None = strawberry.field(
        default=None, description="Where the bank's page leads the cardholder back to, if it has to be shown."
    )

    def decoded(self) -> PaymentRequest:
        """As the domain knows it. Raises: BadUserInput."""
        return PaymentRequest(
            order_id=key_of(self.order_id, "Order"),
            method_token=self.payment_method,
            key=self.idempotency_key,
            return_url=self.return_url,
        )


@strawberry.input(description="Which payment to ask the gateway about.")
class PaymentVerifyInput:
    payment_id: strawberry.ID = strawberry.field(description="A payment of one of the caller's orders.")


@strawberry.type(description="An attempt to pay, and the order that it is for.")
class PaymentInitiatePayload(Payload):
    payment: Payment | None = strawberry.field(
        default=None,
        description="The attempt as it stands; PROCESSING while the outcome is unknown. Also given when the card was"
        " declined; null when nothing was attempted.",
    )
    order: Order | None = strawberry.field(
        default=None, description="The order as it stands now; null when nothing was attempted."
    )
    replayed: bool = strawberry.field(
        default=False, description="True where an earlier request with this key had made the payment already."
    )

    @classmethod
    async def refused(cls, info: Info, errors: list[UserError]) -> Self:
        """A declined card has left a payment behind; any other refusal has not."""
        row = next((error.row for error in errors if isinstance(error, PaymentDeclinedError)), None)
        if row is None:
            return cls(user_errors=errors)
        return cls(payment=Payment.from_row(row), order=await order_of(info, row.subject_id), user_errors=errors)


@strawberry.type(description="The payment and its order, as the gateway says now.")
class PaymentVerifyPayload(Payload):
    payment: Payment | None = strawberry.field(default=None, description="The payment; null when refused.")
    order: Order | None = strawberry.field(default=None, description="Its order; null when refused.")


def outside(info: Info) -> tuple[Database, PaymentGateway, Clock]:
    """What a flow needs to speak with database and gateway."""
    context = info.context
    return context.db, context.services.gateway, context.clock


async def order_of(info: Info, key: UUID) -> Order | None:
    """The order as the caller sees it."""
    (order,) = await load_orders(info, [(key, None)])
    found: Order | None = order
    return found


@strawberry.type
class PaymentMutations:
    @strawberry.mutation(
        description="Try a card for the whole order. One charge at most, however often it is repeated. Refused with"
        " ORDER_NOT_PAYABLE, PAYMENT_IN_PROGRESS, PAYMENT_DECLINED (another card may be tried with a new key), INVALID,"
        " PAYMENT_GATEWAY_UNAVAILABLE, NOT_FOUND and the codes of idempotency keys.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def payment_initiate(self, info: Info, input: PaymentInitiateInput) -> PaymentInitiatePayload | None:
        ports, errors = outside(info), list[UserError]()
        async with info.context.refusals(errors):
            done = await orders.initiate_payment(*ports, actor=info.context.actor, asked=input.decoded())
            payment, order = Payment.from_row(done.payment), await order_of(info, done.payment.subject_id)
            return PaymentInitiatePayload(payment=payment, order=order, replayed=done.replayed)
        return await PaymentInitiatePayload.refused(info, errors)

    @strawberry.mutation(
        description="Ask the gateway what became of a payment, now. Refused with NOT_FOUND and"
        " PAYMENT_GATEWAY_UNAVAILABLE; the shop itself goes on asking until a payment is decided.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def payment_verify(self, info: Info, input: PaymentVerifyInput) -> PaymentVerifyPayload | None:
        payment_id, errors = key_of(input.payment_id, "Payment"), list[UserError]()
        async with info.context.refusals(errors):
            row = await orders.verify_payment(*outside(info), actor=info.context.actor, payment_id=payment_id)
            return PaymentVerifyPayload(payment=Payment.from_row(row), order=await order_of(info, row.subject_id))
        return PaymentVerifyPayload(user_errors=errors)
