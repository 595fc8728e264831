"""The demo's pictures over HTTP, in development only: drawn on demand, kept by browsers."""

from functools import lru_cache
from hashlib import sha256

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.dev.demo.catalogue import pictures
from shop_graphql.dev.demo.pictures.drawing import draw

DAY = 86_400
HEADERS = {
    "Cache-Control": f"public, max-age={30 * DAY}",
    # An SVG that is opened by itself is a document: this one may do nothing but be looked at.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "X-Content-Type-Options": "nosniff",
}


def pictures_route() -> Route:
    """`/media/demo/<name>.svg`, where the catalogue's media say that the pictures are."""
    return Route("/media/demo/{name}.svg", _give, methods=["GET"])


async def _give(request: Request) -> Response:
    found = _drawn(request.path_params["name"])
    if found is None:
        raise HTTPException(404, "No picture has this name.")
    content, tag = found
    headers = {**HEADERS, "ETag": tag}
    if tag in {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="image/svg+xml", headers=headers)


@lru_cache(maxsize=512)
def _drawn(name: str) -> tuple[bytes, str] | None:
    picture = pictures().get(name)
    if picture is None:
        return None
    content = draw(picture).encode()
    return content, f'"{sha256(content).hexdigest()[:20]}"'
