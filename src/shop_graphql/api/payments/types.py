"""Payments as clients see them. Whoever may see an order may see its payments, and nobody else."""

from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.enums import describe
from shop_graphql.api.errors import UserError, basics, to_user_error
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import URL, Money
from shop_graphql.orders import queries as orders
from shop_graphql.payments import queries as payments
from shop_graphql.payments.errors import PaymentDeclined
from shop_graphql.payments.rows import PaymentRow
from shop_graphql.payments.states import PaymentStatus

describe(
    PaymentStatus,
    "Where an attempt to pay stands.",
    {
        PaymentStatus.CREATED: "Written down; the gateway has not been heard yet.",
        PaymentStatus.REQUIRES_ACTION: "The cardholder must approve it: open `nextActionUrl`.",
        PaymentStatus.PROCESSING: "The gateway is at it, or could not be heard; the shop goes on asking.",
        PaymentStatus.AUTHORISED: "The money is held on the card and not taken yet.",
        PaymentStatus.SUCCEEDED: "The money was taken. What was given back is in `refundedAmount`.",
        PaymentStatus.FAILED: "Nothing was taken. The order may be paid in another way while it waits.",
        PaymentStatus.CANCELLED: "Called off before any money was taken.",
    },
)


@strawberry.type(description="One attempt to pay for an order, seen by its buyer and staff.")
class Payment(Node):
    key: strawberry.Private[UUID]
    secret: strawberry.Private[str | None]
    status: PaymentStatus = strawberry.field(description="Where it stands, as far as the shop has heard.")
    amount: Money = strawberry.field(description="What is to be paid.")
    captured_amount: Money = strawberry.field(description="What was taken, refunds not deducted.")
    refunded_amount: Money = strawberry.field(description="What was given back of it.")
    decline_code: str | None = strawberry.field(
        description="The gateway's reason for a failure, such as `insufficient_funds`; null without one."
    )
    next_action_url: URL | None = strawberry.field(
        description="The bank's page where the cardholder approves; only while REQUIRES_ACTION."
    )
    created_at: datetime = strawberry.field(description="When the attempt began.")

    @classmethod
    def from_row(cls, row: PaymentRow) -> Self:
        needs_action = row.status is PaymentStatus.REQUIRES_ACTION
        return cls(
            id=global_id("Payment", row.id),
            key=row.id,
            secret=row.client_secret if needs_action else None,
            status=row.status,
            amount=Money.of(row.amount_minor, row.currency),
            captured_amount=Money.of(row.captured_minor, row.currency),
            refunded_amount=Money.of(row.refunded_minor, row.currency),
            decline_code=row.decline_code,
            next_action_url=URL(row.next_action_url) if needs_action and row.next_action_url else None,
            created_at=row.created_at,
        )

    @strawberry.field(
        description="Lets the gateway's own script finish the payment in the buyer's browser; only while"
        " REQUIRES_ACTION, and never for staff."
    )
    def client_secret(self, info: Info) -> str | None:
        # Only the buyer and staff ever see a payment: whoever is not staff is the buyer.
        return None if info.context.actor.sees_everything else self.secret


@strawberry.type(description="The card was refused. Nothing was charged, and another card may be tried with a new key.")
class PaymentDeclinedError(UserError):
    decline_code: str = strawberry.field(description="The gateway's reason, such as `insufficient_funds`.")
    row: strawberry.Private[PaymentRow]


@to_user_error.register
def _(error: PaymentDeclined) -> PaymentDeclinedError:
    return PaymentDeclinedError(**basics(error), decline_code=error.decline_code, row=error.payment)


async def load_payments(info: Info, keys: list[tuple[UUID, int | None]]) -> list[Any]:
    """Payments of orders that the caller may see, in the order of `keys`, None for any other."""
    rows = await payments.payments_by_ids(info.context.reader, [key for key, _ in keys])
    subjects = list({row.subject_id for row in rows.values()})
    visible = await orders.orders_by_ids(info.context.reader, subjects, info.context.actor)
    found = [rows.get(key) if number is None else None for key, number in keys]
    return [Payment.from_row(row) if row and row.subject_id in visible else None for row in found]


NODES = {"Payment": load_payments}
