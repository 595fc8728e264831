"""Paying as a client sees it: the real application, the simulated gateway on a socket."""

from typing import Any
from uuid import UUID

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.clock import FixedClock
from tests.database.rows import sql
from tests.factories.unpaid import Unpaid, make_unpaid, token_of
from tests.payments.paying import Till
from tests.payments.simulator import Simulator, clock, simulator

__all__ = ["clock", "simulator"]

NODE = "query ($id: ID!) { node(id: $id) { id ... on Payment { status clientSecret } } }"
PAYMENTS = """
query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Order { payments { id status amount { amount } capturedAmount { amount } } } }
}
"""


@pytest.fixture
def gateway_url(simulator: Simulator) -> str:
    return simulator.url


class Buyer:
    """One of an order's people with a browser."""

    def __init__(self, shop: Shop, services: Services, who: Actor) -> None:
        self.shop, self.services, self.who = shop, services, who

    async def does(self, mutation: str, **input: Any) -> Any:
        """The payload of the mutation, user errors and all."""
        token = await token_of(self.services.db, self.services.tokens, self.who, now=self.services.clock.now())
        return (await self.shop.data(operation(mutation), {"input": input}, token=token))[mutation]

    async def asks(self, document: str, **variables: Any) -> Any:
        token = await token_of(self.services.db, self.services.tokens, self.who, now=self.services.clock.now())
        return await self.shop.data(document, variables, token=token)

    async def pays(self, order: Unpaid, card: str = "pm_card_visa", key: str = "k1", **more: Any) -> Any:
        order_id = global_id("Order", order.id)
        return await self.does("paymentInitiate", orderId=order_id, paymentMethod=card, idempotencyKey=key, **more)


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


async def test_payment_is_initiated_and_verified(
    shop: Shop, services: Services, db: Database, clock: FixedClock, simulator: Simulator
) -> None:
    order = await make_unpaid(db, now=clock.now())
    buyer = Buyer(shop, services, order.buyer)

    initiated = await buyer.pays(order)
    await Till(db, services.gateway, clock).until(order, "paid", "succeeded")
    verified = await buyer.does("paymentVerify", paymentId=initiated["payment"]["id"])

    assert (initiated["payment"]["status"], initiated["replayed"], initiated["userErrors"]) == ("PROCESSING", False, [])
    assert initiated["payment"]["amount"] == {"amount": "20.00", "currency": "EUR"}
    assert initiated["payment"]["clientSecret"] is None
    assert initiated["order"] == {"id": global_id("Order", order.id), "status": "PENDING_PAYMENT"}
    assert (verified["payment"]["status"], verified["order"]["status"]) == ("SUCCEEDED", "PAID")
    assert verified["payment"]["capturedAmount"]["amount"] == "20.00"
    assert len(await simulator.charges()) == 1


async def test_declined_card_is_a_user_error_with_its_payment(
    shop: Shop, services: Services, db: Database, clock: FixedClock
) -> None:
    order = await make_unpaid(db, now=clock.now())
    buyer = Buyer(shop, services, order.buyer)

    payload = await buyer.pays(order, "pm_card_chargeDeclinedInsufficientFunds")

    assert (payload["payment"]["status"], payload["payment"]["declineCode"]) == ("FAILED", "insufficient_funds")
    assert payload["order"]["status"] == "PENDING_PAYMENT"
    (error,) = payload["userErrors"]
    assert (error["code"], error["declineCode"]) == ("PAYMENT_DECLINED", "insufficient_funds")
    assert error["field"] == ["paymentMethod"]
    assert codes(await buyer.pays(order, key="another card")) == []


async def test_replay_says_so_and_mismatch_is_refused(
    shop: Shop, services: Services, db: Database, clock: FixedClock
) -> None:
    order = await make_unpaid(db, now=clock.now())
    buyer = Buyer(shop, services, order.buyer)
    first = await buyer.pays(order)

    again, other = await buyer.pays(order), await buyer.pays(order, "pm_card_mastercard")

    assert (again["payment"]["id"], again["replayed"]) == (first["payment"]["id"], True)
    assert codes(other) == ["IDEMPOTENCY_KEY_MISMATCH"]
    assert codes(await buyer.pays(order, key="k2")) == ["PAYMENT_IN_PROGRESS"]


async def test_gateway_that_is_down_is_no_error(
    shop: Shop, services: Services, db: Database, clock: FixedClock, simulator: Simulator
) -> None:
    order = await make_unpaid(db, now=clock.now())
    buyer = Buyer(shop, services, order.buyer)
    await simulator.set(down=True)

    payload = await buyer.pays(order)
    verified = await buyer.does("paymentVerify", paymentId=payload["payment"]["id"])

    assert (payload["payment"]["status"], payload["userErrors"]) == ("PROCESSING", [])
    assert codes(verified) == ["PAYMENT_GATEWAY_UNAVAILABLE"]


