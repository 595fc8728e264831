"""Access tokens as the raw routes read them: the signature and the age, by the shortest way.

Never for the shop itself, whose `accounts.tokens` checks much more.
"""

import base64
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key


class _Payload(msgspec.Struct):
    sub: UUID
    sid: UUID
    exp: int


PAYLOAD = msgspec.json.Decoder(_Payload)


class Passes:
    """Reads what the shop has signed with one key."""

    def __init__(self, signing_key_pem: str) -> None:
        key = load_pem_private_key(signing_key_pem.encode(), password=None)
        assert isinstance(key, Ed25519PrivateKey), "the bench makes no other"
        self._key = key.public_key()

    def read(self, authorization: str, now: datetime) -> tuple[UUID, UUID]:
        """The session and its user.

        Raises: InvalidSignature; ValueError for a token that is too old.
        """
        signed, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
        self._key.verify(_decoded(signature), signed.encode())
        payload = PAYLOAD.decode(_decoded(signed.rpartition(".")[2]))
        if payload.exp <= now.timestamp():
            raise ValueError("The token has expired.")
        return payload.sid, payload.sub


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
