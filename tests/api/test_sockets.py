"""Subscriptions over one WebSocket, as the clients of graphql-transport-ws speak."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text
from websockets.exceptions import InvalidStatus

from shop_graphql.api import sockets
from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.app import Server
from shop_graphql.platform.db import Database
from tests.api.shopping import order_of, sign_in
from tests.api.streaming import closed, followed, hear, introduce, say, serving, subscribe, websocket
from tests.client import Shop
from tests.clock import NOON, FixedClock
from tests.factories.orders import Bought, pay_for, place_order, send_parcel
from tests.factories.shelves import make_shelf
from tests.factories.unpaid import token_of
from workers import relay


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Server]:
    async with serving(services) as server:
        yield server


@pytest.fixture
async def order(db: Database, clock: FixedClock) -> Bought:
    """Placed, and known to the feed."""
    order = await place_order(db)
    await relay.turn(db, clock)
    return order


@pytest.fixture
async def token(services: Services, order: Bought) -> str:
    """The buyer's."""
    return await token_of(services.db, services.tokens, order.buyer, now=NOON)


def of_order(order: Bought, after: str | None = None) -> dict[str, Any]:
    return {"id": global_id("Order", order.id), "after": after}


def update(message: dict[str, Any], key: str) -> Any:
    """The message inside of a `next` of the subscription `key`."""
    assert (message["type"], message["id"]) == ("next", key), message
    assert message["payload"]["extensions"]["cost"]["requested"] > 0
    return message["payload"]["data"]["orderUpdated"]


def code_of(message: dict[str, Any], key: str) -> str:
    """The code of the one error that the subscription `key` ends with."""
    assert (message["type"], message["id"]) == ("error", key), message
    [error] = message["payload"]
    return str(error["extensions"]["code"])


async def test_a_socket_tells_of_each_change_and_resumes(
    services: Services, db: Database, clock: FixedClock, server: Server, order: Bought, token: str
) -> None:
    async with websocket(server) as socket:
        assert socket.subprotocol == "graphql-transport-ws"
        await introduce(socket, token)
        await subscribe(socket, "a", "orderUpdated", of_order(order))
        await followed(services, 1)
        await pay_for(db, order)
        await relay.turn(db, clock)
        paid = update(await hear(socket), "a")
        await say(socket, id="a", type="complete")
        await followed(services, 0)
        await send_parcel(db, order)
        await relay.turn(db, clock)
        await subscribe(socket, "a", "orderUpdated", of_order(order, paid["cursor"]))
        sent = update(await hear(socket), "a")

    assert [paid["event"], sent["event"]] == ["PAID", "FULFILLMENT_SHIPPED"]
    await followed(services, 0)


async def test_one_socket_carries_many_subscriptions(
    services: Services, db: Database, clock: FixedClock, server: Server, order: Bought, token: str
) -> None:
    async with websocket(server) as socket:
        await introduce(socket, token)
        for key in ("a", "b", "c"):
            await subscribe(socket, key, "orderUpdated", of_order(order))
        await followed(services, 3)
        await say(socket, id="b", type="complete")
        await followed(services, 2)
        await pay_for(db, order)
        await relay.turn(db, clock)
        heard = [await hear(socket) for _ in range(2)]
        await say(socket, type="ping")

        assert {message["id"]: message["payload"]["data"]["orderUpdated"]["event"] for message in heard} == {
            "a": "PAID",
            "c": "PAID",
        }
        assert await hear(socket) == {"type": "pong"}


async def test_a_guest_is_known_by_the_carts_secret(
    services: Services, shop: Shop, db: Database, clock: FixedClock, server: Server
) -> None:
    placed, secret = await order_of(shop, (await make_shelf(db), 1))

    async with websocket(server) as socket:
        await introduce(socket, cart_token=secret["cart_token"])
        await subscribe(socket, "a", "orderUpdated", {"id": placed["id"]})
        await followed(services, 1)
        await relay.turn(db, clock)

        assert update(await hear(socket), "a")["order"]["id"] == placed["id"]


async def test_to_strangers_an_order_looks_absent(
    services: Services, db: Database, server: Server, order: Bought
) -> None:
    async with websocket(server) as socket:
        await introduce(socket, (await sign_in(db, services))["token"])
        await subscribe(socket, "a", "orderUpdated", of_order(order))

        assert update(await hear(socket), "a") is None
        assert await hear(socket) == {"id": "a", "type": "complete"}


async def test_what_is_refused_has_a_code_and_the_socket_goes_on(
    db: Database, server: Server, order: Bought, token: str
) -> None:
    deep = "subscription { orderUpdated(id: 1) { " + "order { subOrders { " * 10 + "id" + " }" * 22
    refused = {
        "{ __typename }": "BAD_USER_INPUT",
        "mutation { cartCreate(input: {}) { cart { id } } }": "BAD_USER_INPUT",
        "subscription { nothing }": "BAD_USER_INPUT",
        "subscription {": "BAD_USER_INPUT",
        'subscription { orderUpdated(id: "x") { at } }': "BAD_USER_INPUT",
        f'subscription {{ sellerOrderReceived(sellerId: "{global_id("Seller", order.seller_id)}") {{ at }} }}': (
            "FORBIDDEN"
        ),
        deep: "COST_LIMIT_EXCEEDED",
    }
    async with websocket(server) as socket:
        await introduce(socket, token)
        for document, code in refused.items():
            await say(socket, id="a", type="subscribe", payload={"query": document})

            assert code_of(await hear(socket), "a") == code, document


