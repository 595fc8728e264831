"""Writing the audit trail. Entries are added in the transaction of what they tell of, and never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from shop_graphql.audit.models import AuditEntry
from shop_graphql.audit.states import ActorKind
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession


async def record(
    session: WriteSession,
    *,
    actor: Actor,
    action: str,
    subject_type: str,
    subject_id: UUID | None,
    changes: Mapping[str, Any],
    now: datetime,
) -> None:
    """The trail says that `actor` did `action`; it stands or falls with the caller's transaction.

    Units: `changes` holds field names, ids, codes and counts; never a name, an address or a text someone wrote.
    """
    entry = {
        "id": session.new_id(now),
        "actor_id": actor.user_id,
        "actor_kind": ActorKind(actor.kind),
        "action": action,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "changes": dict(changes),
        "created_at": now,
    }
    await session.execute(insert(AuditEntry).values(entry))
