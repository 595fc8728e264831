"""What the gateway remembers: payments, charges, refunds, events, answers by key, what is due. One SQLite file.

A caller changes things inside `transaction()`; when that block ends they survive a killed process, and only then may
anybody be answered. All calls are synchronous and brief, so between two awaits the state is nobody else's.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec


class Intent(msgspec.Struct, kw_only=True):
    """A PaymentIntent. Units: minor units of `currency` (lower case), Unix seconds."""

    id: str
    amount: int
    currency: str
    created: int
    client_secret: str
    capture_method: str
    status: str = "requires_payment_method"
    payment_method: str | None = None
    return_url: str | None = None
    description: str | None = None
    metadata: dict[str, str] = {}
    amount_capturable: int = 0
    amount_received: int = 0
    charge_id: str | None = None
    error: dict[str, Any] | None = None
    action_url: str | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None


class Charge(msgspec.Struct, kw_only=True):
    """Money taken, or held where it is not captured yet."""

    id: str
    intent_id: str
    amount: int
    currency: str
    created: int
    payment_method: str
    metadata: dict[str, str]
    amount_released: int = 0
    amount_captured: int = 0
    amount_refunded: int = 0


class Refund(msgspec.Struct, kw_only=True):
    """Money given back."""

    id: str
    intent_id: str
    charge_id: str
    amount: int
    currency: str
    created: int
    reason: str | None
    metadata: dict[str, str]


class Event(msgspec.Struct, kw_only=True):
    """A fact as it was when it happened. Shape: `body` is the envelope, encoded once, so that every try sends it."""

    id: str
    created: int
    body: str


class Answer(msgspec.Struct, frozen=True):
    """An answer kept under an idempotency key."""

    fingerprint: str
    status: int
    body: bytes


class Delivery(msgspec.Struct, frozen=True):
    """An event that is to reach the webhook."""

    id: int
    body: str
    attempts: int
    made_at: float


Document = TypeVar("Document", Intent, Charge, Refund, Event)

_TABLES = """
create table if not exists documents (
  seq integer primary key, kind text not null, id text not null unique, created integer not null, doc blob not null);
create index if not exists ix_documents_kind on documents (kind, created, seq);
create table if not exists timers (intent_id text primary key, due_at real not null);
create table if not exists answers (
  key text primary key, fingerprint text not null, status integer not null, body blob not null);
create table if not exists deliveries (
  id integer primary key, event_id text not null, made_at real not null, due_at real not null,
  attempts integer not null default 0, ended_at real);
create index if not exists ix_deliveries_due on deliveries (due_at) where ended_at is null;
"""


class State:
    """The open file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(f"pragma journal_mode=wal; pragma synchronous=normal; {_TABLES}")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of the block, or none of it where it raises."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def put(self, document: Intent | Charge | Refund | Event) -> None:
        self._db.execute(
            "insert into documents (kind, id, created, doc) values (?, ?, ?, ?) "
            "on conflict (id) do update set doc = excluded.doc",
            (type(document).__name__, document.id, document.created, msgspec.json.encode(document)),
        )

    def get(self, kind: type[Document], id: str) -> Document | None:
        row = self._db.execute("select doc from documents where id = ? and kind = ?", (id, kind.__name__)).fetchone()
        return msgspec.json.decode(row[0], type=kind) if row else None

    def newest(
        self, kind: type[Document], *, since: int = 0, until: int = 2**53, after: str | None = None, limit: int = -1
    ) -> list[Document]:
        """Newest first; `after` is the id of the last one already seen."""
        rows = self._db.execute(
            "select doc from documents where kind = ? and created between ? and ? "
            "and seq < coalesce((select seq from documents where id = ?), 9e18) order by seq desc limit ?",
            (kind.__name__, since, until, after, limit),
        )
        return [msgspec.json.decode(row[0], type=kind) for row in rows]

    def set_timer(self, intent_id: str, due_at: float) -> None:
        self._db.execute("insert or replace into timers values (?, ?)", (intent_id, due_at))

    def clear_timer(self, intent_id: str) -> None:
        self._db.execute("delete from timers where intent_id = ?", (intent_id,))

    def due_timers(self, now: float) -> list[str]:
        return [row[0] for row in self._db.execute("select intent_id from timers where due_at <= ? limit 100", (now,))]

    def answer(self, key: str) -> Answer | None:
        row = self._db.execute("select fingerprint, status, body from answers where key = ?", (key,)).fetchone()
        return Answer(*row) if row else None

    def keep_answer(self, key: str, answer: Answer) -> None:
        self._db.execute("insert into answers values (?, ?, ?, ?)", (key, *msgspec.structs.astuple(answer)))

    def add_delivery(self, event_id: str, *, made_at: float, due_at: float) -> None:
        self._db.execute(
            "insert into deliveries (event_id, made_at, due_at) values (?, ?, ?)", (event_id, made_at, due_at)
        )

    def lease_deliveries(self, now: float, *, until: float, limit: int) -> list[Delivery]:
        """Deliveries that are due, and nobody else's before `until`."""
        leased = self._db.execute(
            "update deliveries set due_at = ? where id in "
            "(select id from deliveries where ended_at is null and due_at <= ? order by due_at, id limit ?) "
            "returning id, event_id, attempts, made_at",
            (until, now, limit),
        ).fetchall()
        deliveries = []
        for id, event_id, attempts, made_at in sorted(leased):
            event = self.get(Event, event_id)
            assert event, "notices.tell keeps an event with its deliveries"
            deliveries.append(Delivery(id, event.body, attempts, made_at))
        return deliveries

    def free_leases(self, now: float) -> None:
        """Whatever a killed process was sending, or waited to send again, is due now."""
        self._db.execute("update deliveries set due_at = ? where ended_at is null and due_at > ?", (now, now))

    def end_delivery(self, id: int, now: float) -> None:
        self._db.execute("update deliveries set ended_at = ?, attempts = attempts + 1 where id = ?", (now, id))

    def postpone_delivery(self, id: int, due_at: float) -> None:
        self._db.execute("update deliveries set due_at = ?, attempts = attempts + 1 where id = ?", (due_at, id))

    def waiting_deliveries(self) -> int:
        row = self._db.execute("select count(*) from deliveries where ended_at is null").fetchone()
        return int(row[0])

    def next_due(self) -> float | None:
        """When the next timer or delivery falls due, Unix seconds."""
        row = self._db.execute(
            "select min(due_at) from (select min(due_at) as due_at from timers "
            "union all select min(due_at) from deliveries where ended_at is null)"
        ).fetchone()
        return None if row[0] is None else float(row[0])
