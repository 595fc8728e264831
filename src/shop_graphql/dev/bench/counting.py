"""How many SQL statements one request sends, both sides alike: PostgreSQL's own log tells."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import asyncpg

from shop_graphql.dev.bench.load import ask
from shop_graphql.dev.servers import PostgresServer

STATEMENT = re.compile(r"LOG:  (?:statement|execute [^:]*): ")
TRIES = 3
SETTLING_SECONDS = 0.2
"""Until every session has read a changed configuration, or the log is written."""


@asynccontextmanager
async def logging_statements(server: PostgresServer) -> AsyncIterator[None]:
    """Inside, the server's log names every statement."""
    connection = await asyncpg.connect(server.superuser_url)
    try:
        await _set(connection, "alter system set log_statement = 'all'")
        yield
    finally:
        await _set(connection, "alter system reset log_statement")
        await connection.close()


async def statements_of(server: PostgresServer, port: int, requests: Iterator[bytes]) -> int:
    """The statements of one request, transaction brackets included: the fewest of a few, as first ones fill caches."""
    counts = []
    for _ in range(TRIES):
        start = server.log.stat().st_size
        await ask(port, next(requests))
        await asyncio.sleep(SETTLING_SECONDS / 2)
        with server.log.open("rb") as log:
            log.seek(start)
            counts.append(len(STATEMENT.findall(log.read().decode(errors="replace"))))
    return min(counts)


async def _set(connection: asyncpg.Connection, statement: str) -> None:
    await connection.execute(statement)
    await connection.execute("select pg_reload_conf()")
    await asyncio.sleep(SETTLING_SECONDS)