async def test_bank_page_and_secret_are_for_the_buyer_alone(
    shop: Shop, services: Services, db: Database, clock: FixedClock
) -> None:
    order = await make_unpaid(db, now=clock.now())
    async with db.write() as session:
        grant = "insert into user_roles (user_id, role, granted_at) values (:id, 'support', :now)"
        await session.execute(sql(grant, id=order.stranger.user_id, now=clock.now()))

    asked = (await Buyer(shop, services, order.buyer).pays(order, "pm_card_authenticationRequired"))["payment"]
    seen = {
        name: (await Buyer(shop, services, who).asks(NODE, id=asked["id"]))["node"]
        for name, who in {"buyer": order.buyer, "staff": order.stranger, "seller": order.seller}.items()
    }

    assert asked["status"] == "REQUIRES_ACTION"
    assert asked["nextActionUrl"].startswith("http://")
    assert asked["clientSecret"]
    assert seen["buyer"] == {"id": asked["id"], "status": "REQUIRES_ACTION", "clientSecret": asked["clientSecret"]}
    assert seen["staff"] == {"id": asked["id"], "status": "REQUIRES_ACTION", "clientSecret": None}
    assert seen["seller"] is None


async def test_other_peoples_payments_look_absent(
    shop: Shop, services: Services, db: Database, clock: FixedClock
) -> None:
    order = await make_unpaid(db, now=clock.now())
    payment = (await Buyer(shop, services, order.buyer).pays(order))["payment"]

    for who in (order.stranger, order.seller):
        curious = Buyer(shop, services, who)
        assert codes(await curious.pays(order, key="mine")) == ["NOT_FOUND"]
        assert codes(await curious.does("paymentVerify", paymentId=payment["id"])) == ["NOT_FOUND"]
        assert (await curious.asks(NODE, id=payment["id"]))["node"] is None


async def test_expired_order_is_not_payable(shop: Shop, services: Services, db: Database, clock: FixedClock) -> None:
    order = await make_unpaid(db, now=clock.now())
    clock.advance(30 * 60)

    payload = await Buyer(shop, services, order.buyer).pays(order)

    assert codes(payload) == ["ORDER_NOT_PAYABLE"]
    assert (payload["payment"], payload["order"]) == (None, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"paymentMethod": "pm_of_nobody"}, "INVALID"),
        ({"paymentMethod": ""}, "INVALID"),
        ({"paymentMethod": "4242 4242 4242 4242"}, "INVALID"),
        ({"paymentMethod": "4242424242424242"}, "INVALID"),
        ({"idempotencyKey": ""}, "INVALID"),
        ({"orderId": global_id("Order", UUID(int=9))}, "NOT_FOUND"),
    ],
)
async def test_wrong_input_is_a_user_error(
    shop: Shop, services: Services, db: Database, clock: FixedClock, wrong: dict[str, str], code: str
) -> None:
    order = await make_unpaid(db, now=clock.now())
    input = {"orderId": global_id("Order", order.id), "paymentMethod": "pm_card_visa", "idempotencyKey": "k"}

    payload = await Buyer(shop, services, order.buyer).does("paymentInitiate", **(input | wrong))

    assert codes(payload) == [code]


async def test_nobody_pays_without_signing_in(shop: Shop, db: Database, clock: FixedClock) -> None:
    order = await make_unpaid(db, now=clock.now())
    input = {"orderId": global_id("Order", order.id), "paymentMethod": "pm_card_visa", "idempotencyKey": "k"}

    answer = await shop.ask(operation("paymentInitiate"), {"input": input})

    assert answer["data"] == {"paymentInitiate": None}
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_payments_of_many_orders_take_one_statement(
    shop: Shop, services: Services, db: Database, clock: FixedClock, statements: list[str]
) -> None:
    counts = []
    order = await make_unpaid(db, now=clock.now())
    buyer = Buyer(shop, services, order.buyer)
    ids = []
    for number in range(4):
        more = await make_unpaid(db, now=clock.now()) if number else order
        async with db.write() as session:
            give = sql("update orders set buyer_id = :buyer where id = :id", buyer=order.buyer.user_id, id=more.id)
            await session.execute(give)
        await buyer.pays(more, key=f"k{number}")
        ids.append(global_id("Order", more.id))
        statements.clear()
        shown = await buyer.asks(PAYMENTS, ids=ids)
        counts.append(sum(" payments" in statement for statement in statements))
        assert [len(node["payments"]) for node in shown["nodes"]] == [1] * len(ids)

    assert counts == [1, 1, 1, 1]
