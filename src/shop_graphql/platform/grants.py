"""What the processes of a running shop may do in the database: read and write rows, and nothing else.

In production the tables belong to a role that only migrations use. The role of the API, the worker and the relay gets
its rights here, after every migration, and never on partitions: a statement trigger of a table does not see what is
written past it. Blocks and opens its own connection, as migrations do.
"""

import asyncio

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shop_graphql.platform.db import async_url

RIGHTS = text(
    """
    with ours as (
        select oid, relispartition, oid::regclass::text as name from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
    )
    select format(case
        when relispartition then 'revoke all on %1$s from %2$I'
        when name = 'alembic_version' then 'grant select on %1$s to %2$I'
        else 'grant select, insert, update, delete on %1$s to %2$I'
    end, name, cast(:role as text)) from ours
    union all
    select format('grant usage on all sequences in schema public to %I', cast(:role as text))
    union all
    select format('grant execute on function make_partition to %I', cast(:role as text))
    """
)
"""One statement a row. What has come to an existing table or has been added is granted, whatever was before."""


def grant_rights(owner_url: str, application_url: str) -> None:
    """The application's role may use every table there is, as far as a running shop needs to. Safe to repeat."""
    asyncio.run(_grant(owner_url, make_url(application_url).username or ""))


async def _grant(owner_url: str, role: str) -> None:
    engine = create_async_engine(async_url(owner_url), poolclass=NullPool)
    async with engine.begin() as connection:
        for statement in list(await connection.scalars(RIGHTS, {"role": role})):
            await connection.execute(text(statement))
