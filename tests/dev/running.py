"""Runs an application on a free port of this machine, in a thread with a loop of its own."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TLS = ssl.create_default_context()
"""Made once: httpx would make one, slowly, for every client."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class QuickServer(uvicorn.Server):
    """Notices within 10 ms that it is to stop: there are many, and each lives for one test."""

    async def main_loop(self) -> None:
        while not self.should_exit:  # noqa: ASYNC110  # the flag is uvicorn's
            await asyncio.sleep(0.01)


@contextmanager
def serving(app: Starlette) -> Iterator[str]:
    """The base address of `app`, which answers until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = QuickServer(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server took too long to start"
        time.sleep(0.005)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)
    listener.close()


class Receiver:
    """A webhook's other end: notes what comes and answers as told, 200 once nothing is told any more."""

    def __init__(self, *statuses: int) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.statuses = list(statuses)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/hook", self.take, methods=["POST"])])

    async def take(self, request: Request) -> Response:
        self.got.append((await request.body(), request.headers["stripe-signature"]))
        return Response(status_code=self.statuses.pop(0) if self.statuses else 200)
