"""`python -m tests.dev.small_shop CHECKOUT [PART=SCRIPT ...]`: `shop run` with small parts instead of the shop's own.

Every part answers on its port as the real one would; `PART=SCRIPT` gives one a Python script of its own.
"""

import os
import sys
from pathlib import Path

import asyncpg
import uvloop
from rich.console import Console

from shop_graphql.dev.panel import Login, Reporter, Welcome
from shop_graphql.dev.parts import Environment, Offset, Part, parts_of
from shop_graphql.dev.places import LocalError, place_for
from shop_graphql.dev.supervisor import run

CONSOLE = Console(width=200, highlight=False)

LISTEN = """
import http.server, sys, threading
class Fine(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
for port in sys.argv[1:]:
    threading.Thread(target=http.server.HTTPServer(("127.0.0.1", int(port)), Fine).serve_forever).start()
threading.Event().wait()
"""


def small(part: Part, scripts: dict[str, str]) -> Part:
    script = scripts.get(part.name, LISTEN)
    command = (sys.executable, "-c", script, *(str(port) for port in part.ports))
    return Part(part.name, command, part.ports, part.ready, part.after_migrations)


def seed(url: str) -> None:
    async def count_starts() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("create table if not exists starts (at int)")
        await connection.execute("insert into starts values (1)")
        CONSOLE.print("starts:", await connection.fetchval("select count(*) from starts"))
        await connection.close()

    uvloop.run(count_starts())


def welcome(environment: Environment) -> Welcome:
    return Welcome(
        [Login("Buyer", "buyer@example.com", "secret")], ["Look around."], [("API", environment.url(Offset.API))]
    )


def main(checkout: str, *replaced: str) -> None:
    scripts = dict(pair.split("=", 1) for pair in replaced)
    try:
        run(
            place_for(Path(checkout)),
            os.environ,
            migrate=lambda _url: None,
            seed=seed,
            welcome=welcome,
            reporter=Reporter(CONSOLE),
            parts=lambda environment: [small(part, scripts) for part in parts_of(environment)],
        )
    except LocalError as error:
        CONSOLE.print(f"shop: {error}", soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main(*sys.argv[1:])
