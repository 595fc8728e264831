"""The outbox, the feed that is made of it, who has read how far, and jobs.

Sellers and buyers are plain ids here (both live above), and only say who may see an event.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Identity,
    Index,
    SmallInteger,
    Uuid,
    desc,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.events.states import JobStatus
from shop_graphql.platform.columns import Choice, Instant, Json, Key, Small, Str, one_of
from shop_graphql.platform.db import Row


class OutboxMessage(Row):
    """A fact, written in the transaction that made it true. The sequencer moves it to `events` within moments."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint("jsonb_typeof(payload) = 'object'", name="payload_is_object"),
        {"postgresql_with": {"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 5000}},
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(Uuid)
    type: Mapped[Str]
    version: Mapped[Small] = mapped_column(server_default="1")
    aggregate_type: Mapped[Str]
    aggregate_id: Mapped[UUID]
    seller_id: Mapped[UUID | None]
    buyer_id: Mapped[UUID | None]
    payload: Mapped[Json]
    trace_id: Mapped[Str | None]
    occurred_at: Mapped[Instant]


class EventSequencer(Row):
    """The one row whose lock says who gives out positions."""

    __tablename__ = "event_sequencer"
    __table_args__ = (CheckConstraint("only_row", name="single"),)

    only_row: Mapped[bool] = mapped_column(Boolean, primary_key=True, server_default=text("true"))
    last_position: Mapped[int] = mapped_column(BigInteger)


class FeedEvent(Row):
    """A fact in its place: positions have no gaps and become visible in their order."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_aggregate", "aggregate_id", "position"),
        Index("ix_events_seller", "seller_id", "position", postgresql_where=text("seller_id is not null")),
        Index("ix_events_buyer", "buyer_id", "position", postgresql_where=text("buyer_id is not null")),
        {"postgresql_partition_by": "range (position)"},
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    id: Mapped[UUID] = mapped_column(Uuid)
    type: Mapped[Str]
    version: Mapped[Small]
    aggregate_type: Mapped[Str]
    aggregate_id: Mapped[UUID]
    seller_id: Mapped[UUID | None]
    buyer_id: Mapped[UUID | None]
    payload: Mapped[Json]
    trace_id: Mapped[Str | None]
    occurred_at: Mapped[Instant]
    sequenced_at: Mapped[Instant]


class EventConsumer(Row):
    """How far one reader of the feed has come."""

    __tablename__ = "event_consumers"
    __table_args__ = (CheckConstraint("position >= 0", name="forward"),)

    name: Mapped[Str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")
    updated_at: Mapped[Instant]


class HandledMessage(Row):
    """Written in the transaction of an event's effect, so that the effect happens once."""

    __tablename__ = "handled_messages"
    __table_args__ = (Index("ix_handled_messages_handled_at", "handled_at", postgresql_using="brin"),)

    consumer: Mapped[Str] = mapped_column(primary_key=True)
    event_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    handled_at: Mapped[Instant]


class Job(Row):
    """Work that must happen, although the queue may forget: the queue only says when to look here."""

    __tablename__ = "jobs"
    __table_args__ = (
        one_of("status", JobStatus),
        CheckConstraint("attempts between 0 and max_attempts", name="attempts"),
        Index(
            "uq_jobs_one_open",
            "kind",
            "dedupe_key",
            unique=True,
            postgresql_where=text("status in ('ready', 'running')"),
        ),
        Index("ix_jobs_due", "run_at", postgresql_where=text("status in ('ready', 'running')")),
        Index("ix_jobs_failed", desc("finished_at"), postgresql_where=text("status = 'failed'")),
        {"postgresql_with": {"fillfactor": 80, "autovacuum_vacuum_scale_factor": 0.02}},
    )

    id: Mapped[Key]
    kind: Mapped[Str]
    dedupe_key: Mapped[Str]
    args: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    status: Mapped[JobStatus] = mapped_column(Choice(JobStatus), server_default=JobStatus.READY)
    run_at: Mapped[Instant]
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    max_attempts: Mapped[int] = mapped_column(SmallInteger, server_default="8")
    locked_until: Mapped[Instant | None]
    last_error: Mapped[Str | None]
    created_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]
