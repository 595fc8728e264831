"""The adapter when nobody answers, or not what Stripe would answer."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.dev.gateway import build
from shop_graphql.payments.gateway import GatewayRefused, GatewayUnavailable
from shop_graphql.payments.stripe import API_VERSION, StripeGateway
from tests.dev.running import TLS, free_port, serving

KEY, SECRET = "sk_test_local", "whsec_local"


async def test_a_wrong_api_key_is_our_mistake(tmp_path: Path) -> None:
    app = build(webhook_url="", webhook_secret=SECRET, api_key=KEY, state_path=tmp_path / "gateway.db")
    with serving(app) as url:
        stranger = StripeGateway(base_url=url, api_key="sk_test_other", webhook_secret=SECRET, tls=TLS)
        with pytest.raises(GatewayRefused):
            await stranger.retrieve("pi_1")
        await stranger.close()


async def test_a_gateway_not_there_is_unavailable() -> None:
    nobody = StripeGateway(base_url=f"http://127.0.0.1:{free_port()}", api_key=KEY, webhook_secret=SECRET, tls=TLS)

    with pytest.raises(GatewayUnavailable):
        await nobody.retrieve("pi_1")
    await nobody.close()


@pytest.mark.parametrize(
    ("status", "body"), [(503, b"<html>"), (429, b'{"error": {"type": "x"}}'), (200, b"<html>"), (500, b"")]
)
async def test_answers_that_say_nothing_leave_it_open(status: int, body: bytes) -> None:
    asked: list[httpx.Headers] = []

    async def garbage(request: Request) -> Response:
        asked.append(httpx.Headers(request.headers.raw))
        return Response(body, status)

    with serving(Starlette(routes=[Route("/{path:path}", garbage, methods=["GET", "POST"])])) as url:
        gateway = StripeGateway(base_url=url, api_key=KEY, webhook_secret=SECRET, tls=TLS)
        with pytest.raises(GatewayUnavailable):
            await gateway.cancel("pi_1", idempotency_key="garbage")
        await gateway.close()

    assert len(asked) == 1
    assert asked[0]["stripe-version"] == API_VERSION


async def test_a_dripping_answer_ends_in_time() -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        end = asyncio.create_task(reader.read())
        while not end.done():
            writer.write(b" ")
            await asyncio.wait([end], timeout=0.05)
        writer.close()
        hung_up.set()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    gateway = StripeGateway(base_url=url, api_key=KEY, webhook_secret=SECRET, timeout=0.3, tls=TLS)
    started = time.monotonic()

    with pytest.raises(GatewayUnavailable, match="no answer in"):
        await gateway.retrieve("pi_1")

    assert time.monotonic() - started < 2
    await gateway.close()
    await hung_up.wait()
    server.close()
