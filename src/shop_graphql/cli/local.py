"""What only a development machine does: the whole shop in one command, and its demo data.

What only a later step needs is imported there, while the servers and simulators are already starting.
"""

import asyncio
import os
from collections.abc import Callable

from shop_graphql.cli.environment import ROOT, console, fail
from shop_graphql.dev.demo.catalogue import people
from shop_graphql.dev.panel import Login, Reporter, Welcome
from shop_graphql.dev.parts import Environment, Offset
from shop_graphql.dev.places import LocalError, place_for
from shop_graphql.dev.supervisor import run
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.settings import Settings


def run_locally() -> None:
    """`shop run`: ends when it is told to, or with one line that says why it could not go on."""
    try:
        place = place_for(ROOT)
        run(
            place,
            os.environ,
            migrate=_migrate,
            seed=lambda url: asyncio.run(_plant(url)),
            welcome=_welcome,
            reporter=Reporter(console),
        )
    except LocalError as error:
        fail(str(error))


async def seed_demo(settings: Settings, progress: Callable[[int, int], None] | None = None) -> str:
    """Fill an empty shop; says what was done."""
    if settings.is_production:
        fail("The demo data has passwords that everybody knows; it is not for production.")
    return await _plant(settings.database_url, progress)


def _migrate(url: str) -> None:
    from shop_graphql.platform.migrations import upgrade

    upgrade(url)


async def _plant(url: str, progress: Callable[[int, int], None] | None = None) -> str:
    from shop_graphql.dev.demo.planting import plant
    from shop_graphql.platform.db import Database
    from shop_graphql.platform.ids import TimeOrderedIds

    db = Database(url, ids=TimeOrderedIds())
    try:
        return await plant(db, now=SystemClock().now(), progress=progress)
    finally:
        await db.close()


def _welcome(environment: Environment) -> Welcome:
    graphql = environment.url(Offset.API, "/graphql")
    return Welcome(
        logins=[Login(person.name, person.email, person.password) for person in people()],
        first_steps=[
            f"curl {graphql} -H 'Content-Type: application/json' -d '{{\"query\":\"{{ categories {{ name }} }}\"}}'",
            "The README buys a lamp by copy and paste; the confirmation arrives in the inbox.",
        ],
        addresses=_addresses(environment),
    )


def _addresses(environment: Environment) -> list[tuple[str, str]]:
    addresses = [
        ("Start here", environment.url(Offset.API, "/")),
        ("GraphQL", environment.url(Offset.API, "/graphql")),
        ("Schema", environment.url(Offset.API, "/schema.graphql")),
        ("Metrics", environment.url(Offset.API, "/metrics")),
    ]
    if "inbox" in environment.embedded:
        addresses.append(("Inbox", environment.url(Offset.INBOX, "/")))
    if "gateway" in environment.embedded:
        addresses.append(("Charges", environment.url(Offset.GATEWAY, "/_sim/charges")))
    return addresses
