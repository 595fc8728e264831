"""Sending parcels as a seller's team sees it."""

from typing import Any

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.client import Shop, operation
from tests.clock import NOON
from tests.factories.unpaid import Unpaid, make_unpaid, token_of
from tests.orders.paying import says, settle, start


async def paid(db: Database) -> Unpaid:
    order = await make_unpaid(db, now=NOON)
    await settle(db, says(await start(db, order, now=NOON), GatewayStatus.SUCCEEDED), now=NOON)
    return order


def parcel(order: Unpaid, **changes: Any) -> dict[str, Any]:
    whole = {
        "subOrderId": global_id("SubOrder", order.id, 1),
        "carrier": "DHL",
        "trackingNumber": "JJD 0003",
        "idempotencyKey": "p1",
    }
    return whole | changes


async def send(shop: Shop, services: Services, who: Actor, input: dict[str, Any]) -> dict[str, Any]:
    """The whole answer."""
    token = await token_of(services.db, services.tokens, who, now=NOON)
    return await shop.ask(operation("fulfillmentCreate"), {"input": input}, token=token)


async def codes(shop: Shop, services: Services, who: Actor, input: dict[str, Any]) -> list[str]:
    payload = (await send(shop, services, who, input))["data"]["fulfillmentCreate"]
    assert payload["fulfillment"] is None
    return [error["code"] for error in payload["userErrors"]]


async def test_seller_sends_a_parcel_and_a_replay_says_so(shop: Shop, services: Services, db: Database) -> None:
    order = await paid(db)
    line = {"lineId": global_id("OrderLine", order.id, 1), "quantity": 1}

    first = (await send(shop, services, order.seller, parcel(order, lines=[line])))["data"]["fulfillmentCreate"]
    again = (await send(shop, services, order.seller, parcel(order, lines=[line])))["data"]["fulfillmentCreate"]
    rest = (await send(shop, services, order.seller, parcel(order, idempotencyKey="p2")))["data"]["fulfillmentCreate"]

    assert (first["userErrors"], first["replayed"], first["subOrder"]["status"]) == ([], False, "IN_FULFILLMENT")
    assert first["fulfillment"]["status"] == "SHIPPED"
    assert first["fulfillment"]["lines"] == [
        {"quantity": 1, "orderLine": {"id": line["lineId"], "title": "Kettle", "shippedQuantity": 1}}
    ]
    assert (again["fulfillment"]["id"], again["replayed"]) == (first["fulfillment"]["id"], True)
    assert (rest["subOrder"]["status"], rest["fulfillment"]["lines"][0]["quantity"]) == ("SHIPPED", 1)


async def test_refusals_are_user_errors(shop: Shop, services: Services, db: Database) -> None:
    order, unpaid = await paid(db), await make_unpaid(db, now=NOON)
    too_many = {"lineId": global_id("OrderLine", order.id, 1), "quantity": 3}
    foreign = {"lineId": global_id("OrderLine", unpaid.id, 1), "quantity": 1}

    assert await codes(shop, services, unpaid.seller, parcel(unpaid)) == ["STATE_CONFLICT"]
    assert await codes(shop, services, order.seller, parcel(order, lines=[too_many])) == ["QUANTITY_INVALID"]
    assert await codes(shop, services, order.seller, parcel(order, lines=[foreign])) == ["NOT_FOUND"]
    assert await codes(shop, services, order.seller, parcel(order, lines=[])) == ["QUANTITY_INVALID"]
    assert await codes(shop, services, order.seller, parcel(order, carrier=" ")) == ["INVALID"]
    assert await codes(shop, services, order.seller, parcel(order, idempotencyKey="")) == ["INVALID"]


async def test_other_sellers_parts_look_absent(shop: Shop, services: Services, db: Database) -> None:
    order, other = await paid(db), await paid(db)

    assert await codes(shop, services, other.seller, parcel(order)) == ["NOT_FOUND"]


async def test_shoppers_may_not_send_at_all(shop: Shop, services: Services, db: Database) -> None:
    order = await paid(db)

    answer = await send(shop, services, order.buyer, parcel(order))

    assert answer["data"] == {"fulfillmentCreate": None}
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("part", ["", "SubOrder_x", "nonsense"])
async def test_malformed_ids_are_top_level_errors(shop: Shop, services: Services, db: Database, part: str) -> None:
    order = await paid(db)

    answer = await send(shop, services, order.seller, parcel(order, subOrderId=part))

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_more_lines_than_a_parcel_may_hold_are_refused(shop: Shop, services: Services, db: Database) -> None:
    order = await paid(db)
    line = {"lineId": global_id("OrderLine", order.id, 1), "quantity": 1}

    answer = await send(shop, services, order.seller, parcel(order, lines=[line] * 101))

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
