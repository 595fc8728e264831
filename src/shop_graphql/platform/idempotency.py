"""One effect per key, however often a client repeats itself.

The key's row is inserted first, in the transaction of the effect. A twin waits on the index entry:
if the first commits, it replays; if the first rolls back, it becomes the first. Refusals roll the
key back with everything else, so only successes keep it. Source: README, decision on idempotency.
"""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary, Text, Uuid, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Lock, Row, WriteSession
from shop_graphql.platform.errors import ErrorCode, ShopError, driver_error

WAIT_FOR_TWIN_MS = 2_000
"""How long a twin waits for the first to finish before it hears IDEMPOTENCY_IN_PROGRESS."""


class IdempotencyKey(Row):
    __tablename__ = "idempotency_keys"
    __table_args__ = (
        CheckConstraint("length(key) between 1 and 255", name="key_length"),
        CheckConstraint("octet_length(request_hash) = 32", name="hash_is_sha256"),
        Index("ix_idempotency_keys_created_at", "created_at", postgresql_using="brin"),
        {"postgresql_with": {"fillfactor": 70, "autovacuum_vacuum_scale_factor": 0.02}},
    )

    actor_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    operation: Mapped[str] = mapped_column(Text)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class IdempotencyKeyInvalid(ShopError):
    code = ErrorCode.INVALID
    message = "An idempotency key has 1 to 255 printable ASCII characters."


class IdempotencyKeyMismatch(ShopError):
    code = ErrorCode.IDEMPOTENCY_KEY_MISMATCH
    message = "This idempotency key was used before with another input."


class IdempotencyInProgress(ShopError):
    code = ErrorCode.IDEMPOTENCY_IN_PROGRESS
    message = "A request with this idempotency key is still running; ask again in a moment."


FIELD = ("idempotencyKey",)


def check_key(key: str) -> None:
    """Raises: IdempotencyKeyInvalid."""
    if not (1 <= len(key) <= 255 and key.isascii() and key.isprintable()):
        raise IdempotencyKeyInvalid(field=FIELD)


def request_hash(operation: str, request: Any) -> bytes:
    """SHA-256 of what was asked; equal for equal input whatever the order of keys."""
    return hashlib.sha256(operation.encode() + b"\0" + msgspec.json.encode(request, order="deterministic")).digest()


async def claim(
    session: WriteSession, *, actor: Actor, key: str, operation: str, request: Any, now: datetime
) -> dict[str, Any] | None:
    """Make `key` ours, or give what its first use stored with `remember`.

    Must be the transaction's first statement. Shape: None = run the effect, a dict = replay it.
    Raises: IdempotencyKeyInvalid, IdempotencyKeyMismatch, IdempotencyInProgress, Unauthenticated.
    """
    check_key(key)
    session.taking(Lock.KEY)
    owner, digest = actor.key_space(), request_hash(operation, request)
    row = {"actor_id": owner, "key": key, "operation": operation, "request_hash": digest, "created_at": now}
    mine = insert(IdempotencyKey).values(row).on_conflict_do_nothing().returning(IdempotencyKey.actor_id)
    try:
        await session.execute(text(f"set local lock_timeout = {WAIT_FOR_TWIN_MS}"))
        is_first = await session.scalar(mine) is not None
        # What follows waits for other locks, and as long as any other transaction would.
        await session.execute(text("set local lock_timeout to default"))
        if is_first:
            return None
    except DBAPIError as error:
        if getattr(driver_error(error), "sqlstate", None) == "55P03":
            raise IdempotencyInProgress(field=FIELD) from error
        raise
    # A new statement, so that its snapshot holds what the twin has just committed.
    first = await session.execute(
        select(IdempotencyKey.request_hash, IdempotencyKey.result).where(
            IdempotencyKey.actor_id == owner, IdempotencyKey.key == key
        )
    )
    stored_hash, result = first.one()
    if stored_hash != digest:
        raise IdempotencyKeyMismatch(field=FIELD)
    return dict(result or {})


async def remember(session: WriteSession, *, actor: Actor, key: str, result: dict[str, Any]) -> None:
    """Store under `key` what a replay needs to find the effect again: ids only, nothing personal."""
    where = (IdempotencyKey.actor_id == actor.key_space(), IdempotencyKey.key == key)
    await session.execute(update(IdempotencyKey).where(*where).values(result=result))


async def forget_keys(session: WriteSession, *, before: datetime, limit: int) -> None:
    """Keys older than that instant are free again, at most `limit` of them at once."""
    old = text(
        "delete from idempotency_keys where (actor_id, key) in"
        " (select actor_id, key from idempotency_keys where created_at < :before limit :limit)"
    )
    await session.execute(old, {"before": before, "limit": limit})
