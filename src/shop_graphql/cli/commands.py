"""One command per process and task; each reads its settings, does one call and says how it went.

What a command needs is imported inside it: a process holds no more than its own part of the shop.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
import uvloop

from shop_graphql.accounts.states import StaffRole
from shop_graphql.cli.environment import ROOT, console, fail, settings_or_exit, start_logging

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A marketplace as one GraphQL API. `shop run` starts everything on this machine.",
)


@app.command()
def run() -> None:
    """Start the whole shop on this machine: database, cache, API, worker, relay, simulated gateway and inbox."""
    from shop_graphql.cli.local import run_locally

    run_locally()


@app.command()
def serve() -> None:
    """Answer GraphQL requests."""
    from shop_graphql.cli.serving import serve_api

    settings = settings_or_exit()
    start_logging(settings)
    uvloop.run(serve_api(settings))


@app.command()
def worker() -> None:
    """Run jobs: notifications, payment polling, what is due."""
    from workers.main import run

    settings = settings_or_exit()
    start_logging(settings)
    uvloop.run(run(settings))


@app.command()
def relay() -> None:
    """Bring committed events into the feed and to the jobs that follow from them."""
    from workers.relay import run

    settings = settings_or_exit()
    start_logging(settings)
    uvloop.run(run(settings))


@app.command()
def healthy() -> None:
    """Fail unless the worker or the relay beside which this runs has just done its work."""
    from shop_graphql.platform.clock import SystemClock
    from shop_graphql.platform.heartbeat import AGE_SECONDS_MAX, is_beating

    path = settings_or_exit().shop_heartbeat_file
    if not is_beating(path, SystemClock()):
        fail(f"No sign of life within {AGE_SECONDS_MAX:.0f} s in SHOP_HEARTBEAT_FILE ({path or 'which is not set'}).")


@app.command()
def gateway() -> None:
    """The simulated payment gateway (development only)."""
    from shop_graphql.cli.simulators import serve_gateway

    serve_gateway(settings_or_exit())


@app.command()
def inbox() -> None:
    """The inbox that catches every mail and SMS (development only)."""
    from shop_graphql.cli.simulators import serve_inbox

    serve_inbox(settings_or_exit())


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date; give the application's role its rights where another one owns them."""
    from shop_graphql.platform.grants import grant_rights
    from shop_graphql.platform.migrations import upgrade

    settings = settings_or_exit()
    upgrade(settings.migrations_database_url or settings.database_url)
    if settings.migrations_database_url:
        grant_rights(settings.migrations_database_url, settings.database_url)
    console.print("The database is up to date.")


@app.command()
def seed(
    products: Annotated[int, typer.Option(min=0, help="Add a large made-up catalogue with so many products.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="What the large catalogue is made from.")] = 1,
) -> None:
    """Fill an empty shop with the demo catalogue and its people; on demand with a large catalogue and its orders."""
    from shop_graphql.cli.local import seed_demo

    settings = settings_or_exit()
    console.print(asyncio.run(seed_demo(settings)))
    if products:
        from shop_graphql.cli.seeding import seed_large

        console.print(seed_large(settings, products=products, seed=seed))


@app.command()
def bench(
    quick: Annotated[bool, typer.Option(help="Fewer products and shorter windows.")] = False,
    full: Annotated[bool, typer.Option(help="More products and longer windows.")] = False,
    json: Annotated[Path | None, typer.Option(help="A file to write the figures to.")] = None,
    sql: Annotated[bool, typer.Option(help="Print the SQL of the raw routes, too.")] = False,
) -> None:
    """Measure what requests cost, beside hand-written routes that do the same work."""
    from shop_graphql.cli.bench import bench as run_bench

    run_bench(quick=quick, full=full, json=json, sql=sql)


@app.command("create-staff")
def create_staff(
    email: Annotated[str, typer.Argument(help="The address of an account that exists.")],
    role: Annotated[StaffRole, typer.Option(help="What the person may do.")] = StaffRole.ADMIN,
) -> None:
    """Make an existing account a member of the staff."""
    from shop_graphql.cli.staff import grant_role

    settings = settings_or_exit()
    if not asyncio.run(grant_role(settings.database_url, email, role)):
        fail(f"No account has the address {email}. Register it first: userRegister.")
    console.print(f"{email} is staff now: {role}.")


@app.command("export-schema")
def export_schema(
    output: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
) -> None:
    """Print the GraphQL schema."""
    from shop_graphql.cli.schema import printed_schema

    if output is None:
        typer.echo(printed_schema(), nl=False)
    else:
        output.write_text(printed_schema())


@app.command("check-schema")
def check() -> None:
    """Fail when schema.graphql is stale or breaks what the main branch promised."""
    from shop_graphql.cli.schema import check_schema

    problems = check_schema(ROOT)
    if problems:
        fail(*problems)
    console.print("schema.graphql is current and breaks nothing.")


@app.command("config-table")
def config_table(
    into: Annotated[
        Path | None, typer.Option(help="The file whose table to renew; standard output without it.")
    ] = None,
) -> None:
    """Print every setting with its meaning and default, as the README has it."""
    from shop_graphql.cli.configuration import settings_table, with_settings_table

    if into is None:
        typer.echo(settings_table())
    else:
        into.write_text(with_settings_table(into.read_text()))


@app.command()
def doctor() -> None:
    """Tell what is wrong with the configuration, and how to mend it."""
    from shop_graphql.cli.doctor import examine, report

    if not report(asyncio.run(examine())):
        raise typer.Exit(1)
