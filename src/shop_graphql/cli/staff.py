"""Making somebody a member of the staff, from the operator's shell."""

from shop_graphql.accounts import queries, service
from shop_graphql.accounts.states import StaffRole
from shop_graphql.platform.auth import SYSTEM
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds


async def grant_role(database_url: str, email: str, role: StaffRole) -> bool:
    """The account with this address has `role`; False where there is no such account."""
    db = Database(database_url, ids=TimeOrderedIds())
    try:
        found = await queries.credentials_by_email(db.reader, email)
        if found is None:
            return False
        async with db.write() as session:
            now = SystemClock().now()
            await service.grant_role(session, actor=SYSTEM, user_id=found.user_id, role=role, now=now)
        return True
    finally:
        await db.close()
