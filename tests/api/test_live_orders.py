"""Following orders as they change: who is told what, in which order, from where on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.api.pagination import encode_cursor
from shop_graphql.app import Server
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from tests.api.shopping import NOBODYS, order_of, sign_in
from tests.api.streaming import events, followed, serving
from tests.client import Shop
from tests.clock import NOON, FixedClock
from tests.factories.orders import Bought, let_expire, paid_order, pay_for, place_order, send_parcel
from tests.factories.shelves import make_shelf
from tests.factories.teams import make_staff, make_team
from tests.factories.unpaid import token_of
from workers import relay

STORY = ["PLACED", "PAID", "FULFILLMENT_SHIPPED", "FULFILLMENT_SHIPPED"]


@pytest.fixture
async def server(services: Services) -> AsyncIterator[Server]:
    async with serving(services) as server:
        yield server


async def token(services: Services, who: Actor) -> str:
    return await token_of(services.db, services.tokens, who, now=NOON)


async def owners_token(services: Services, order: Bought) -> str:
    return await token(services, Actor(user_id=order.owner.id))


def of_order(order: Bought, after: str | None = None) -> dict[str, Any]:
    return {"id": global_id("Order", order.id), "after": after}


def of_seller(order: Bought, after: str | None = None) -> dict[str, Any]:
    return {"sellerId": global_id("Seller", order.seller_id), "after": after}


BEGINNING = encode_cursor((0,))


async def whole_story(db: Database) -> Bought:
    """An order with all that can happen to it, in the feed."""
    order = await paid_order(db)
    await send_parcel(db, order)
    await send_parcel(db, order)
    await relay.turn(db, FixedClock())
    return order


async def test_the_buyer_is_told_of_each_change_as_it_happens(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order = await place_order(db)
    await relay.turn(db, clock)

    async with events(server, "orderUpdated", of_order(order), token=await token(services, order.buyer)) as stream:
        await pay_for(db, order)
        await relay.turn(db, clock)
        paid = await stream.message()
        await send_parcel(db, order)
        await relay.turn(db, clock)
        sent = await stream.message()

    assert stream.response.headers["Cache-Control"] == "no-store"
    assert stream.response.headers["X-Accel-Buffering"] == "no"
    assert (paid["event"], paid["order"]["status"], paid["at"]) == ("PAID", "PAID", "2026-11-23T12:00:00.000Z")
    assert (sent["event"], sent["order"]["status"]) == ("FULFILLMENT_SHIPPED", "IN_FULFILLMENT")
    assert [parcel["trackingNumber"] for parcel in sent["order"]["fulfillments"]] == ["JJD 0003"]
    await followed(services, 0)


async def test_an_order_that_nobody_paid_is_told_to_have_expired(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order = await place_order(db)
    await relay.turn(db, clock)

    async with events(server, "orderUpdated", of_order(order), token=await token(services, order.buyer)) as stream:
        await let_expire(db, order)
        await relay.turn(db, clock)

        assert (await stream.message())["event"] == "EXPIRED"


@pytest.mark.parametrize("heard", [0, 1, 2, 3])
async def test_a_cursor_resumes_without_gap_or_repetition(
    services: Services, db: Database, clock: FixedClock, server: Server, heard: int
) -> None:
    order = await whole_story(db)
    await whole_story(db)
    who = await token(services, order.buyer)
    cursor = BEGINNING

    async with events(server, "orderUpdated", of_order(order, cursor), token=who) as stream:
        before = [await stream.message() for _ in range(heard)]
    cursor = before[-1]["cursor"] if before else cursor
    async with events(server, "orderUpdated", of_order(order, cursor), token=who) as stream:
        after = [await stream.message() for _ in range(len(STORY) - heard)]
        # What comes live follows what was read from the past.
        await move_on(db, order)
        await relay.turn(db, clock)
        last = await stream.message()

    assert [message["event"] for message in before + after] == STORY
    assert last["event"] == "EXPIRED"
    assert len({message["cursor"] for message in [*before, *after, last]}) == len(STORY) + 1


async def move_on(db: Database, order: Bought) -> None:
    """A fact about the order that its state does not allow, so that it cannot be mistaken for another."""
    async with db.write() as session:
        await session.execute(
            text(
                "insert into outbox_messages (id, type, version, aggregate_type, aggregate_id, payload, occurred_at)"
                " values (gen_random_uuid(), 'order.expired', 1, 'order', :id, '{}', :now)"
            ),
            {"id": order.id, "now": NOON},
        )


async def test_a_long_past_is_read_in_pages(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order = await place_order(db)
    for _ in range(204):
        await move_on(db, order)
    await relay.turn(db, clock)

    who = await token(services, order.buyer)
    async with events(server, "orderUpdated", of_order(order, BEGINNING), token=who) as stream:
        cursors = [(await stream.message())["cursor"] for _ in range(205)]

    assert len(set(cursors)) == 205


async def test_a_guest_follows_with_the_carts_secret(
    services: Services, shop: Shop, db: Database, clock: FixedClock, server: Server
) -> None:
    placed, secret = await order_of(shop, (await make_shelf(db), 1))

    async with events(server, "orderUpdated", {"id": placed["id"]}, cart_token=secret["cart_token"]) as stream:
        await relay.turn(db, clock)

        assert (await stream.message())["order"]["id"] == placed["id"]


async def test_staff_follow_every_order(services: Services, db: Database, clock: FixedClock, server: Server) -> None:
    order = await whole_story(db)
    staff = await make_staff(services)

    async with events(server, "orderUpdated", of_order(order, BEGINNING), token=staff) as stream:
        assert (await stream.message())["event"] == "PLACED"
    async with events(server, "sellerOrderReceived", of_seller(order, BEGINNING), token=staff) as stream:
        assert (await stream.message())["event"] == "RECEIVED"


async def test_to_strangers_an_order_looks_absent(services: Services, db: Database, server: Server) -> None:
    order = await whole_story(db)
    stranger = await sign_in(db, services)
    nobodys = {"id": global_id("Order", NOBODYS)}
    # A seller sees its part of an order, never the order around it: neither by `order` nor here.
    owner = await owners_token(services, order)

    for variables, who in (
        (of_order(order, BEGINNING), stranger["token"]),
        (nobodys, stranger["token"]),
        (of_order(order, BEGINNING), owner),
    ):
        async with events(server, "orderUpdated", variables, token=who) as stream:
            assert await stream.message() is None
            assert await stream.next() is None
    assert len(services.live) == 0


async def test_a_team_is_told_what_it_is_to_send(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order, other = await place_order(db), await place_order(db)

    who = await owners_token(services, order)
    async with events(server, "sellerOrderReceived", of_seller(order), token=who) as stream:
        for bought in (other, order):
            await pay_for(db, bought)
        await relay.turn(db, clock)
        received = await stream.message()
    async with events(server, "sellerOrderReceived", of_seller(order, received["cursor"]), token=who) as stream:
        await whole_story(db)

    assert received["event"] == "RECEIVED"
    assert received["subOrder"]["id"] == global_id("SubOrder", order.id, 1)
    assert received["subOrder"]["status"] == "NEW"
    assert [(line["title"], line["quantity"]) for line in received["subOrder"]["lines"]] == [("Kettle", 2)]
    assert received["subOrder"]["shippingAddress"]["city"] == "Berlin"


async def test_another_team_is_told_nothing(services: Services, db: Database, server: Server) -> None:
    order = await whole_story(db)
    rival = (await make_team(services)).token

    async with events(server, "sellerOrderReceived", of_seller(order, BEGINNING), token=rival) as stream:
        assert await stream.message() is None
        assert await stream.next() is None


JSON = "application/graphql-response+json, text/event-stream"


@pytest.mark.parametrize("accept", [JSON, "text/event-stream"])
async def test_what_is_refused_before_the_stream_has_a_code(
    services: Services, db: Database, server: Server, accept: str
) -> None:
    order = await place_order(db)
    buyer = await token(services, order.buyer)
    ahead = encode_cursor((10**15,))
    refused: list[tuple[str, dict[str, Any], str | None, int, str]] = [
        ("orderUpdated", of_order(order), None, 401, "UNAUTHENTICATED"),
        ("orderUpdated", of_order(order), "not a token", 401, "UNAUTHENTICATED"),
        ("sellerOrderReceived", of_seller(order), buyer, 403, "FORBIDDEN"),
        ("orderUpdated", of_order(order, "no cursor"), buyer, 400, "BAD_USER_INPUT"),
        ("orderUpdated", of_order(order, encode_cursor((-1,))), buyer, 400, "BAD_USER_INPUT"),
        ("orderUpdated", of_order(order, ahead), buyer, 400, "BAD_USER_INPUT"),
        ("orderUpdated", {"id": "Product_x"}, buyer, 400, "BAD_USER_INPUT"),
        ("orderUpdated", {}, buyer, 400, "BAD_USER_INPUT"),
    ]

    for name, variables, who, status, code in refused:
        async with events(server, name, variables, token=who, accept=accept, begins=False) as stream:
            if accept == JSON:
                assert stream.response.status_code == status
                answer = await stream.response.aread()
                assert f'"code":"{code}"'.encode() in answer
                assert b'"data"' not in answer
            else:
                assert stream.response.status_code == 200
                assert await stream.code() == code
    assert len(services.live) == 0


async def test_a_sign_in_that_ends_takes_its_streams_along(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order = await place_order(db)
    lost, good = await token(services, order.buyer), await token(services, order.buyer)
    async with (
        events(server, "orderUpdated", of_order(order), token=lost) as revoked,
        events(server, "orderUpdated", of_order(order), token=good) as kept,
    ):
        async with db.write() as session:
            revoke = "update sessions set revoked_at = :now, revoke_reason = 'logout' where id = :id"
            session_id = services.tokens.read(lost, NOON).session_id
            await session.execute(text(revoke), {"id": session_id, "now": NOON})

        assert await revoked.code() == "UNAUTHENTICATED"
        await relay.turn(db, clock)
        assert (await kept.message())["event"] == "PLACED"


async def test_an_old_sign_in_ends_its_streams_too(
    services: Services, db: Database, clock: FixedClock, server: Server
) -> None:
    order = await place_order(db)
    async with events(server, "orderUpdated", of_order(order), token=await token(services, order.buyer)) as stream:
        clock.advance(timedelta(days=400).total_seconds())

        assert await stream.code() == "UNAUTHENTICATED"


async def test_a_lost_role_ends_what_it_allowed(services: Services, db: Database, server: Server) -> None:
    order = await place_order(db)
    async with events(
        server, "sellerOrderReceived", of_seller(order), token=await owners_token(services, order)
    ) as stream:
        async with db.write() as session:
            await session.execute(text("delete from seller_members where seller_id = :id"), {"id": order.seller_id})

        assert await stream.code() == "FORBIDDEN"
