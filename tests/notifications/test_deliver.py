"""Messages leave over real sockets, once each, whatever happens on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from shop_graphql.notifications import flows, jobs, service
from shop_graphql.notifications.channels import SmtpMailer, TwilioSms
from shop_graphql.notifications.templates import Words
from shop_graphql.platform.db import Database
from tests.clock import NOON, FixedClock
from tests.factories.orders import Bought, paid_order, send_parcel
from tests.factories.shelves import run
from tests.notifications.post_office import PostOffice


async def confirmed(db: Database, clock: FixedClock, *, email: str = "ada@example.com") -> Bought:
    """A paid order whose confirmation is due."""
    order = await paid_order(db, email=email)
    await jobs.confirm_order(db=db, clock=clock, order_id=order.id)
    return order


async def state(db: Database) -> list[tuple[Any, ...]]:
    statement = "select status, attempts, last_error from notification_deliveries order by channel, id"
    return await db.reader.fetch(text(statement), into=lambda *row: tuple(row))


@pytest.fixture
def deliver(db: Database, mailer: SmtpMailer, sms: TwilioSms, clock: FixedClock) -> Callable[[], Awaitable[int]]:
    return lambda: flows.deliver_due(db, mailer, sms, clock)


Deliver = Callable[[], Awaitable[int]]


async def test_a_parcel_is_announced_by_mail_and_text_message(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    order = await paid_order(db)
    parcel_id = await send_parcel(db, order, units=1)
    await jobs.announce_parcel(db=db, clock=clock, order_id=order.id, fulfillment_id=parcel_id)

    assert (await deliver(), await deliver()) == (2, 0)

    (mail,), (message,) = await post.messages("mail"), await post.messages("sms")
    assert (mail["to"], mail["from"]) == ("ada@example.com", "shop@shop.example")
    assert "1 x Kettle, Steel  10.00 EUR" in mail["text"]
    assert "Kettles & Co has sent a parcel" in mail["text"]
    assert "<li>1 x Kettle, Steel  10.00 EUR</li>" in mail["html"]
    assert (message["to"], message["from"]) == ("+4930901820", "+4930123456")
    assert message["text"].endswith("is on its way with DHL, tracking number JJD 0003.")
    kept = "select provider_message_id, sent_at from notification_deliveries where status = 'sent' order by channel"
    ids = await db.reader.fetch(text(kept), into=lambda *row: tuple(row))
    assert ids == [(mail["headers"]["Message-ID"], NOON), (message["id"], NOON)]


async def test_sellers_hear_of_their_part_without_the_buyers_address(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    order = await paid_order(db)
    await jobs.tell_seller(db=db, clock=clock, order_id=order.id, sub_no=1, seller_id=order.seller_id)

    await deliver()

    (mail,) = await post.messages()
    assert mail["to"] == order.owner.email
    assert "2 x Kettle, Steel  (SKU" in mail["text"]
    assert "ada@example.com" not in str(mail)


async def test_mail_waits_while_its_server_is_down(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    await confirmed(db, clock)
    await post.is_down(True)

    assert await deliver() == 1
    ((status, attempts, error),) = await state(db)
    assert (status, attempts) == ("due", 1)
    assert "451" in error
    assert await deliver() == 0
    await post.is_down(False)
    clock.advance(service.pause_after(1).total_seconds())
    assert (await deliver(), await deliver()) == (1, 0)

    assert len(await post.messages()) == 1
    assert [row[0] for row in await state(db)] == ["sent"]


async def test_an_hours_outage_delays_mail_by_seconds_only(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    await confirmed(db, clock)
    await post.is_down(True)
    while clock.now() < NOON + timedelta(hours=1):
        await run(db, "update notification_deliveries set attempts = attempts + 20, due_at = :now", now=clock.now())
        await deliver()
        clock.advance(300)

    await post.is_down(False)
    clock.advance(30)
    await deliver()

    assert len(await post.messages()) == 1


async def test_a_refused_recipient_is_not_tried_again(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    await confirmed(db, clock, email="ada@bounce.example")

    await deliver()
    clock.advance(86_400)

    assert await deliver() == 0
    assert await state(db) == [("bounced", 1, "550: 5.1.1 No such user here")]


@pytest.mark.parametrize(
    "change", ["delete from order_contacts", "update order_contacts set email = 'eve@example.com'"]
)
async def test_an_erased_or_changed_address_is_not_written_to(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver, change: str
) -> None:
    await confirmed(db, clock)
    await run(db, change)

    await deliver()

    assert await post.messages() == []
    assert [row[0] for row in await state(db)] == ["suppressed"]


async def test_who_has_left_a_sellers_team_hears_no_more(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    order = await paid_order(db)
    await jobs.tell_seller(db=db, clock=clock, order_id=order.id, sub_no=1, seller_id=order.seller_id)
    await run(db, "delete from seller_members")

    await deliver()

    assert await post.messages() == []
    assert [row[0] for row in await state(db)] == ["suppressed"]


async def test_two_deliverers_at_once_send_once(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver, run_together: Callable[..., Any]
) -> None:
    for number in range(4):
        await confirmed(db, clock, email=f"p{number}@example.com")

    counts = await run_together([deliver() for _ in range(3)])

    assert sum(counts) == 4
    assert sorted(mail["to"] for mail in await post.messages()) == [f"p{number}@example.com" for number in range(4)]


async def test_a_worker_that_dies_before_marking_sends_a_twin(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirmed(db, clock)

    async def die(*_: Any, **__: Any) -> None:
        raise asyncio.CancelledError

    monkeypatch.setattr(service, "mark_sent", die)
    with pytest.raises(asyncio.CancelledError):
        await deliver()
    monkeypatch.undo()
    assert await deliver() == 0
    clock.advance(service.LEASE.total_seconds())
    assert (await deliver(), await deliver()) == (1, 0)

    ids = [mail["headers"]["Message-ID"] for mail in await post.messages()]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert [row[:2] for row in await state(db)] == [("sent", 2)]


async def test_a_message_that_cannot_be_made_stops_no_other(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver
) -> None:
    await confirmed(db, clock)
    broken = await confirmed(db, clock, email="b@example.com")
    await run(db, "update notification_deliveries set template = 'no_such' where order_id = :id", id=broken.id)

    assert await deliver() == 2

    assert [mail["to"] for mail in await post.messages()] == ["ada@example.com"]
    assert sorted(await state(db)) == [("due", 1, "ValueError"), ("sent", 1, None)]


async def test_one_broken_mark_lets_the_others_finish(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await confirmed(db, clock, email=f"p{number}@example.com")
    mark_sent, calls = service.mark_sent, []

    async def break_the_first(*args: Any, **values: Any) -> None:
        calls.append(values)
        if len(calls) == 1:
            raise KeyError("broken")
        await mark_sent(*args, **values)

    monkeypatch.setattr(service, "mark_sent", break_the_first)
    with pytest.raises(KeyError):
        await deliver()

    assert sorted(row[0] for row in await state(db)) == ["sending", "sent", "sent"]


async def test_what_a_server_says_is_kept_without_the_address(db: Database, clock: FixedClock, sms: TwilioSms) -> None:
    class Chatty:
        async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            return f"550 <{address}>: no such user"

    server = await asyncio.get_running_loop().create_server(lambda: SMTP(Chatty()), "127.0.0.1", 0)
    await confirmed(db, clock)

    mailer = SmtpMailer(f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}", "shop@shop.example")
    await flows.deliver_due(db, mailer, sms, clock)

    server.close()
    assert await state(db) == [("bounced", 1, "550: (address) no such user")]
    assert flows.without_addresses("21211: +4915112345678 is no number") == "21211: (address) is no number"


async def test_words_never_grow_headers_on_the_wire(
    db: Database, clock: FixedClock, post: PostOffice, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await confirmed(db, clock)
    evil = Words("a\r\nBcc: eve@x.example", ["first", "second"], [], "short")
    monkeypatch.setattr(flows, "render", lambda *_: evil)

    await deliver()

    (mail,) = await post.messages()
    assert "Bcc" not in mail["headers"]
    assert mail["subject"] == "a Bcc: eve@x.example"
