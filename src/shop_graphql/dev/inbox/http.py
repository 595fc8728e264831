"""The inbox's addresses, and its life: the SMTP server lives in the web server's loop and ends with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from shop_graphql.dev.inbox import pages, sms
from shop_graphql.dev.inbox.box import KEPT, Box
from shop_graphql.dev.inbox.post import Postman


class Control(msgspec.Struct):
    """What a test may ask for."""

    down: bool


class Inbox:
    """One inbox with its box. `down` is this process's: a restart begins without."""

    def __init__(self, box: Box, *, host: str, smtp_port: int) -> None:
        self.box = box
        self.down = False
        self._host = host
        self._smtp_port = smtp_port

    def app(self) -> Starlette:
        routes = [
            Route("/", self.overview, methods=["GET"]),
            Route("/messages/{id}", self.one, methods=["GET"]),
            Route("/api/messages", self.messages, methods=["GET", "DELETE"]),
            Route("/2010-04-01/Accounts/{sid}/Messages.json", self.send_sms, methods=["POST"]),
            Route("/_sim", self.control, methods=["GET", "PUT"]),
            Route("/health", self.health, methods=["GET"]),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    async def overview(self, request: Request) -> Response:
        return pages.overview(self.box.newest(limit=200))

    async def one(self, request: Request) -> Response:
        message = self.box.get(request.path_params["id"])
        return pages.one(message) if message else PlainTextResponse("No such message.", 404)

    async def messages(self, request: Request) -> Response:
        """Newest first; `to` narrows to one recipient, `limit` to that many."""
        if request.method == "DELETE":
            self.box.clear()
            return Response(status_code=204)
        limit = request.query_params.get("limit", "")
        found = self.box.newest(to=request.query_params.get("to"), limit=int(limit) if limit.isdecimal() else KEPT)
        return Response(msgspec.json.encode(found), media_type="application/json")

    async def send_sms(self, request: Request) -> Response:
        if self.down:
            return JSONResponse({"code": 20503, "message": "The inbox is down", "status": 503}, 503)
        authorization = request.headers.get("authorization", "")
        body = await request.body()
        status, answer = sms.send(self.box, account=request.path_params["sid"], authorization=authorization, body=body)
        return JSONResponse(answer, status)

    async def control(self, request: Request) -> Response:
        if request.method == "PUT":
            try:
                self.down = msgspec.json.decode(await request.body(), type=Control).down
            except msgspec.DecodeError as error:
                return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"down": self.down})

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok", "down": self.down})

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        postman = Postman(self.box, lambda: self.down)
        smtp = await asyncio.get_running_loop().create_server(postman.protocol, self._host, self._smtp_port)
        yield
        smtp.close()
        self.box.close()


def build(*, host: str, smtp_port: int, state_path: Path) -> Starlette:
    """The inbox as an application; it listens for mail while it runs."""
    return Inbox(Box(state_path), host=host, smtp_port=smtp_port).app()
