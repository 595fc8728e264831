"""The messages that came, in one SQLite file; the only module that reads or writes it."""

import sqlite3
from pathlib import Path

import msgspec

KEPT = 1_000
"""Messages; older ones are dropped."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One mail or text message. Units: `received_at` ISO 8601, UTC. Shape: several recipients are joined by a comma."""

    id: str
    kind: str
    sender: str = msgspec.field(name="from")
    to: str
    subject: str
    text: str
    html: str | None
    headers: dict[str, str]
    received_at: str


class Box:
    """The open file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(
            "pragma journal_mode=wal; pragma synchronous=normal;"
            "create table if not exists messages (seq integer primary key autoincrement, id text not null unique,"
            " recipient text not null, doc blob not null)"
        )

    def close(self) -> None:
        self._db.close()

    def add(self, message: Message) -> None:
        """Kept, and the oldest beyond `KEPT` dropped, when this returns."""
        self._db.execute("begin immediate")
        row = (message.id, message.to.lower(), msgspec.json.encode(message))
        last = self._db.execute("insert into messages (id, recipient, doc) values (?, ?, ?)", row).lastrowid or 0
        self._db.execute("delete from messages where seq <= ?", (last - KEPT,))
        self._db.execute("commit")

    def newest(self, *, to: str | None = None, limit: int = KEPT) -> list[Message]:
        """Newest first; `to` is one recipient, in any case."""
        rows = self._db.execute(
            "select doc from messages where ? is null or recipient = ? order by seq desc limit ?",
            (to, to and to.lower(), limit),
        )
        return [msgspec.json.decode(row[0], type=Message) for row in rows]

    def get(self, id: str) -> Message | None:
        row = self._db.execute("select doc from messages where id = ?", (id,)).fetchone()
        return msgspec.json.decode(row[0], type=Message) if row else None

    def clear(self) -> None:
        self._db.execute("delete from messages")
