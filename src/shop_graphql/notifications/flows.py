"""Sending what is due: a short transaction before, one after, and the wire in between with nothing open."""

import asyncio
import re
from datetime import datetime

from shop_graphql.notifications import queries, service
from shop_graphql.notifications.channels import ChannelUnavailable, Mail, Mailer, RecipientRefused, SmsSender
from shop_graphql.notifications.rows import DeliveryRow
from shop_graphql.notifications.states import Channel, DeliveryStatus
from shop_graphql.notifications.templates import SMS_LENGTH_MAX, Words, render
from shop_graphql.notifications.topics import Topic
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ServiceUnavailable
from shop_graphql.platform.observability import NOTIFICATIONS, log

AT_ONCE = 10
"""Messages under way side by side; each may hold a connection to the database for a moment."""

ADDRESS = re.compile(r"\S+@\S+|\+\d{5,}")
"""A mail address or a phone number in what a server says."""


async def deliver_due(db: Database, mailer: Mailer, sms: SmsSender, clock: Clock) -> int:
    """At most `AT_ONCE` messages that were due have been tried once. Shape: how many.

    Raises: ServiceUnavailable when the database goes away meanwhile; every message of the batch was tried all the same.
    """
    async with db.write() as session:
        due = await service.take_due(session, limit=AT_ONCE, now=clock.now())
    # Not a task group: one failure would stop the others between the wire and the mark, and they would be sent again.
    tries = [_deliver(db, mailer, sms, clock, delivery) for delivery in due]
    for outcome in await asyncio.gather(*tries, return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
    return len(due)


async def _deliver(db: Database, mailer: Mailer, sms: SmsSender, clock: Clock, delivery: DeliveryRow) -> None:
    try:
        provider_id = await _try(db, mailer, sms, delivery, clock.now())
    except RecipientRefused as refusal:
        await _refused(db, delivery, DeliveryStatus.BOUNCED, without_addresses(str(refusal)))
    except ServiceUnavailable:
        raise
    except _NobodyThere as nobody:
        await _refused(db, delivery, DeliveryStatus.SUPPRESSED, str(nobody))
    except ChannelUnavailable as away:
        await _unsent(db, clock, delivery, without_addresses(str(away)))
    except Exception as error:  # a message that cannot be made must not keep the others from leaving
        log.error("notification.broken", delivery_id=str(delivery.id), template=delivery.template, exc_info=True)
        await _unsent(db, clock, delivery, type(error).__name__)
    else:
        NOTIFICATIONS.labels(delivery.channel, "sent").inc()
        async with db.write() as session:
            await service.mark_sent(session, delivery=delivery, provider_id=provider_id, now=clock.now())


class _NobodyThere(Exception):
    """The recipient is not known any more, or not by that address."""


async def _try(db: Database, mailer: Mailer, sms: SmsSender, delivery: DeliveryRow, now: datetime) -> str | None:
    person = await queries.recipient_of(db.reader, delivery)
    letter = await queries.letter_for(db.reader, delivery, person) if person else None
    address = person.address(delivery.channel) if person else None
    if letter is None or address is None:
        raise _NobodyThere("the recipient is not known any more, or not by that address")
    words = render(Topic(delivery.template), letter)
    return await _hand_over(mailer, sms, delivery, address, words, now)


async def _hand_over(
    mailer: Mailer, sms: SmsSender, delivery: DeliveryRow, address: str, words: Words, now: datetime
) -> str | None:
    if delivery.channel is Channel.SMS:
        return await sms.send(address, words.short[:SMS_LENGTH_MAX])
    # The same id at every try: receivers know a repeated mail by it.
    message_id = f"<{delivery.id}@shop-graphql>"
    mail = Mail(
        to=address,
        subject=words.subject,
        text=words.as_text(),
        html=words.as_html(),
        message_id=message_id,
        sent_at=now,
    )
    await mailer.send(mail)
    return message_id


async def _refused(db: Database, delivery: DeliveryRow, status: DeliveryStatus, error: str) -> None:
    NOTIFICATIONS.labels(delivery.channel, status).inc()
    async with db.write() as session:
        await service.mark_refused(session, delivery=delivery, status=status, error=error)


async def _unsent(db: Database, clock: Clock, delivery: DeliveryRow, error: str) -> None:
    NOTIFICATIONS.labels(delivery.channel, "unsent").inc()
    log.warning("notification.unsent", delivery_id=str(delivery.id), attempts=delivery.attempts, error=error)
    async with db.write() as session:
        await service.mark_unsent(session, delivery=delivery, error=error, now=clock.now())


def without_addresses(said: str) -> str:
    """What a server said, fit to be stored and logged: it likes to repeat whom the message was for."""
    return ADDRESS.sub("(address)", said)
