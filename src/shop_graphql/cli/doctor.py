"""Looks at a configuration as an operator would: what is set, what answers, what is dangerous."""

import asyncio
import resource
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import asyncpg
import httpx
from redis.asyncio import Redis
from rich.table import Table

from shop_graphql.cli.environment import ROOT, console, environment
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.migrations import current_is_head
from shop_graphql.platform.settings import ConfigurationError, Settings, load_settings

SKEW_SECONDS_MAX = 1.0
"""How far the machine's clock may be from the database's: holds end by the application's clock."""

VERSION_MIN = 18
FILES_MIN = 4096
DISK_MB_MIN = 500


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. A warning is no reason to fail."""

    what: str
    is_good: bool
    says: str
    is_warning: bool = False


async def examine() -> list[Finding]:
    """Everything worth knowing about this configuration, most basic first."""
    try:
        settings = load_settings(environment())
    except ConfigurationError as error:
        return [Finding("settings", False, problem) for problem in error.problems]
    findings = [Finding("settings", True, f"complete for {settings.shop_env}"), _files(), _disk()]
    checks: list[Callable[[Settings], Awaitable[list[Finding]]]] = [_database, _redis, _mail, _sms, _gateway]
    for check in checks:
        findings += await check(settings)
    return findings


def report(findings: list[Finding]) -> bool:
    """Print a table; true when nothing is wrong."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for finding in findings:
        mark = "[green]ok[/]" if finding.is_good else ("[yellow]look[/]" if finding.is_warning else "[red]wrong[/]")
        table.add_row(mark, finding.what, finding.says)
    console.print(table)
    return all(finding.is_good or finding.is_warning for finding in findings)


def _files() -> Finding:
    soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    says = f"{soft} may be open" if soft >= FILES_MIN else f"only {soft} may be open: raise it with `ulimit -n 20000`"
    return Finding("files", soft >= FILES_MIN, says, is_warning=True)


def _disk() -> Finding:
    free = shutil.disk_usage(ROOT).free // 2**20
    says = f"{free} MB free" if free >= DISK_MB_MIN else f"only {free} MB free: the database stops when it is full"
    return Finding("disk", free >= DISK_MB_MIN, says)


async def _database(settings: Settings) -> list[Finding]:
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError, ValueError) as error:
        return [
            Finding(
                "database", False, f"{error or 'no answer'}: look at DATABASE_URL ({_where(settings.database_url)})"
            )
        ]
    try:
        version = str(connection.get_server_version().major)
        theirs: datetime = await connection.fetchval("select clock_timestamp()")
        skew = abs((SystemClock().now() - theirs).total_seconds())
        unsafe = [
            name
            for name in ("fsync", "synchronous_commit", "full_page_writes")
            if await connection.fetchval(f"show {name}") == "off"
        ]
    finally:
        await connection.close()
    migrated = await asyncio.to_thread(current_is_head, settings.database_url)
    where = _where(settings.database_url)
    lossy = f"{', '.join(unsafe)} off: an acknowledged order can be lost"
    return [
        Finding("database", int(version) >= VERSION_MIN, f"PostgreSQL {version} at {where}; {VERSION_MIN} is needed"),
        Finding("tables", migrated, "up to date" if migrated else "out of date: run `shop migrate`"),
        Finding("clock", skew <= SKEW_SECONDS_MAX, f"{skew:.3f} s from the database's; NTP sets both"),
        Finding("durability", not unsafe, lossy if unsafe else "every commit is on disk"),
    ]


async def _redis(settings: Settings) -> list[Finding]:
    client: Redis = Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2)
    try:
        await client.ping()
        return [Finding("redis", True, f"answers at {_where(settings.redis_url)}")]
    except Exception as error:  # whatever it is, it belongs in the table and not on the screen as a traceback
        return [Finding("redis", False, f"{error}: look at REDIS_URL ({_where(settings.redis_url)})")]
    finally:
        await client.aclose()


async def _mail(settings: Settings) -> list[Finding]:
    return [await _reaches("mail", "SMTP_URL", settings.smtp_url, default_port=25)]


async def _sms(settings: Settings) -> list[Finding]:
    return [await _reaches("sms", "SMS_URL", settings.sms_url, default_port=443)]


async def _gateway(settings: Settings) -> list[Finding]:
    url = settings.stripe_api_url or "https://api.stripe.com"
    try:
        async with httpx.AsyncClient(timeout=5) as client:
            response = await client.get(f"{url}/v1/payment_intents?limit=1", auth=(settings.stripe_api_key, ""))
    except httpx.HTTPError as error:
        return [Finding("payments", False, f"{error or type(error).__name__}: look at STRIPE_API_URL ({_where(url)})")]
    refused = response.status_code == httpx.codes.UNAUTHORIZED
    says = "the gateway refuses STRIPE_API_KEY" if refused else f"answers at {_where(url)}"
    return [Finding("payments", not refused, says)]


async def _reaches(what: str, variable: str, url: str, *, default_port: int) -> Finding:
    if not url:
        return Finding(what, False, f"{variable} is not set: nothing is sent", is_warning=True)
    parts = urlsplit(url)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(parts.hostname, parts.port or default_port), 3)
    except (OSError, TimeoutError) as error:
        return Finding(what, False, f"{error or 'no answer'}: look at {variable} ({_where(url)})")
    writer.close()
    return Finding(what, True, f"answers at {_where(url)}")


def _where(url: str) -> str:
    """A URL without its user and password."""
    parts = urlsplit(url)
    return f"{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
