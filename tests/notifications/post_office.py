"""The inbox on real sockets, and the ways to it that a worker has."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from shop_graphql.dev.inbox import build
from shop_graphql.notifications.channels import SmtpMailer, TwilioSms
from tests.dev.running import TLS, free_port, serving


@dataclass(frozen=True)
class PostOffice:
    """The inbox as its operator sees it."""

    http: httpx.AsyncClient
    smtp_url: str
    sms_url: str

    async def messages(self, kind: str = "mail") -> list[dict[str, Any]]:
        """The oldest first."""
        found = (await self.http.get("/api/messages")).json()
        return [message for message in reversed(found) if message["kind"] == kind]

    async def is_down(self, down: bool) -> None:
        (await self.http.put("/_sim", json={"down": down})).raise_for_status()


@pytest.fixture(scope="session")
def inbox_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    smtp_port = free_port()
    state = tmp_path_factory.mktemp("post") / "inbox.db"
    with serving(build(host="127.0.0.1", smtp_port=smtp_port, state_path=state)) as url:
        yield url, f"smtp://127.0.0.1:{smtp_port}"


@pytest.fixture
async def post(inbox_urls: tuple[str, str]) -> AsyncIterator[PostOffice]:
    url, smtp_url = inbox_urls
    async with httpx.AsyncClient(base_url=url, verify=TLS) as http:
        await http.delete("/api/messages")
        yield PostOffice(http, smtp_url, url.replace("http://", "http://AC1:token@"))
        await http.put("/_sim", json={"down": False})


@pytest.fixture
def mailer(post: PostOffice) -> SmtpMailer:
    return SmtpMailer(post.smtp_url, "Shop <shop@shop.example>", timeout=5)


@pytest.fixture
async def sms(post: PostOffice) -> AsyncIterator[TwilioSms]:
    sender = TwilioSms(post.sms_url, "+4930123456", timeout=5, tls=TLS)
    yield sender
    await sender.close()
