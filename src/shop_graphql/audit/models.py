"""The audit trail. Rows are added and never changed; they hold ids and field names, never personal values."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import INET, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.audit.states import ActorKind
from shop_graphql.platform.columns import Choice, Instant, Key, Str, one_of
from shop_graphql.platform.db import Row


class AuditEntry(Row):
    """Partitioned by the time in `id`; actors and subjects are plain ids, because they may be erased."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        one_of("actor_kind", ActorKind, name="actor"),
        Index("ix_audit_entries_subject", "subject_id", "id"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        {"postgresql_partition_by": "range (id)"},
    )

    id: Mapped[Key]
    actor_id: Mapped[UUID | None]
    actor_kind: Mapped[ActorKind] = mapped_column(Choice(ActorKind))
    action: Mapped[Str]
    subject_type: Mapped[Str]
    subject_id: Mapped[UUID | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    ip_prefix: Mapped[str | None] = mapped_column(INET)
    """Never a whole address: a /24 or a /48."""
    request_id: Mapped[Str | None]
    created_at: Mapped[Instant]
