"""Access tokens: signed statements that a session exists. They grant nothing without the session's row."""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from jwt.utils import base64url_encode

from shop_graphql.platform.errors import Unauthenticated
from shop_graphql.platform.settings import ConfigurationError

LIFETIME = timedelta(minutes=30)
ALGORITHM = "EdDSA"
TYPE = "at+jwt"
"""Keeps other tokens that the same key may sign from being taken for access tokens. Source: RFC 9068, 2.1."""
AUDIENCE = "shop-graphql"
TOKEN_LENGTH_MAX = 2_048
"""Characters; ours have about 450. Longer ones are refused unread."""
REFUSED = "The access token is not valid or has expired. Sign in again."


class Claims(NamedTuple):
    """What a token that was accepted says."""

    user_id: UUID
    session_id: UUID


class _Payload(msgspec.Struct):
    iss: str
    aud: str
    sub: UUID
    sid: UUID
    jti: str
    iat: int
    exp: int


class AccessTokens:
    """Issues and reads the tokens of one issuer with one Ed25519 key."""

    def __init__(
        self, signing_key_pem: str, issuer: str, random_bytes: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._private_key = _private_key(signing_key_pem)
        self._public_key = self._private_key.public_key()
        self._key_id = thumbprint(self._public_key.public_bytes(Encoding.Raw, PublicFormat.Raw))
        self._issuer = issuer
        self._random_bytes = random_bytes

    def issue(self, user_id: UUID, session_id: UUID, now: datetime) -> tuple[str, datetime]:
        """A token for one session and the instant, in whole seconds, from which it is refused."""
        expires_at = (now + LIFETIME).replace(microsecond=0)
        payload = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": str(user_id),
            "sid": str(session_id),
            "jti": self._random_bytes(16).hex(),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        headers = {"typ": TYPE, "kid": self._key_id}
        return jwt.encode(payload, self._private_key, algorithm=ALGORITHM, headers=headers), expires_at

    def read(self, token: str, now: datetime) -> Claims:
        """What `token` says, once its signature, type, issuer, audience and age are known to be right.

        Raises: Unauthenticated, with one text for every fault.
        Source: RFC 8725 (one algorithm, explicit type, required claims).
        """
        if len(token) > TOKEN_LENGTH_MAX:
            raise Unauthenticated(REFUSED)
        try:
            signed = jwt.decode_complete(
                token,
                self._public_key,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self._issuer,
                # Age is judged below by the clock that was passed in; PyJWT would read the machine's.
                options={
                    "require": list(_Payload.__struct_fields__),
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            payload = msgspec.convert(signed["payload"], _Payload)
        # PyJWT lets a ValueError through for text that is not even UTF-8.
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError):
            raise Unauthenticated(REFUSED) from None
        header = signed["header"]
        if header.get("typ") != TYPE or header.get("kid") != self._key_id or not _is_current(payload, now):
            raise Unauthenticated(REFUSED)
        return Claims(user_id=payload.sub, session_id=payload.sid)


def _is_current(payload: _Payload, now: datetime) -> bool:
    # `iat` is not held against `now`: another server's clock may be a moment ahead of this one's.
    return now.timestamp() < payload.exp <= payload.iat + LIFETIME.total_seconds()


def thumbprint(public_key: bytes) -> str:
    """The key's name, from the key itself. Source: RFC 7638, with the members of RFC 8037."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": base64url_encode(public_key).decode()}
    digest = hashlib.sha256(msgspec.json.encode(members, order="sorted")).digest()
    return base64url_encode(digest).decode()


def _private_key(pem: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(["The signing key is not an Ed25519 private key in PEM form."])
    return key
