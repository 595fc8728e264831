"""Access tokens, and everything that pretends to be one."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from shop_graphql.accounts.tokens import AUDIENCE, TOKEN_LENGTH_MAX, TYPE, AccessTokens, Claims, thumbprint
from shop_graphql.platform.errors import Unauthenticated
from shop_graphql.platform.settings import ConfigurationError
from tests.clock import NOON

ISSUER = "https://shop.example"
USER, SESSION = UUID(int=1), UUID(int=2)
REQUIRED = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")


@pytest.fixture
def tokens(signing_key: str) -> AccessTokens:
    return AccessTokens(signing_key, ISSUER)


@pytest.fixture
def private_key(signing_key: str) -> Any:
    return load_pem_private_key(signing_key.encode(), None)


@pytest.fixture
def forge(private_key: Any) -> Callable[..., str]:
    """A token signed with the right key, right but for what is given."""

    def make(*, without: str | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        raw_key = private_key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(USER),
            "sid": str(SESSION),
            "jti": "00",
            "iat": int(NOON.timestamp()),
            "exp": int(NOON.timestamp()) + 60,
        } | claims
        payload.pop(without or "", None)
        headers = {"typ": TYPE, "kid": thumbprint(raw_key)} | (header or {})
        return jwt.encode(payload, private_key, algorithm="EdDSA", headers=headers)

    return make


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refuses(tokens: AccessTokens, token: str) -> None:
    with pytest.raises(Unauthenticated) as refusal:
        tokens.read(token, NOON)
    assert str(refusal.value) == "The access token is not valid or has expired. Sign in again."


def test_a_token_says_who_and_which_session(tokens: AccessTokens) -> None:
    token, expires_at = tokens.issue(USER, SESSION, NOON)

    assert tokens.read(token, NOON) == Claims(USER, SESSION)
    assert expires_at == NOON + timedelta(minutes=30)


def test_no_two_tokens_are_the_same(tokens: AccessTokens) -> None:
    assert tokens.issue(USER, SESSION, NOON)[0] != tokens.issue(USER, SESSION, NOON)[0]


def test_a_token_lives_until_the_second_it_names(tokens: AccessTokens) -> None:
    token, expires_at = tokens.issue(USER, SESSION, NOON + timedelta(milliseconds=700))

    assert tokens.read(token, expires_at - timedelta(milliseconds=1)) == Claims(USER, SESSION)
    with pytest.raises(Unauthenticated):
        tokens.read(token, expires_at)


def test_what_the_forger_makes_is_right_when_nothing_is_changed(
    tokens: AccessTokens, forge: Callable[..., str]
) -> None:
    assert tokens.read(forge(), NOON) == Claims(USER, SESSION)


@pytest.mark.parametrize("claim", REQUIRED)
def test_every_claim_is_required(tokens: AccessTokens, forge: Callable[..., str], claim: str) -> None:
    refuses(tokens, forge(without=claim))


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://shop.example.evil"}, {"iss": "https://shop"}, {"iss": ""},
        {"aud": "another-shop"}, {"aud": [AUDIENCE]}, {"aud": ["x", AUDIENCE]}, {"aud": None},
        {"sub": "admin"}, {"sub": 1}, {"sid": "x"}, {"sid": None}, {"sid": str(SESSION) + " "},
        {"exp": "4102444800"}, {"exp": 4102444800.5}, {"exp": None}, {"exp": True}, {"exp": 10**30}, {"exp": -1},
        {"exp": int(NOON.timestamp())}, {"exp": int(NOON.timestamp()) + 1_801}, {"iat": "now"}, {"jti": 7},
    ],
    ids=str,
)  # fmt: skip
def test_wrong_claims_are_refused_though_signed(
    tokens: AccessTokens, forge: Callable[..., str], claims: dict[str, Any]
) -> None:
    refuses(tokens, forge(**claims))


@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": "refresh+jwt"}, {"typ": None}, {"kid": "another"}, {"crit": ["x"], "x": 1}],
    ids=str,
)
def test_tokens_of_another_kind_are_refused(
    tokens: AccessTokens, forge: Callable[..., str], header: dict[str, Any]
) -> None:
    refuses(tokens, forge(header=header))


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE", "", "HS256", "EdDsa", "eddsa"])
def test_unsigned_tokens_are_refused_however_spelt(tokens: AccessTokens, forge: Callable[..., str], name: str) -> None:
    header, payload, signature = forge().split(".")
    changed = part({**json.loads(base64.urlsafe_b64decode(header + "==")), "alg": name})

    for ending in ("", signature):
        refuses(tokens, f"{changed}.{payload}.{ending}")


def test_the_public_key_is_no_secret_to_sign_with(
    tokens: AccessTokens, forge: Callable[..., str], private_key: Any
) -> None:
    public = private_key.public_key()
    header, payload, _ = forge().split(".")
    changed = part({**json.loads(base64.urlsafe_b64decode(header + "==")), "alg": "HS256"})
    secrets = [
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    ]

    for secret in secrets:
        signature = hmac.new(secret, f"{changed}.{payload}".encode(), hashlib.sha256).digest()
        refuses(tokens, f"{changed}.{payload}.{part(signature)}")


def test_a_key_that_the_token_brings_along_is_not_trusted(tokens: AccessTokens, forge: Callable[..., str]) -> None:
    stranger = Ed25519PrivateKey.generate()
    raw = stranger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    payload = jwt.decode(forge(), options={"verify_signature": False})
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": part(raw)}
    kid = jwt.get_unverified_header(forge())["kid"]

    for extra in ({"jwk": jwk}, {"jku": "https://evil.example/keys"}, {"kid": kid}, {"kid": "../../dev/null"}):
        headers = {"typ": TYPE, "kid": kid} | extra
        refuses(tokens, jwt.encode(payload, stranger, algorithm="EdDSA", headers=headers))


def test_every_changed_character_breaks_the_token(tokens: AccessTokens, forge: Callable[..., str]) -> None:
    token = forge()
    header, payload, _ = token.split(".")
    for place in range(0, len(header) + len(payload) + 60, 7):
        if token[place] != ".":
            other = "A" if token[place] != "A" else "B"
            refuses(tokens, token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(
    "token",
    [
        "", ".", "..", "...", "x", "a.b.c", "null", "Bearer", "\udc80", "ö.ö.ö", "a" * (TOKEN_LENGTH_MAX + 1),
        f"{part(b'[' * 1_300)}.{part(b'{}')}.x", f"{part(b'null')}.{part(b'null')}.x", f"{part([])}.{part([])}.",
    ],
    ids=lambda token: ascii(token[:12]),
)  # fmt: skip
def test_what_is_no_token_at_all_is_refused(tokens: AccessTokens, token: str) -> None:
    refuses(tokens, token)


def test_another_shops_key_opens_nothing(tokens: AccessTokens) -> None:
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    refuses(tokens, AccessTokens(other, ISSUER).issue(USER, SESSION, NOON)[0])


def test_a_signing_key_of_another_kind_is_a_wrong_setting() -> None:
    curve = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    for pem in (curve.decode(), "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"):
        with pytest.raises(ConfigurationError):
            AccessTokens(pem, ISSUER)


def test_the_key_is_named_by_its_thumbprint() -> None:
    # The key and its name from RFC 8037, appendix A.
    raw = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")

    assert thumbprint(raw) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
