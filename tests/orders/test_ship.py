"""Sending parcels: only what is paid for, each unit once, by the seller's own people."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.orders.errors import NotShippable, ShipQuantityInvalid
from shop_graphql.orders.service.ship import Parcel, ParcelLine, Shipped, ship
from shop_graphql.payments.gateway import GatewayStatus
from shop_graphql.platform.auth import ANONYMOUS, Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import Invalid, NotFound, Unauthenticated
from shop_graphql.platform.idempotency import IdempotencyKeyMismatch
from tests.clock import NOON
from tests.database.rows import sql
from tests.factories.unpaid import Unpaid, make_unpaid, scalars
from tests.orders.paying import says, settle, start

STAFF = Actor(user_id=UUID(int=7), staff_roles=frozenset({"support"}))


async def paid(db: Database, *, sellers: int = 1) -> Unpaid:
    order = await make_unpaid(db, now=NOON, sellers=sellers)
    payment_id = await start(db, order, now=NOON)
    await settle(db, says(payment_id, GatewayStatus.SUCCEEDED, amount=order.total_minor), now=NOON)
    return order


def parcel_of(order: Unpaid, *lines: tuple[int, int], sub_no: int = 1, key: str = "p1", carrier: str = "DHL") -> Parcel:
    wanted = [ParcelLine(line_no, quantity) for line_no, quantity in lines] or None
    return Parcel(order.id, sub_no, lines=wanted, carrier=carrier, tracking_number="JJD 0003", key=key)


async def send(db: Database, order: Unpaid, parcel: Parcel, *, actor: Actor | None = None) -> Shipped:
    async with db.write() as session:
        return await ship(session, actor=actor or order.seller, parcel=parcel, now=NOON + timedelta(hours=1))


async def statuses(db: Database, order: Unpaid) -> list[object]:
    """The order's status, then those of its parts."""
    parts = "select status from sub_orders where order_id = :id order by sub_no"
    return [
        *await scalars(db, "select status from orders where id = :id", id=order.id),
        *await scalars(db, parts, id=order.id),
    ]


LEVELS = "select on_hand || '/' || reserved from stock_items s where s.offer_id = any(:ids) order by s.id"


async def test_ship_all_takes_units_off_the_shelf(db: Database) -> None:
    order = await paid(db)

    shipped = await send(db, order, parcel_of(order))

    assert not shipped.replayed
    assert await statuses(db, order) == ["shipped", "shipped"]
    assert await scalars(db, LEVELS, ids=list(order.offer_ids)) == ["3/0"]
    assert await scalars(db, "select shipped_quantity from order_lines") == [2]
    assert await scalars(db, "select status || ' ' || carrier from fulfillments") == ["shipped DHL"]
    assert await scalars(db, "select status from stock_reservations") == ["fulfilled"]
    told = "select payload->>'fulfillment_id' from outbox_messages where type = 'fulfillment.shipped'"
    assert await scalars(db, told) == [str(shipped.fulfillment_id)]


async def test_two_parcels_of_one_line_finish_the_part(db: Database) -> None:
    order = await paid(db)

    await send(db, order, parcel_of(order, (1, 1)))
    after_one = await statuses(db, order)
    await send(db, order, parcel_of(order, (1, 1), key="p2"))

    assert after_one == ["in_fulfillment", "in_fulfillment"]
    assert await statuses(db, order) == ["shipped", "shipped"]
    assert await scalars(db, LEVELS, ids=list(order.offer_ids)) == ["3/0"]
    assert await scalars(db, "select quantity from fulfillment_lines") == [1, 1]


async def test_order_is_shipped_when_its_last_part_is(db: Database) -> None:
    order = await paid(db, sellers=2)

    await send(db, order, parcel_of(order))
    half = await statuses(db, order)
    await send(db, order, parcel_of(order, sub_no=2, key="p2"), actor=STAFF)

    assert half == ["in_fulfillment", "shipped", "new"]
    assert await statuses(db, order) == ["shipped", "shipped", "shipped"]
    steps = "select to_status from order_transitions where order_id = :id and sub_no is null order by seq"
    assert await scalars(db, steps, id=order.id) == ["paid", "in_fulfillment", "shipped"]


