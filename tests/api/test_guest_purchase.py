"""A purchase by somebody without an account: the cart's secret is all that a guest ever proves."""

from typing import Any

import pytest

from shop_graphql.platform.db import Database
from tests.api.shopping import ADDRESS, open_cart
from tests.client import Shop, operation
from tests.factories.shelves import make_shelf
from tests.payments.simulator import Simulator, clock, simulator
from tests.waiting import until

__all__ = ["clock", "simulator"]

CHECKOUT = {"contact": {"email": "guest@example.com"}, "shippingAddress": ADDRESS}


@pytest.fixture
def gateway_url(simulator: Simulator) -> str:
    return simulator.url


async def test_a_guest_buys_and_nobody_else_sees_it(shop: Shop, db: Database) -> None:
    cart_id, guest = await open_cart(shop, (await make_shelf(db), 2))
    _, other_guest = await open_cart(shop)

    order = (await shop.do("checkout", {"cartId": cart_id, "idempotencyKey": "k1", **CHECKOUT}, **guest))["order"]
    card = {"orderId": order["id"], "paymentMethod": "pm_card_visa", "idempotencyKey": "k2"}
    payment = (await shop.do("paymentInitiate", card, **guest))["payment"]

    async def settled() -> dict[str, Any] | None:
        asked = (await shop.do("paymentVerify", {"paymentId": payment["id"]}, **guest))["payment"]
        return asked if asked["status"] == "SUCCEEDED" else None

    await until(settled)
    seen = (await shop.data(operation("order"), {"id": order["id"]}, **guest))["order"]
    assert (seen["status"], seen["contact"]["email"]) == ("PAID", "guest@example.com")
    strangers: list[dict[str, str | None]] = [other_guest, {}]
    for stranger in strangers:
        assert (await shop.data(operation("order"), {"id": order["id"]}, **stranger))["order"] is None
    answer = await shop.ask(operation("paymentInitiate"), {"input": card}, **other_guest)
    assert answer["data"]["paymentInitiate"]["userErrors"][0]["code"] == "NOT_FOUND"
