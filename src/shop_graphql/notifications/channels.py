"""The ports through which a message leaves the shop, and their adapters: mail by SMTP, text messages as Twilio has it.

Owns the wire and nothing else: what is said to whom, and whether it was said already, is decided above. A channel sends
once per call and never tries again by itself. Both may send twice when an answer is lost: mail carries a `Message-ID`
given by the caller, by which receivers know a twin; for text messages there is no such thing.
"""

import asyncio
import ipaddress
import ssl
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib
import httpx
import msgspec

TIMEOUT_SECONDS = 10.0
"""For sending one message, the connection included."""

TWILIO_RECIPIENT_CODES = frozenset({21211, 21214, 21217, 21265, 21401, 21407, 21421, 21610, 21612, 21614})
"""Numbers that do not exist, cannot be reached or asked not to be. Source: twilio.com/docs/api/errors."""


class ChannelUnavailable(Exception):
    """The message may or may not have left: try again later."""


class RecipientRefused(Exception):
    """This recipient will not get this message, however often it is tried."""


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """One mail to one person.

    Shape: `message_id` is the same at every try of the same message, e.g. `<key@shop.example>`; without `sent_at` the
    first server on the way adds the date.
    """

    to: str
    subject: str
    text: str
    message_id: str
    html: str | None = None
    sent_at: datetime | None = None


class Mailer(Protocol):
    """Takes mail away. Raises ChannelUnavailable, RecipientRefused."""

    async def send(self, mail: Mail) -> None:
        """The next server has taken responsibility for the mail."""
        ...


class SmsSender(Protocol):
    """Takes text messages away. Raises ChannelUnavailable, RecipientRefused."""

    async def send(self, to: str, text: str) -> str:
        """The provider has queued the message and calls it by this id. Shape: `to` in E.164."""
        ...


class SmtpMailer:
    """Mail by `smtp://user:password@host:port` (TLS where the server offers it) or `smtps://` (TLS from the start).

    A password goes over an open connection to this very machine only.
    """

    def __init__(self, url: str, sender: str, *, timeout: float = TIMEOUT_SECONDS) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._use_tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._use_tls else 25)
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._start_tls = False if self._use_tls else True if self._username and not _is_here(self._host) else None
        self._sender = sender
        self._timeout = timeout

    async def send(self, mail: Mail) -> None:
        message = _composed(mail, self._sender)
        try:
            async with asyncio.timeout(self._timeout):
                await aiosmtplib.send(
                    message,
                    recipients=[mail.to],
                    hostname=self._host,
                    port=self._port,
                    username=self._username,
                    password=self._password,
                    use_tls=self._use_tls,
                    start_tls=self._start_tls,
                    timeout=self._timeout,
                )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refusal(error.recipients[0].code, error.recipients[0].message) from error
        except aiosmtplib.SMTPDataError as error:
            raise _refusal(error.code, error.message) from error
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            raise ChannelUnavailable(f"{type(error).__name__}: {error}") from error


class TwilioSms:
    """Text messages through the Messages API at `https://sid:token@host`; `close` it at the end.

    `sender` is a number, a name, or the id of a messaging service (`MG...`); `tls` is whom to trust, if not all.
    """

    def __init__(
        self, url: str, sender: str, *, timeout: float = TIMEOUT_SECONDS, tls: ssl.SSLContext | None = None
    ) -> None:
        parts = urlsplit(url)
        account, token = unquote(parts.username or ""), unquote(parts.password or "")
        address = parts.netloc.rpartition("@")[2]
        self._path = f"/2010-04-01/Accounts/{account}/Messages.json"
        self._sender = {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}
        self._timeout = timeout
        self._client = httpx.AsyncClient(
            base_url=f"{parts.scheme}://{address}",
            auth=(account, token),
            timeout=timeout,
            trust_env=False,
            verify=tls or True,
        )

    async def close(self) -> None:
        """Give every connection back."""
        await self._client.aclose()

    async def send(self, to: str, text: str) -> str:
        try:
            async with asyncio.timeout(self._timeout):
                response = await self._client.post(self._path, data={"To": to, "Body": text, **self._sender})
        except (httpx.HTTPError, TimeoutError) as error:
            raise ChannelUnavailable(f"{type(error).__name__}: {error}") from error
        try:
            answer = msgspec.json.decode(response.content, type=_TwilioAnswer)
        except msgspec.DecodeError as error:
            raise ChannelUnavailable(f"{response.status_code}: not Twilio's JSON") from error
        if response.is_success and answer.sid:
            return answer.sid
        if response.status_code == 400 and answer.code in TWILIO_RECIPIENT_CODES:
            raise RecipientRefused(f"{answer.code}: {answer.message}")
        # A wrong token or sender is ours to mend: the message waits until it is.
        raise ChannelUnavailable(f"{response.status_code} {answer.code}: {answer.message}")


class _TwilioAnswer(msgspec.Struct):
    sid: str | None = None
    code: int | None = None
    message: str | None = None


def _composed(mail: Mail, sender: str) -> EmailMessage:
    """Both forms of the text, in UTF-8. An address that is none, or several, is refused here."""
    message = EmailMessage(policy=SMTP_POLICY)
    try:
        message["To"] = mail.to
        if [address.addr_spec for address in message["To"].addresses if address.domain] != [mail.to]:
            raise RecipientRefused("not one address")
    except (ValueError, IndexError, MessageError) as error:
        raise RecipientRefused(f"not an address: {error}") from error
    message["From"] = sender
    message["Subject"] = " ".join(mail.subject.splitlines())
    message["Message-ID"] = mail.message_id
    if mail.sent_at:
        message["Date"] = mail.sent_at
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
    return message


def _refusal(code: int, message: str) -> Exception:
    kind = RecipientRefused if code >= 500 else ChannelUnavailable
    return kind(f"{code}: {message}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
