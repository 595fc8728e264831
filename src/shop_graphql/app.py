"""Builds the application: services from settings, routes, start and end."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

from shop_graphql.accounts.passwords import PasswordHasher
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.api.context import Context, Services
from shop_graphql.api.front import NO_EXTRAS, Extras, front_page
from shop_graphql.api.health import livez, metrics, readyz
from shop_graphql.api.http import GraphQLEndpoint
from shop_graphql.api.identity import actor_of
from shop_graphql.api.live import LiveFeed
from shop_graphql.api.middleware import RequestMiddleware, http_error
from shop_graphql.api.schema import schema
from shop_graphql.api.sockets import MESSAGE_BYTES_MAX, SocketEndpoint, Terms
from shop_graphql.api.webhooks import stripe_webhook
from shop_graphql.payments.stripe import StripeGateway
from shop_graphql.platform.cache import Cache, connect
from shop_graphql.platform.clock import Clock, SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.platform.settings import Settings


@asynccontextmanager
async def services_of(
    settings: Settings, *, db: Database | None = None, clock: Clock | None = None
) -> AsyncIterator[Services]:
    """What one process holds for all requests; given back when the block ends.

    A database that the caller brings stays open.
    """
    database = db or Database(settings.database_url, ids=TimeOrderedIds(), pool_size=settings.shop_database_pool)
    redis = connect(settings.redis_url)
    gateway = StripeGateway(
        api_key=settings.stripe_api_key,
        webhook_secret=settings.stripe_webhook_secret,
        base_url=settings.stripe_api_url,
    )
    passwords = PasswordHasher()
    live = LiveFeed(database.reader, clock or SystemClock())
    try:
        yield Services(
            settings=settings,
            db=database,
            cache=Cache(redis),
            clock=clock or SystemClock(),
            gateway=gateway,
            passwords=passwords,
            tokens=AccessTokens(settings.signing_key, issuer=settings.shop_public_url),
            live=live,
        )
    finally:
        await live.close()
        passwords.close()
        await gateway.close()
        await redis.aclose()
        if db is None:
            await database.close()


def build_app(services: Services, *, extras: Extras = NO_EXTRAS) -> Starlette:
    """The application over services that are already there; what tests and `serve` share."""
    settings = services.settings

    async def context_of(headers: Headers, client_ip: str, request_id: str) -> Context:
        actor = await actor_of(headers, tokens=services.tokens, db=services.db, clock=services.clock)
        return Context(services, actor=actor, request_id=request_id, client_ip=client_ip)

    async def make_context(request: Request, request_id: str) -> Context:
        return await context_of(request.headers, request.client.host if request.client else "", request_id)

    async def sdl(_request: Request) -> PlainTextResponse:
        return PlainTextResponse(schema.as_str())

    graphql = GraphQLEndpoint(schema, settings=settings, make_context=make_context, browser_page=extras.browser_page)
    sockets = SocketEndpoint(Terms(graphql.schema, context_of), settings=settings)
    ready = readyz(services.db, services.cache, services.clock)
    return Starlette(
        routes=[
            Route("/graphql", graphql),
            WebSocketRoute("/graphql", sockets),
            Route("/schema.graphql", sdl),
            Route("/webhooks/stripe", stripe_webhook(services), methods=["POST"]),
            Route("/livez", livez),
            Route("/readyz", ready),
            Route("/metrics", metrics(services.db, services.clock)),
            Route("/", front_page(ready, extras=extras, is_production=settings.is_production)),
            *extras.routes,
        ],
        middleware=[Middleware(RequestMiddleware)],
        exception_handlers={HTTPException: http_error},
    )


class Server(uvicorn.Server):
    """Ends open streams before it waits for requests to finish: they would never."""

    def __init__(self, services: Services, extras: Extras) -> None:
        settings = services.settings
        config = uvicorn.Config(
            build_app(services, extras=extras),
            host=settings.shop_host,
            port=settings.shop_port,
            http="httptools",
            ws="websockets-sansio",
            ws_max_size=MESSAGE_BYTES_MAX,
            # Compression keeps a window for each of ten thousand sockets, and its input holds secrets.
            ws_per_message_deflate=False,
            lifespan="off",
            access_log=False,
            log_level="warning",
            server_header=False,
            forwarded_allow_ips=settings.shop_proxies,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=10,
            backlog=4096,
        )
        super().__init__(config)
        self._live = services.live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._live.close()
        await super().shutdown(sockets)


async def serve(settings: Settings, *, extras: Callable[[Services], Extras] = lambda _services: NO_EXTRAS) -> None:
    """The API answers on the settings' host and port until it is told to stop, then finishes what runs."""
    async with services_of(settings) as services:
        await Server(services, extras(services)).serve()
