"""From a fresh copy to a paid and shipped order, through `make run`; and what is left when it is killed."""

import os
import signal
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.client import Shop, operation
from tests.e2e.running import Run, cleared, free_ports, fresh_copy, gone_within, messages
from tests.waiting import until

pytestmark = [pytest.mark.needs("make", "make"), pytest.mark.slow, pytest.mark.timeout(240)]

BUYER = "newcomer@example.com"
PHONE = "+4915112345678"


def key() -> str:
    return uuid4().hex


async def buy(shop: Shop, token: str) -> dict[str, Any]:
    """A paid order of one lamp."""
    found = await shop.data(operation("products"), {"query": "lamp", "first": 1})
    offer = found["products"]["nodes"][0]["featuredOffer"]["id"]
    cart = (await shop.do("cartCreate", {}, token=token))["cart"]["id"]
    await shop.do("cartLinesAdd", {"cartId": cart, "lines": [{"offerId": offer, "quantity": 2}]}, token=token)
    address = {"fullName": "New Comer", "line1": "Weg 1", "city": "Berlin", "postalCode": "10115", "country": "DE"}
    contact = {"email": BUYER, "phone": PHONE}
    wanted = {"cartId": cart, "idempotencyKey": key(), "contact": contact, "shippingAddress": address}
    order = (await shop.do("checkout", wanted, token=token))["order"]
    payment = {"orderId": order["id"], "paymentMethod": "pm_card_visa", "idempotencyKey": key()}
    await shop.do("paymentInitiate", payment, token=token)
    return await until(lambda: order_when(shop, order["id"], token, "PAID"), seconds=30)


async def order_when(shop: Shop, order_id: str, token: str, status: str) -> dict[str, Any] | None:
    order: dict[str, Any] = (await shop.data(operation("order"), {"id": order_id}, token=token))["order"]
    return order if order["status"] == status else None


async def ship(shop: Shop, order: dict[str, Any]) -> None:
    """The seller of the order's only part sends it."""
    login = {"email": "mara@example.com", "password": "mara-runs-nordlicht"}
    token = (await shop.do("userLogin", login))["accessToken"]
    parcel = {"subOrderId": order["subOrders"][0]["id"], "carrier": "DHL", "trackingNumber": "JJD000123"}
    await shop.do("fulfillmentCreate", {**parcel, "idempotencyKey": key()}, token=token)


async def subject_when_there(run: Run, to: str, part: str) -> list[dict[str, str]]:
    async def look() -> list[dict[str, str]]:
        return [one for one in messages(run, to) if part in (one["subject"] or one["text"])]

    return await until(look, seconds=30)


async def test_a_newcomer_buys_and_a_killed_shop_forgets_nothing(tmp_path: Path) -> None:
    checkout = fresh_copy(tmp_path / "shop")
    port = free_ports()
    with cleared(checkout):
        run = Run(checkout, port)
        run.wait_until_open()
        async with httpx.AsyncClient(base_url=run.url(), timeout=10) as http:
            shop = Shop(http)
            account = {"email": BUYER, "password": "a pass phrase of a newcomer", "displayName": "New Comer"}
            token = (await shop.do("userRegister", account))["accessToken"]
            order = await buy(shop, token)
            await subject_when_there(run, BUYER, f"Your order {order['number']} is confirmed")
            await ship(shop, order)
            await order_when(shop, order["id"], token, "SHIPPED")
            mails = await subject_when_there(run, BUYER, "is on its way")
            texts = await subject_when_there(run, PHONE, "is on its way")
        assert len(mails) == len(texts) == 1

        # The end of make must be the end of everything, however it comes.
        run.process.kill()
        run.process.wait()
        assert gone_within(run, 2), run.pids()

        again = Run(checkout, port)
        again.wait_until_open()
        async with httpx.AsyncClient(base_url=again.url(), timeout=10) as http:
            assert await order_when(Shop(http), order["id"], token, "SHIPPED")
        os.kill(again.supervisor(), signal.SIGKILL)
        again.process.wait()
        assert gone_within(again, 2), again.pids()

        last = Run(checkout, port, through_make=False)
        last.wait_until_open()
        async with httpx.AsyncClient(base_url=last.url(), timeout=10) as http:
            assert await order_when(Shop(http), order["id"], token, "SHIPPED")
        last.stop()
        assert gone_within(last, 2), last.pids()
