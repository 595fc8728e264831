"""The API as a process: alone in production, with GraphiQL and the demo's people in development."""

from functools import partial

from shop_graphql.app import serve
from shop_graphql.cli.environment import ROOT
from shop_graphql.platform.settings import Settings


async def serve_api(settings: Settings) -> None:
    """Requests are answered until the process is told to stop."""
    if settings.is_production:
        await serve(settings)
        return
    from shop_graphql.dev.graphiql.pages import development_extras

    await serve(settings, extras=partial(development_extras, checkout=ROOT))