async def test_nobody_is_nobody_on_a_socket_too(server: Server, order: Bought) -> None:
    async with websocket(server) as socket:
        await introduce(socket)
        await subscribe(socket, "a", "orderUpdated", of_order(order))

        assert code_of(await hear(socket), "a") == "UNAUTHENTICATED"


async def test_a_sign_in_that_ends_takes_its_subscriptions_along(
    services: Services, db: Database, server: Server, order: Bought, token: str
) -> None:
    async with websocket(server) as socket:
        await introduce(socket, token)
        await subscribe(socket, "a", "orderUpdated", of_order(order))
        await followed(services, 1)
        async with db.write() as session:
            await session.execute(
                text("update sessions set revoked_at = :now, revoke_reason = 'logout' where user_id = :id"),
                {"now": NOON, "id": order.buyer.user_id},
            )

        assert code_of(await hear(socket), "a") == "UNAUTHENTICATED"
        await subscribe(socket, "b", "orderUpdated", of_order(order))
        assert code_of(await hear(socket), "b") == "UNAUTHENTICATED"


INIT = '{"type": "connection_init"}'
SUBSCRIBE = '{"type": "subscribe", "id": "a", "payload": {"query": "subscription { x }"}}'
FAULTS: dict[str, tuple[list[str | bytes], int]] = {
    "no JSON": (["hello"], 4400),
    "a list": (["[]"], 4400),
    "bytes": ([INIT.encode()], 4400),
    "unknown type": (['{"type": "start"}'], 4400),
    "no id": ([INIT, '{"type": "subscribe", "payload": {"query": "{ x }"}}'], 4400),
    "empty id": ([INIT, '{"type": "subscribe", "id": "", "payload": {"query": "{ x }"}}'], 4400),
    "no query": ([INIT, '{"type": "subscribe", "id": "a", "payload": {}}'], 4400),
    "NUL": ([INIT, '{"type": "subscribe", "id": "a", "payload": {"query": "\\u0000"}}'], 4400),
    "not introduced": ([SUBSCRIBE], 4401),
    "wrong token": (['{"type": "connection_init", "payload": {"Authorization": "Bearer x"}}'], 4403),
    "introduced twice": ([INIT, INIT], 4429),
    "too large": ([INIT, json.dumps({"type": "ping", "payload": "x" * 70_000})], 1009),
}


@pytest.mark.parametrize(("messages", "code"), FAULTS.values(), ids=FAULTS.keys())
async def test_a_client_that_breaks_the_protocol_is_put_out(
    server: Server, messages: list[str | bytes], code: int
) -> None:
    async with websocket(server) as socket:
        for message in messages:
            await socket.send(message)

        assert await closed(socket) == code


async def test_one_id_names_one_subscription(services: Services, server: Server, order: Bought, token: str) -> None:
    async with websocket(server) as socket:
        await introduce(socket, token)
        for _ in range(2):
            await subscribe(socket, "a", "orderUpdated", of_order(order))

        assert await closed(socket) == 4409
    await followed(services, 0)


async def test_a_silent_client_is_put_out(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.1)

    async with websocket(server) as socket:
        assert await closed(socket) == 4408


async def test_another_subprotocol_is_not_spoken(server: Server) -> None:
    async with websocket(server, subprotocols=["graphql-ws"]) as socket:
        assert await closed(socket) == 4406


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:8001", "null"])
async def test_pages_of_other_origins_are_refused(server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with websocket(server, origin=origin):
            pass

    assert refused.value.response.status_code == 403


async def test_the_shops_own_pages_are_let_in(server: Server) -> None:
    async with websocket(server, origin="http://127.0.0.1:8000") as socket:
        await introduce(socket)


async def test_sockets_and_their_subscriptions_are_bounded(
    services: Services, server: Server, order: Bought, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SOCKETS_MAX", 1)
    monkeypatch.setattr(sockets, "SUBSCRIPTIONS_MAX", 2)

    async with websocket(server) as socket:
        await introduce(socket, token)
        for key in ("a", "b", "c"):
            await subscribe(socket, key, "orderUpdated", of_order(order))
        assert code_of(await hear(socket), "c") == "RATE_LIMITED"
        await followed(services, 2)
        with pytest.raises(InvalidStatus):
            async with websocket(server):
                pass
    await followed(services, 0)
    async with websocket(server) as socket:
        await introduce(socket, token)


async def test_messages_are_not_compressed(server: Server) -> None:
    async with websocket(server, compression="deflate") as socket:
        assert socket.protocol.extensions == []
