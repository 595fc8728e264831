"""The SMTP side: takes mail for anybody from anybody, unless a test asked for less."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from shop_graphql.dev.inbox.box import Box, Message

DOWN = "451 4.3.0 The inbox is down"


class Postman:
    """aiosmtpd's handler: one for the whole process."""

    def __init__(self, box: Box, is_down: Callable[[], bool]) -> None:
        self._box = box
        self._is_down = is_down

    def protocol(self) -> SMTP:
        """What serves one connection; any name and password will do."""
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            hostname="inbox.localhost",
            ident="inbox",
            auth_require_tls=False,
            authenticator=_welcome,
        )

    async def handle_MAIL(  # noqa: N802  # aiosmtpd names its hooks after the commands
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._is_down():
            return DOWN
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        domain = address.rpartition("@")[2].lower()
        if domain == "bounce.example":
            return "550 5.1.1 No such user here"
        if domain == "busy.example":
            return "451 4.7.1 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self._is_down():
            return DOWN
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        mail = message_from_bytes(raw, policy=policy.default)
        self._box.add(
            Message(
                id=secrets.token_hex(8),
                kind="mail",
                sender=envelope.mail_from or "",
                to=", ".join(envelope.rcpt_tos),
                subject=str(mail.get("Subject", "")),
                text=_part(mail, "plain") or "",
                html=_part(mail, "html"),
                headers={name: str(value) for name, value in mail.items()},
                received_at=datetime.now(UTC).isoformat(),
            )
        )
        return "250 OK"


def _welcome(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: LoginPassword
) -> AuthResult:
    return AuthResult(success=True)


def _part(mail: EmailMessage, kind: str) -> str | None:
    """The mail's body of that kind; what cannot be read in its own charset is shown as far as it can be."""
    part = mail.get_body(preferencelist=(kind,))
    if part is None:
        return None
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return None
    try:
        return payload.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")
