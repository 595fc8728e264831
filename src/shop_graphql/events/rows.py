"""What reading events and jobs gives."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


class EventRow(msgspec.Struct, frozen=True):
    position: int
    id: UUID
    type: str
    aggregate_id: UUID
    seller_id: UUID | None
    buyer_id: UUID | None
    payload: dict[str, Any]
    occurred_at: datetime


class JobRow(msgspec.Struct, frozen=True):
    id: UUID
    kind: str
    args: dict[str, Any]
    attempts: int
    """This one included."""
    max_attempts: int


class Figures(msgspec.Struct, frozen=True):
    """How far behind the asynchronous half of the shop is."""

    outbox_depth: int
    """Facts that have no position yet; counted up to 10,000."""
    undispatched: int
    """Events that no job has been made of yet."""
    due_jobs: int
    oldest_due_seconds: float
    failed_jobs: int