async def test_ship_refuses_an_unpaid_order(db: Database) -> None:
    order = await make_unpaid(db, now=NOON)

    with pytest.raises(NotShippable) as refusal:
        await send(db, order, parcel_of(order))

    assert refusal.value.status == "pending_payment"


async def test_ship_refuses_what_has_left_already(db: Database) -> None:
    order = await paid(db)
    await send(db, order, parcel_of(order))

    with pytest.raises(NotShippable):
        await send(db, order, parcel_of(order, key="p2"))


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([(1, 0)], ("lines", "0", "quantity")),
        ([(1, -1)], ("lines", "0", "quantity")),
        ([(1, 3)], ("lines", "0", "quantity")),
        ([(1, 2**31)], ("lines", "0", "quantity")),
        ([(1, 1), (1, 2)], ("lines", "1", "quantity")),
    ],
)
async def test_ship_refuses_more_than_is_unsent(
    db: Database, lines: list[tuple[int, int]], field: tuple[str, ...]
) -> None:
    order = await paid(db)

    with pytest.raises(ShipQuantityInvalid) as refusal:
        await send(db, order, parcel_of(order, *lines))

    assert refusal.value.field == field
    assert await scalars(db, "select count(*) from fulfillments") == [0]


async def test_ship_refuses_an_empty_parcel(db: Database) -> None:
    order = await paid(db)

    with pytest.raises(ShipQuantityInvalid):
        await send(db, order, replace(parcel_of(order), lines=[]))


async def test_ship_refuses_lines_of_another_part(db: Database) -> None:
    order = await paid(db, sellers=2)

    with pytest.raises(NotFound) as refusal:
        await send(db, order, parcel_of(order, (1, 1), (2, 1)))

    assert refusal.value.field == ("lines", "1", "lineId")


async def test_ship_hides_other_sellers_parts(db: Database) -> None:
    order = await paid(db, sellers=2)

    for stranger in (order.buyer, order.stranger):
        with pytest.raises(NotFound):
            await send(db, order, parcel_of(order), actor=stranger)
    with pytest.raises(NotFound):
        await send(db, order, parcel_of(order, sub_no=2))
    with pytest.raises(NotFound):
        await send(db, order, parcel_of(order, sub_no=3))
    with pytest.raises(Unauthenticated):
        await send(db, order, parcel_of(order), actor=ANONYMOUS)


@pytest.mark.parametrize("carrier", ["", "  ", "x" * 101, "a\x00b"])
async def test_ship_refuses_impossible_carriers(db: Database, carrier: str) -> None:
    order = await paid(db)

    with pytest.raises(Invalid) as refusal:
        await send(db, order, parcel_of(order, carrier=carrier))

    assert refusal.value.field == ("carrier",)


async def test_ship_refuses_backordered_units_that_are_not_here(db: Database) -> None:
    order = await paid(db)
    async with db.write() as session:
        await session.execute(sql("update stock_items set on_hand = 1, backorder_limit = 5"))

    with pytest.raises(OutOfStock):
        await send(db, order, parcel_of(order))

    assert await statuses(db, order) == ["paid", "new"]


async def test_same_key_sends_one_parcel(db: Database, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await paid(db)

    sent = await run_together([send(db, order, parcel_of(order, (1, 1))) for _ in range(4)])

    assert sorted(one.replayed for one in sent) == [False, True, True, True]
    assert len({one.fulfillment_id for one in sent}) == 1
    assert await scalars(db, "select shipped_quantity from order_lines") == [1]
    with pytest.raises(IdempotencyKeyMismatch):
        await send(db, order, parcel_of(order, (1, 2)))


async def test_two_people_sending_at_once_send_each_unit_once(db: Database, run_together) -> None:  # type: ignore[no-untyped-def]
    order = await paid(db)

    async def try_to_send(key: str) -> str:
        try:
            await send(db, order, parcel_of(order, key=key))
        except NotShippable:
            return "refused"
        return "sent"

    outcomes = await run_together([try_to_send(key) for key in ("a", "b", "c")])

    assert sorted(outcomes) == ["refused", "refused", "sent"]
    assert await scalars(db, LEVELS, ids=list(order.offer_ids)) == ["3/0"]
