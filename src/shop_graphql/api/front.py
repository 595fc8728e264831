"""The page at `/`: what runs here and where to go next, as plain HTML without a script, readable on a phone.

It shows nothing that `/readyz` does not tell everybody; what is only for development is brought in as `Extras`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from html import escape

import orjson
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute

from shop_graphql.api.http import BrowserPage

CHECKS = {
    "database": ("PostgreSQL answers", "PostgreSQL does not answer"),
    "migrations": ("The tables are up to date", "The tables are not up to date: <code>shop migrate</code>"),
    "clock": ("The clocks agree", "This machine's clock and the database's differ"),
    "redis": ("Redis or Valkey answers", "Redis or Valkey does not answer: the shop sells without it, slower"),
}
"""What each check of `/readyz` says when it passes and when it does not; HTML."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>shop-graphql</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1rem }}
h2 {{ font-size: 1.1rem; margin: 1.5rem 0 .5rem }}
ul {{ list-style: none; padding: 0; margin: 0 }}
li {{ padding: .35rem 0 }}
dl {{ margin: 0 }}
dt {{ font-weight: 600; margin-top: .5rem }}
dd {{ margin: 0; overflow-wrap: anywhere }}
dd code {{ display: block }}
.fine::before {{ content: "\\2713\\a0"; color: #18794e; font-weight: 700 }}
.amiss::before {{ content: "\\2717\\a0"; color: #cd2b31; font-weight: 700 }}
</style></head><body>{body}</body></html>"""


@dataclass(frozen=True, slots=True)
class Link:
    """One way on from the first page."""

    name: str
    address: str
    about: str


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the demo shop."""

    who: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Extras:
    """What one process serves beside the API."""

    routes: Sequence[BaseRoute] = ()
    browser_page: BrowserPage | None = None
    """What a browser sees at `/graphql`."""
    links: Sequence[Link] = ()
    logins: Callable[[], Sequence[Login]] = tuple


NO_EXTRAS = Extras()
"""Production."""

OWN_LINKS = (
    Link("Schema", "/schema.graphql", "everything that can be asked, with descriptions"),
    Link("Ready", "/readyz", "the checks above, for machines"),
    Link("Metrics", "/metrics", "counters in Prometheus' form"),
)


def front_page(
    ready: Callable[[Request], Awaitable[Response]], *, extras: Extras, is_production: bool
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that shows the outcome of `ready`; in production that alone."""

    async def show(request: Request) -> Response:
        answer = await ready(request)
        checks: dict[str, bool] = orjson.loads(answer.body)["checks"]
        parts = [_state(checks, is_open=answer.status_code == 200)]
        if not is_production:
            parts += [_links((*extras.links, *OWN_LINKS)), _logins(extras.logins())]
        headers = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
        return HTMLResponse(_PAGE.format(body="".join(parts)), headers=headers)

    return show


def _state(checks: dict[str, bool], *, is_open: bool) -> str:
    rows = "".join(
        f'<li class="{"fine" if passed else "amiss"}">{CHECKS[name][0 if passed else 1]}</li>'
        for name, passed in checks.items()
    )
    headline = "The shop is open." if is_open else "The shop cannot serve requests at the moment."
    return (
        f"<h1>shop-graphql</h1><p>{headline} A marketplace as one GraphQL API, at <code>/graphql</code>.</p>"
        f"<ul>{rows}</ul>"
    )


def _links(links: Sequence[Link]) -> str:
    rows = "".join(
        f'<li><a href="{escape(link.address)}">{escape(link.name)}</a>: {escape(link.about)}</li>' for link in links
    )
    return f"<h2>Where to go</h2><ul>{rows}</ul>"


def _logins(logins: Sequence[Login]) -> str:
    if not logins:
        return ""
    rows = "".join(
        f"<dt>{escape(login.who)}</dt><dd>{escape(login.email)} <code>{escape(login.password)}</code></dd>"
        for login in logins
    )
    return f"<h2>People of the demo shop, with their passwords</h2><dl>{rows}</dl>"
