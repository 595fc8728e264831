"""Mail and text messages through the real protocols, against the inbox."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shop_graphql.dev.inbox import build
from shop_graphql.notifications.channels import (
    ChannelUnavailable,
    Mail,
    RecipientRefused,
    SmtpMailer,
    TwilioSms,
)
from tests.dev.running import TLS, free_port, serving

MAIL = Mail(
    to="ann@shop.example",
    subject="Größe 40 ist da",
    text="Grüße\n.\nEnde",
    html="<p>Grüße</p>",
    message_id="<order-7@shop.example>",
    sent_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    smtp_port = free_port()
    state = tmp_path_factory.mktemp("inbox") / "inbox.db"
    with serving(build(host="127.0.0.1", smtp_port=smtp_port, state_path=state)) as url:
        yield url, smtp_port


@pytest.fixture
async def inbox(running: tuple[str, int]) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=running[0], verify=TLS) as http:
        await http.delete("/api/messages")
        yield http
        await http.put("/_sim", json={"down": False})


@pytest.fixture
def mailer(running: tuple[str, int]) -> SmtpMailer:
    return SmtpMailer(f"smtp://shop:p%40ss@127.0.0.1:{running[1]}", "Shop <shop@shop.example>", timeout=5)


@pytest.fixture
async def sms(running: tuple[str, int]) -> AsyncIterator[TwilioSms]:
    sender = TwilioSms(running[0].replace("http://", "http://AC1:to%2Fken@"), "+4930123456", timeout=5, tls=TLS)
    yield sender
    await sender.close()


async def test_mail_arrives_as_it_was_written(inbox: httpx.AsyncClient, mailer: SmtpMailer) -> None:
    await mailer.send(MAIL)

    [mail] = (await inbox.get("/api/messages")).json()
    assert (mail["from"], mail["to"], mail["subject"]) == ("shop@shop.example", "ann@shop.example", MAIL.subject)
    assert mail["text"].splitlines() == ["Grüße", ".", "Ende"]
    assert mail["html"].strip() == MAIL.html
    assert mail["headers"]["Message-ID"] == "<order-7@shop.example>"
    assert mail["headers"]["Date"] == "Sun, 01 Mar 2026 12:00:00 +0000"


async def test_mail_sent_twice_has_one_message_id(inbox: httpx.AsyncClient, mailer: SmtpMailer) -> None:
    for _ in range(2):
        await mailer.send(Mail(to="ann@shop.example", subject="s", text="t", message_id="<k@shop.example>"))

    mails = (await inbox.get("/api/messages")).json()
    assert [mail["headers"]["Message-ID"] for mail in mails] == ["<k@shop.example>"] * 2
    assert [mail["html"] for mail in mails] == [None, None]


async def test_subject_cannot_add_headers(inbox: httpx.AsyncClient, mailer: SmtpMailer) -> None:
    await mailer.send(Mail(to="ann@shop.example", subject="a\r\nBcc: eve@x.example", text="", message_id="<a@b>"))

    [mail] = (await inbox.get("/api/messages")).json()
    assert mail["subject"] == "a Bcc: eve@x.example"
    assert "Bcc" not in mail["headers"]


@pytest.mark.parametrize(
    "to",
    [
        "bob@bounce.example",
        "",
        "nobody",
        "two@a.example, more@b.example",
        "Ann <ann@a.example>",
        "ann@a.example\r\nBcc: eve@x.example",
    ],
)
async def test_mail_to_nobody_is_refused_for_good(inbox: httpx.AsyncClient, mailer: SmtpMailer, to: str) -> None:
    with pytest.raises(RecipientRefused):
        await mailer.send(Mail(to=to, subject="s", text="t", message_id="<a@b>"))

    assert (await inbox.get("/api/messages")).json() == []


async def test_mail_refused_for_now_is_tried_again(inbox: httpx.AsyncClient, mailer: SmtpMailer) -> None:
    with pytest.raises(ChannelUnavailable):
        await mailer.send(Mail(to="bob@busy.example", subject="s", text="t", message_id="<a@b>"))
    await inbox.put("/_sim", json={"down": True})
    with pytest.raises(ChannelUnavailable):
        await mailer.send(MAIL)


async def test_mail_without_a_server_is_tried_again() -> None:
    with pytest.raises(ChannelUnavailable):
        await SmtpMailer(f"smtp://127.0.0.1:{free_port()}", "shop@shop.example").send(MAIL)


async def test_mail_to_a_mute_server_ends_in_time() -> None:
    hung_up = asyncio.Event()

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        hung_up.set()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    with pytest.raises(ChannelUnavailable):
        await asyncio.wait_for(SmtpMailer(f"smtp://127.0.0.1:{port}", "a@b.example", timeout=0.2).send(MAIL), 3)
    await hung_up.wait()
    server.close()


async def test_password_never_leaves_in_the_clear(mailer: SmtpMailer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shop_graphql.notifications.channels._is_here", lambda host: False)
    port = mailer._port

    with pytest.raises(ChannelUnavailable, match="STARTTLS"):
        await SmtpMailer(f"smtp://shop:pass@127.0.0.1:{port}", "shop@shop.example").send(MAIL)


async def test_text_message_arrives_and_has_an_id(inbox: httpx.AsyncClient, sms: TwilioSms) -> None:
    id = await sms.send("+4915112345678", "Ihr Code: 1 € & mehr")

    [message] = (await inbox.get("/api/messages")).json()
    assert (message["id"], message["kind"], message["from"]) == (id, "sms", "+4930123456")
    assert (message["to"], message["text"]) == ("+4915112345678", "Ihr Code: 1 € & mehr")


@pytest.mark.parametrize("to", ["+15005550001", "+15005550009", "nonsense"])
async def test_text_message_to_nobody_is_refused_for_good(inbox: httpx.AsyncClient, sms: TwilioSms, to: str) -> None:
    with pytest.raises(RecipientRefused):
        await sms.send(to, "text")


async def test_text_message_is_tried_again_after_an_outage(inbox: httpx.AsyncClient, sms: TwilioSms) -> None:
    await inbox.put("/_sim", json={"down": True})
    with pytest.raises(ChannelUnavailable):
        await sms.send("+4915112345678", "text")
    await inbox.put("/_sim", json={"down": False})

    assert await sms.send("+4915112345678", "text")


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html>"), (201, b"{}"), (401, b'{"code": 20003}'), (400, b'{"code": 21603}'), (429, b'{"code": 20429}')],
)
async def test_answers_not_about_the_recipient_are_tried_again(status: int, body: bytes) -> None:
    async def answer(request: Request) -> Response:
        return Response(body, status)

    with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])) as url:
        sms = TwilioSms(url.replace("http://", "http://AC1:token@"), "MG1", tls=TLS)
        with pytest.raises(ChannelUnavailable):
            await sms.send("+4915112345678", "text")
        await sms.close()


async def test_text_message_without_a_server_is_tried_again() -> None:
    sms = TwilioSms(f"http://AC1:token@127.0.0.1:{free_port()}", "Shop")

    with pytest.raises(ChannelUnavailable):
        await sms.send("+4915112345678", "text")
    await sms.close()
