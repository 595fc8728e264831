"""Paying through the flows, with a gateway on a socket."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from shop_graphql.orders import flows, jobs
from shop_graphql.orders.service.pay import PaymentRequest
from shop_graphql.payments.gateway import PaymentGateway
from shop_graphql.payments.rows import PaymentRow
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.clock import FixedClock
from tests.factories.unpaid import Unpaid, scalars
from tests.waiting import until

FAR_ENOUGH = timedelta(minutes=5)
"""Beyond any pause between two questions to the gateway."""


class Till:
    """The shop's side of paying, on one database, gateway and clock."""

    def __init__(self, db: Database, gateway: PaymentGateway, clock: FixedClock) -> None:
        self.db, self.gateway, self.clock = db, gateway, clock

    async def initiate(
        self,
        order: Unpaid,
        card: str = "pm_card_visa",
        *,
        key: str = "k1",
        return_url: str | None = None,
        actor: Actor | None = None,
    ) -> flows.Initiated:
        asked = PaymentRequest(order_id=order.id, method_token=card, key=key, return_url=return_url)
        return await flows.initiate_payment(self.db, self.gateway, self.clock, actor=actor or order.buyer, asked=asked)

    async def verify(self, payment_id: UUID, actor: Actor) -> PaymentRow:
        return await flows.verify_payment(self.db, self.gateway, self.clock, actor=actor, payment_id=payment_id)

    async def poll(self, *, later_seconds: float = FAR_ENOUGH.total_seconds()) -> int:
        self.clock.advance(later_seconds)
        return await jobs.poll_payments(db=self.db, gateway=self.gateway, clock=self.clock)

    async def send_refunds(self, *, later_seconds: float = FAR_ENOUGH.total_seconds()) -> int:
        self.clock.advance(later_seconds)
        return await jobs.send_refunds(db=self.db, gateway=self.gateway, clock=self.clock)

    async def expire(self) -> int:
        return await jobs.expire_orders(db=self.db, clock=self.clock)

    async def status_of(self, order: Unpaid) -> tuple[object, object]:
        """The order's status, and that of its newest payment."""
        (status,) = await scalars(self.db, "select status from orders where id = :id", id=order.id)
        payments = "select status from payments where subject_id = :id order by attempt desc limit 1"
        newest = await scalars(self.db, payments, id=order.id)
        return status, newest[0] if newest else None

    def has_become(self, order: Unpaid, *wanted: str) -> Callable[[], Awaitable[bool]]:
        """True once a poll has brought the order and its newest payment to these statuses."""

        async def check() -> bool:
            await self.poll(later_seconds=20)
            return await self.status_of(order) == wanted

        return check

    async def until(self, order: Unpaid, order_status: str, payment_status: str) -> None:
        await until(self.has_become(order, order_status, payment_status), seconds=8)
