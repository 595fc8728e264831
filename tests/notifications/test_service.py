"""What is written down about a message, and for whom."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from shop_graphql.notifications import service
from shop_graphql.notifications.rows import DeliveryRow, Person, hash_of
from shop_graphql.notifications.states import DeliveryStatus
from shop_graphql.notifications.topics import Topic
from shop_graphql.platform.db import Database
from tests.clock import NOON

ANN = Person(UUID(int=1), "Ann", "Ann@shop.example", "+4915112345678")
ORDER = UUID(int=9)


async def send(db: Database, to: Person, *, key: str = "k", topic: Topic = Topic.ORDER_SHIPPED) -> None:
    async with db.write() as session:
        await service.send(session, key=key, topic=topic, to=to, order_id=ORDER, context={"n": 1}, now=NOON)


async def take(db: Database, *, after: timedelta = timedelta(0), limit: int = 10) -> list[DeliveryRow]:
    async with db.write() as session:
        return await service.take_due(session, limit=limit, now=NOON + after)


async def rows(db: Database, columns: str) -> list[tuple[Any, ...]]:
    statement = text(f"select {columns} from notification_deliveries order by channel, recipient_hash")
    return await db.reader.fetch(statement, into=lambda *row: tuple(row))


async def test_a_message_sent_twice_is_written_once(
    db: Database, run_together: Callable[[list[Awaitable[None]]], Awaitable[None]]
) -> None:
    await send(db, ANN)
    await run_together([send(db, ANN) for _ in range(5)])

    assert await rows(db, "channel, status, attempts") == [("email", "due", 0), ("sms", "due", 0)]


async def test_each_recipient_and_occasion_has_a_message(db: Database) -> None:
    bob = Person(UUID(int=2), "Bob", "bob@shop.example", None)
    for key in ("first", "second"):
        for person in (ANN, bob):
            await send(db, person, key=key, topic=Topic.SELLER_ORDER_RECEIVED)

    assert len(await rows(db, "id")) == 4


@pytest.mark.parametrize(
    ("email", "phone", "channels"), [("a@b.example", None, ["email"]), (None, "+49301", ["sms"]), (None, None, [])]
)
async def test_who_has_no_address_gets_nothing_there(
    db: Database, email: str | None, phone: str | None, channels: list[str]
) -> None:
    await send(db, Person(None, None, email, phone))

    assert await rows(db, "channel") == [(channel,) for channel in channels]


async def test_no_address_is_written_down(db: Database) -> None:
    await send(db, ANN)

    (dump,) = await db.reader.fetch(text("select json_agg(d)::text from notification_deliveries d"), into=str)
    assert not any(personal in dump.lower() for personal in ("ann@", "shop.example", "15112345678"))
    assert hash_of("ANN@shop.example") == hash_of("ann@SHOP.example")


async def test_deliverers_at_once_never_take_the_same_message(
    db: Database, run_together: Callable[[list[Awaitable[list[DeliveryRow]]]], Awaitable[list[list[DeliveryRow]]]]
) -> None:
    for number in range(30):
        await send(db, Person(None, None, f"p{number}@shop.example", None))

    taken = await run_together([take(db, limit=10) for _ in range(6)])

    ids = [delivery.id for part in taken for delivery in part]
    assert len(ids) == len(set(ids)) == 30


async def test_a_lost_message_is_taken_again_after_its_lease(db: Database) -> None:
    await send(db, ANN, topic=Topic.ORDER_CONFIRMED)
    (lost,) = await take(db)

    assert await take(db, after=service.LEASE - timedelta(seconds=1)) == []
    (again,) = await take(db, after=service.LEASE)
    assert (again.id, again.attempts) == (lost.id, 2)


async def test_who_was_too_slow_changes_nothing_more(db: Database) -> None:
    await send(db, ANN, topic=Topic.ORDER_CONFIRMED)
    (slow,) = await take(db)
    (quick,) = await take(db, after=service.LEASE)

    async def slow_says() -> list[tuple[Any, ...]]:
        async with db.write() as session:
            await service.mark_unsent(session, delivery=slow, error="no answer", now=NOON)
            await service.mark_refused(session, delivery=slow, status=DeliveryStatus.BOUNCED, error="no such user")
        return await rows(db, "status, provider_message_id, last_error")

    assert await slow_says() == [("sending", None, None)]
    async with db.write() as session:
        await service.mark_sent(session, delivery=quick, provider_id="<id>", now=NOON)
    assert await slow_says() == [("sent", "<id>", None)]


async def test_an_unsent_message_waits_longer_and_is_given_up_in_the_end(db: Database) -> None:
    await send(db, ANN, topic=Topic.ORDER_CONFIRMED)
    after, pauses = timedelta(0), []

    while due := await take(db, after=after):
        async with db.write() as session:
            await service.mark_unsent(session, delivery=due[0], error="x" * 999, now=NOON + after)
        pauses.append(service.pause_after(due[0].attempts).total_seconds())
        after += timedelta(seconds=pauses[-1]) if len(pauses) < 8 else timedelta(hours=12)

    assert pauses[:6] == [2, 4, 8, 16, 30, 30]
    assert service.GIVE_UP_AFTER <= after < service.GIVE_UP_AFTER + timedelta(days=1)
    assert await rows(db, "status, length(last_error)") == [("failed", service.ERROR_LENGTH_MAX)]
    assert service.pause_after(32_767) == service.PAUSE_MAX
