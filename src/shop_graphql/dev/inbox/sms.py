"""The SMS side: Twilio's Messages API, as far as sending one goes."""

import base64
import re
import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from shop_graphql.dev.inbox.box import Box, Message

REQUIRED = {"To": 21604, "From": 21603, "Body": 21602}
E164 = re.compile(r"\+[1-9][0-9]{6,14}")
INVALID, TAKES_NONE = "+15005550001", "+15005550009"
"""Twilio's own magic numbers."""


def send(box: Box, *, account: str, authorization: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """The message is in the box. Shape: status and JSON body of the answer."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic" or not _belongs_to(account, credentials):
        return _refusal(401, 20003, "Authenticate")
    fields = dict(parse_qsl(body.decode("utf-8", "replace")))
    fields.setdefault("From", fields.get("MessagingServiceSid", ""))
    for name, code in REQUIRED.items():
        if not fields.get(name):
            return _refusal(400, code, f"A '{name}' parameter is required.")
    to = fields["To"]
    if not E164.fullmatch(to) or to == INVALID:
        return _refusal(400, 21211, f"Invalid 'To' Phone Number: {to}")
    if to == TAKES_NONE:
        return _refusal(400, 21614, f"'To' number is not a valid mobile number: {to}")
    if len(fields["Body"]) > 1_600:
        return _refusal(400, 21617, "The concatenated message body exceeds the 1600 character limit")
    now = datetime.now(UTC)
    sid = f"SM{secrets.token_hex(16)}"
    box.add(
        Message(
            id=sid,
            kind="sms",
            sender=fields["From"],
            to=to,
            subject="",
            text=fields["Body"],
            html=None,
            headers={},
            received_at=now.isoformat(),
        )
    )
    return 201, {
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "body": fields["Body"],
        "date_created": format_datetime(now),
        "date_sent": None,
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": fields["From"],
        "num_media": "0",
        "num_segments": "1",
        "status": "queued",
        "to": to,
        "uri": f"/2010-04-01/Accounts/{account}/Messages/{sid}.json",
    }


def _belongs_to(account: str, credentials: str) -> bool:
    try:
        sid, _, token = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return False
    return sid == account and bool(token)


def _refusal(status: int, code: int, message: str) -> tuple[int, dict[str, Any]]:
    return status, {"code": code, "message": message, "more_info": f"errors/{code}", "status": status}
