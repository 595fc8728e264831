"""The inbox over its real sockets: mail in, text messages in, pages and JSON out."""

import re
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import httpx
import pytest

from shop_graphql.dev.inbox import box, build
from tests.dev.running import TLS, free_port, serving

SMS = "/2010-04-01/Accounts/AC1/Messages.json"
AUTH = ("AC1", "token")


class Inbox:
    """The running inbox as a test sees it."""

    def __init__(self, smtp_port: int, http: httpx.AsyncClient) -> None:
        self.smtp_port = smtp_port
        self.http = http

    async def mail(self, subject: str, *, to: str = "ann@shop.example", html: str | None = None) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "Shop <shop@shop.example>", to, subject
        message.set_content(f"Text of {subject}: Grüße https://shop.example/verify?a=1&b=2")
        if html is not None:
            message.add_alternative(html, subtype="html")
        await self.deliver(message)
        return message

    async def deliver(self, message: EmailMessage) -> None:
        await aiosmtplib.send(
            message, hostname="127.0.0.1", port=self.smtp_port, username="user", password="any", start_tls=False
        )

    async def text(self, **fields: str) -> httpx.Response:
        data = {"To": "+4915112345678", "From": "Shop", "Body": "Your code is 1"} | fields
        return await self.http.post(SMS, data={name: value for name, value in data.items() if value}, auth=AUTH)

    async def messages(self, **query: str) -> list[dict[str, object]]:
        return list((await self.http.get("/api/messages", params=query)).json())


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    smtp_port = free_port()
    state = tmp_path_factory.mktemp("inbox") / "inbox.db"
    with serving(build(host="127.0.0.1", smtp_port=smtp_port, state_path=state)) as url:
        yield url, smtp_port


@pytest.fixture
async def inbox(running: tuple[str, int]) -> AsyncIterator[Inbox]:
    async with httpx.AsyncClient(base_url=running[0], verify=TLS) as http:
        await http.delete("/api/messages")
        yield Inbox(running[1], http)
        await http.put("/_sim", json={"down": False})


async def test_mail_is_kept_with_both_its_forms(inbox: Inbox) -> None:
    await inbox.mail("Größe", html="<p>Hällo</p>")

    [mail] = await inbox.messages()

    assert (mail["kind"], mail["from"], mail["to"]) == ("mail", "shop@shop.example", "ann@shop.example")
    assert mail["subject"] == "Größe"
    assert "Grüße" in str(mail["text"])
    assert "<p>Hällo</p>" in str(mail["html"])
    assert mail["headers"]["From"] == "Shop <shop@shop.example>"  # type: ignore[index]


async def test_messages_come_newest_first(inbox: Inbox) -> None:
    await inbox.mail("first")
    await inbox.text()
    await inbox.mail("third", to="Bob@shop.example")

    assert [message["kind"] for message in await inbox.messages()] == ["mail", "sms", "mail"]
    assert [message["subject"] for message in await inbox.messages(limit="1")] == ["third"]
    assert [message["subject"] for message in await inbox.messages(to="bob@shop.example")] == ["third"]


async def test_mail_in_a_broken_charset_is_shown(inbox: Inbox) -> None:
    message = EmailMessage()
    message["From"], message["To"] = "a@shop.example", "b@shop.example"
    message.set_payload("caf\u00e9".encode("latin-1"))
    message["Content-Type"] = "text/plain; charset=x-unheard-of"
    raw = message.as_bytes()

    await aiosmtplib.send(
        raw, sender="a@shop.example", recipients=["b@shop.example"], hostname="127.0.0.1", port=inbox.smtp_port
    )

    [mail] = await inbox.messages()
    assert str(mail["text"]).startswith("caf")


async def test_pages_escape_what_strangers_send(inbox: Inbox) -> None:
    await inbox.mail("<script>alert(1)</script>", html='<img src="x" onerror="alert(2)"><script>alert(3)</script>')

    overview = await inbox.http.get("/")
    [link] = re.findall(r'href="(/messages/[^"]+)"', overview.text)
    page = await inbox.http.get(link)

    assert '<meta http-equiv="refresh" content="2">' in overview.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for shown in (overview.text, page.text):
        assert "<script" not in shown
        assert "<img" not in shown
        assert "&lt;script&gt;alert(1)" in shown
    assert '<iframe sandbox="allow-popups"' in page.text
    assert '<a href="https://shop.example/verify?a=1&amp;b=2"' in page.text


async def test_page_of_an_unknown_message_is_404(inbox: Inbox) -> None:
    assert (await inbox.http.get("/messages/nothing")).status_code == 404


async def test_text_message_is_queued_as_twilio_says(inbox: Inbox) -> None:
    answer = await inbox.text(Body="Größe <b>")

    [message] = await inbox.messages()
    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    assert (message["id"], message["kind"], message["text"]) == (answer.json()["sid"], "sms", "Größe <b>")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"To": "12345"}, 21211),
        ({"To": "+15005550001"}, 21211),
        ({"To": "+15005550009"}, 21614),
        ({"Body": "x" * 1601}, 21617),
    ],
)
async def test_text_message_refusals_have_twilios_codes(inbox: Inbox, fields: dict[str, str], code: int) -> None:
    answer = await inbox.text(**fields)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (400, code, 400)
    assert await inbox.messages() == []


@pytest.mark.parametrize("auth", [None, ("AC2", "token"), ("AC1", "")])
async def test_text_message_needs_the_accounts_name(inbox: Inbox, auth: tuple[str, str] | None) -> None:
    fields = {"To": "+4915112345678", "From": "S", "Body": "B"}
    answer = await inbox.http.post(SMS, data=fields, auth=httpx.BasicAuth(*auth) if auth else httpx.Auth())

    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_inbox_that_is_down_takes_nothing(inbox: Inbox) -> None:
    await inbox.http.put("/_sim", json={"down": True})

    with pytest.raises(aiosmtplib.SMTPResponseException) as refusal:
        await inbox.mail("lost")
    answer = await inbox.text()
    health = await inbox.http.get("/health")

    assert refusal.value.code == 451
    assert answer.status_code == 503
    assert health.json() == {"status": "ok", "down": True}
    assert await inbox.messages() == []


async def test_control_takes_only_what_it_knows(inbox: Inbox) -> None:
    assert (await inbox.http.put("/_sim", json={"down": "yes"})).status_code == 400


def test_only_the_newest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(box, "KEPT", 3)
    kept = box.Box(tmp_path / "inbox.db")
    for n in range(5):
        kept.add(
            box.Message(
                id=str(n), kind="sms", sender="s", to="t", subject="", text="", html=None, headers={}, received_at=""
            )
        )
    kept.close()

    reopened = box.Box(tmp_path / "inbox.db")

    assert [message.id for message in reopened.newest()] == ["4", "3", "2"]
    reopened.close()
