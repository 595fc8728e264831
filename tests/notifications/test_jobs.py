"""Who hears about what, however often the fact is delivered."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from shop_graphql.notifications import jobs
from shop_graphql.notifications.rows import hash_of
from shop_graphql.platform.db import Database
from tests.clock import FixedClock
from tests.factories.accounts import make_user
from tests.factories.orders import Bought, let_expire, paid_order, place_order, send_parcel
from tests.factories.shelves import run

DELIVERIES = text("select channel, template, recipient_hash from notification_deliveries order by channel, id")


async def deliveries(db: Database) -> list[tuple[Any, ...]]:
    return await db.reader.fetch(DELIVERIES, into=lambda *row: tuple(row))


async def announce(db: Database, clock: FixedClock, order: Bought, parcel_id: UUID) -> None:
    await jobs.announce_parcel(db=db, clock=clock, order_id=order.id, fulfillment_id=parcel_id)


async def test_a_paid_order_is_confirmed_once(db: Database, clock: FixedClock) -> None:
    order = await paid_order(db)

    for _ in range(2):
        await jobs.confirm_order(db=db, clock=clock, order_id=order.id)

    assert await deliveries(db) == [("email", "order_confirmed", hash_of("ada@example.com"))]


async def test_each_parcel_is_announced_once_by_mail_and_phone(db: Database, clock: FixedClock) -> None:
    order = await paid_order(db)
    parcels = [await send_parcel(db, order), await send_parcel(db, order)]

    for parcel_id in parcels * 2:
        await announce(db, clock, order, parcel_id)

    assert [row[:2] for row in await deliveries(db)] == [
        (channel, "order_shipped") for channel in ("email", "email", "sms", "sms")
    ]


async def test_a_buyer_without_a_phone_gets_no_text_message(db: Database, clock: FixedClock) -> None:
    order = await paid_order(db, phone=None)

    await announce(db, clock, order, await send_parcel(db, order))

    assert [row[0] for row in await deliveries(db)] == ["email"]


async def test_a_closed_order_is_explained_once(db: Database, clock: FixedClock) -> None:
    order = await place_order(db)
    await let_expire(db, order)

    for _ in range(2):
        await jobs.explain_expiry(db=db, clock=clock, order_id=order.id)

    assert [row[:2] for row in await deliveries(db)] == [("email", "order_expired")]


async def test_every_owner_but_no_other_member_hears_of_an_order(db: Database, clock: FixedClock) -> None:
    order, second, packer = await paid_order(db), await make_user(db), await make_user(db)
    for user, role in ((second, "owner"), (packer, "fulfiller")):
        await run(
            db,
            "insert into seller_members (seller_id, user_id, role, added_at) values (:seller, :user, :role, :now)",
            seller=order.seller_id,
            user=user.id,
            role=role,
            now=clock.now(),
        )

    for _ in range(2):
        await jobs.tell_seller(db=db, clock=clock, order_id=order.id, sub_no=1, seller_id=order.seller_id)

    assert {row[2] for row in await deliveries(db)} == {
        hash_of(user.email) for user in (order.owner, second) if user.email
    }
    assert len(await deliveries(db)) == 2


async def test_nobody_is_written_to_after_an_erasure(db: Database, clock: FixedClock) -> None:
    order = await paid_order(db)
    await run(db, "delete from order_contacts")

    await jobs.confirm_order(db=db, clock=clock, order_id=order.id)

    assert await deliveries(db) == []
