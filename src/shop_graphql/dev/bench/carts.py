"""Guest carts for measured requests: one that is changed is used once, so that each request finds the same state.

Carts of the same number hold the same lines, whatever they are made for: answers can be compared.
"""

from datetime import datetime
from typing import Any

LINES = 3
SHOWN = "shown "
"""The purpose of those that are only looked at."""

# The steps of a prime walk over all offers; lines of one cart lie a quarter of all offers apart.
CARTS = """
insert into carts (id, guest_secret_hash, currency, created_at, updated_at, expires_at)
select uuidv7(), sha256(convert_to($1::text || k, 'UTF8')), 'EUR', $4, $4, $4::timestamptz + interval '90 days'
from generate_series($2::int, $3::int) k
"""
CART_LINES = """
insert into cart_lines (cart_id, offer_id, quantity, seen_price_minor, added_at)
select c.id, o.id, j + 1, o.price_minor, $4::timestamptz + j * interval '1 microsecond'
from generate_series($2::int, $3::int) k, generate_series(0, 2) j, (select count(*) as offers from bench_offers) a,
    bench_offers o, carts c
where o.n = (k::bigint * 7919 + j * (a.offers / 4)) % a.offers
    and c.guest_secret_hash = sha256(convert_to($1::text || k, 'UTF8'))
"""
CART_IDS = """
select c.id from generate_series($2::int, $3::int) k
join carts c on c.guest_secret_hash = sha256(convert_to($1::text || k, 'UTF8')) order by k
"""


def secret(purpose: str, number: int) -> str:
    """What opens the cart of that number."""
    return f"{purpose}{number}"


def fourth_offer(number: int, offers: int) -> int:
    """The place of an offer that cart `number` does not hold yet, among all `offers`."""
    return (number * 7919 + LINES * (offers // 4)) % offers


async def make_carts(connection: Any, purpose: str, first: int, last: int, *, now: datetime) -> list[Any]:
    """Carts `first` to `last` of that purpose are open, with three lines each. Shape: their ids, in order."""
    await connection.execute(CARTS, purpose, first, last, now)
    await connection.execute("analyze carts")
    await connection.execute(CART_LINES, purpose, first, last, now)
    await connection.execute("analyze cart_lines")
    return [row[0] for row in await connection.fetch(CART_IDS, purpose, first, last)]
