"""What a development API serves beside GraphQL: the GraphiQL page, its files, access tokens of the demo's people.

The passwords of these people are in the repository, so their tokens are no secret; a page of another origin can ask
for one but not read it.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeAlias

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from shop_graphql.accounts.errors import CredentialsInvalid
from shop_graphql.accounts.flows import sign_in
from shop_graphql.api.context import Services
from shop_graphql.api.front import Extras, Link, Login
from shop_graphql.dev.demo.catalogue import catalogue, people
from shop_graphql.dev.demo.serving import pictures_route
from shop_graphql.dev.demo.shapes import Person
from shop_graphql.dev.graphiql.tabs import version_of, walk_through
from shop_graphql.dev.parts import Offset
from shop_graphql.dev.processes import LOOPBACK
from shop_graphql.platform.settings import Settings

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]

BUILT = Path(__file__).parent / "built"

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self' blob:; connect-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The browser itself refuses whatever would leave this server."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>GraphiQL of shop-graphql</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/graphiql.css"><script type="module" src="/graphiql/graphiql.js"></script>
<script type="application/json" id="walk-through">{walk_through}</script>
</head><body><div id="graphiql">GraphiQL is being loaded; it needs JavaScript.</div></body></html>"""


def development_extras(services: Services, *, checkout: Path) -> Extras:
    """GraphiQL at `/graphql`, the README, and the links and logins that the first page shows."""
    readme = checkout / "README.md"
    routes: list[BaseRoute] = [
        Route("/graphiql/tokens/{who}", _tokens(services), methods=["POST"]),
        Mount("/graphiql", StaticFiles(directory=BUILT)),
        pictures_route(),
    ]
    links = [Link("GraphiQL", "/graphql", "a purchase and the seller's side of it in tabs, ready to run")]
    if _has_own_inbox(services.settings):
        inbox = f"http://{LOOPBACK}:{services.settings.shop_port + Offset.INBOX}/"
        links.append(Link("Inbox", inbox, "every mail and text message that the shop has sent"))
    if readme.is_file():
        routes.append(Route("/README.md", _text_file(readme)))
        links.append(Link("README", "/README.md", "how the project is built, configured and tested"))
    return Extras(routes=routes, browser_page=graphiql_page(checkout), links=links, logins=_logins)


def graphiql_page(checkout: Path) -> Endpoint:
    """The page with the walk-through in it."""
    tabs = walk_through(checkout)
    content = {"endpoint": "/graphql", "version": version_of(tabs), "tabs": tabs}
    # JSON inside of HTML must not be able to end its element.
    text = msgspec.json.encode(content).decode().replace("<", "\\u003c")
    page = _PAGE.format(walk_through=text)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "Accept"}

    async def show(_request: Request) -> Response:
        return HTMLResponse(page, headers=headers)

    return show


def _tokens(services: Services) -> Endpoint:
    async def issue(request: Request) -> Response:
        who = request.path_params["who"]
        person = next((person for person in people() if person.email.partition("@")[0] == who), None)
        if person is None:
            raise HTTPException(404, "Nobody of the demo shop has this name.")
        try:
            signed_in = await sign_in(services, email=person.email, password=person.password)
        except CredentialsInvalid:
            raise HTTPException(404, "This person is not in the database; `shop seed` plants the demo.") from None
        answer = {
            "accessToken": signed_in.access_token,
            "expiresAt": signed_in.access_token_expires_at.isoformat(),
        }
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return issue


def _text_file(path: Path) -> Endpoint:
    async def give(_request: Request) -> Response:
        return FileResponse(path, media_type="text/plain; charset=utf-8")

    return give


def _logins() -> list[Login]:
    shops = {seller.owner: seller.name for seller in catalogue().sellers}
    return [
        Login(f"{person.name}, {_role(person, shops.get(person.email))}", person.email, person.password)
        for person in people()
    ]


def _role(person: Person, shop: str | None) -> str:
    if shop:
        return f"runs {shop}"
    return "works for the marketplace" if person.staff else "buys"


def _has_own_inbox(settings: Settings) -> bool:
    """Whether mail goes to the inbox that a local run starts."""
    return settings.smtp_url.endswith(f"{LOOPBACK}:{settings.shop_port + Offset.SMTP}")
