"""Who is asking, from the headers of a request.

A missing header is an anonymous caller; a wrong one is refused, so that nobody shops on without noticing
that the sign-in is over. A database that is away is an outage and never looks like a lost sign-in.
"""

from datetime import datetime
from uuid import UUID

from starlette.datastructures import Headers

from shop_graphql.accounts.tokens import REFUSED, AccessTokens
from shop_graphql.cart import queries as carts
from shop_graphql.cart.totals import secret_hash
from shop_graphql.platform.auth import ANONYMOUS, Actor
from shop_graphql.platform.clock import Clock
from shop_graphql.platform.db import Database, Reader
from shop_graphql.platform.errors import Unauthenticated
from shop_graphql.sellers import queries as sellers
from shop_graphql.sellers.rows import SessionRow

CART_SECRET_MAX = 512
"""Characters; longer ones are none of ours."""


async def actor_of(headers: Headers, *, tokens: AccessTokens, db: Database, clock: Clock) -> Actor:
    """The caller: the session's user with every role, the guest cart whose secret was sent, both, or nobody.

    Raises: Unauthenticated, ServiceUnavailable.
    """
    token = bearer_token(headers)
    session = await _session(db.reader, tokens, token, clock.now()) if token is not None else None
    cart_id = None
    secret = headers.get("x-cart-token", "")
    if 0 < len(secret) <= CART_SECRET_MAX:
        cart_id = await carts.cart_id_by_secret(db.reader, secret_hash(secret))
    if session is None:
        return Actor(cart_id=cart_id) if cart_id else ANONYMOUS
    return member(session, cart_id=cart_id)


def member(session: SessionRow, *, cart_id: UUID | None) -> Actor:
    """The user of a live session, who may hold a guest cart's secret too."""
    return Actor(
        user_id=session.user_id,
        session_id=session.session_id,
        cart_id=cart_id,
        seller_roles=dict(zip(session.seller_ids, session.seller_roles, strict=True)),
        staff_roles=frozenset(session.staff_roles),
    )


def bearer_token(headers: Headers) -> str | None:
    """The access token that came along, None without one.

    Raises: Unauthenticated for more than one header or another scheme.
    """
    given = headers.getlist("authorization")
    if not given:
        return None
    scheme, _, token = given[0].strip().partition(" ")
    if len(given) > 1 or scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated("Send one header `Authorization: Bearer` with an access token in it.")
    return token.strip()


async def _session(reader: Reader, tokens: AccessTokens, token: str, now: datetime) -> SessionRow:
    claims = tokens.read(token, now)
    session = await sellers.live_session(reader, claims.session_id, now)
    if session is None or session.user_id != claims.user_id:
        raise Unauthenticated(REFUSED)
    return session
