"""Who signs in to be measured: buyers with orders of every age, and the owners of the sellers they bought from."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

BUYERS, ORDERS_EACH = 40, 40

# $1 is the instant of it all. Orders are numbered by buyer, the newest last; their state follows from the number:
# waiting for payment, paid, or paid and sent. Those that wait have no holds, as nobody sells the last unit here.
PEOPLE = (
    "insert into users (id, email, display_name, created_at)"
    " select uuidv7(), 'buyer' || n || '@example.com', 'Buyer ' || n, $1"
    f" from generate_series(1, {BUYERS}) n",
    "insert into users (id, email, display_name, created_at)"
    " select uuidv7(), 'owner-of-' || slug || '@example.com', 'Owner of ' || name, $1 from sellers",
    "insert into seller_members (seller_id, user_id, role, added_at)"
    " select s.id, u.id, 'owner', $1 from sellers s join users u on u.email = 'owner-of-' || s.slug || '@example.com'",
    "insert into sessions (id, user_id, created_at, last_used_at, expires_at)"
    " select uuidv7(), id, $1, $1, $1::timestamptz + interval '30 days' from users"
    " where email like 'buyer%' or email like 'owner-of-%'",
)
ORDERS = (
    "create table bench_orders as select b.id as buyer_id, k % 3 as state, uuidv7() as id,"
    " nextval('order_number_seq') as counter, b.n * 1000 + k as n,"
    f" $1::timestamptz - ({ORDERS_EACH} - k) * interval '1 minute' as placed_at"
    " from (select id, row_number() over (order by email) as n from users where email like 'buyer%') b,"
    f" generate_series(1, {ORDERS_EACH}) k",
    "create table bench_lines as select r.id as order_id, r.state, (j + 1)::int2 as line_no,"
    " dense_rank() over (partition by r.id order by o.seller_id)::int2 as sub_no, o.id as offer_id, o.variant_id,"
    " v.product_id, o.seller_id, p.title, v.title as variant_title, o.sku, j + 1 as quantity, b.price_minor,"
    " r.placed_at from bench_orders r, generate_series(0, 2) j,"
    " (select count(*) as offers from bench_offers) a, bench_offers b, offers o, variants v, products p"
    " where b.n = (r.n::bigint * 7919 + j * (a.offers / 4)) % a.offers and o.id = b.id and v.id = o.variant_id"
    " and p.id = v.product_id and $1::timestamptz is not null",
    "insert into orders (id, number, buyer_id, status, currency, items_minor, total_minor, captured_minor, placed_at,"
    " expires_at, paid_at) select r.id,"
    " to_char(uuid_extract_timestamp(r.id) at time zone 'UTC', 'YYMMDD')::bigint * 10000000000"
    " + (r.counter * 7364589371 + 1234567891) % 10000000000, r.buyer_id,"
    " (array['pending_payment', 'paid', 'shipped'])[r.state + 1], 'EUR', l.total, l.total,"
    " case when r.state > 0 then l.total else 0 end, r.placed_at, r.placed_at + interval '30 minutes',"
    " case when r.state > 0 then r.placed_at + interval '20 seconds' end from bench_orders r"
    " join (select order_id, sum(price_minor * quantity) as total from bench_lines group by order_id) l"
    " on l.order_id = r.id where $1::timestamptz is not null order by r.id",
    "insert into order_contacts (order_id, email, email_hash, phone, shipping)"
    " select r.id, u.email, sha256(convert_to(u.email, 'UTF8')), '+4930123456', jsonb_build_object('full_name',"
    " u.display_name, 'line1', 'Lindenweg 1', 'city', 'Berlin', 'postal_code', '10115', 'country', 'DE')"
    " from bench_orders r join users u on u.id = r.buyer_id where $1::timestamptz is not null",
    "insert into sub_orders (order_id, sub_no, seller_id, status, items_minor, total_minor, ship_by)"
    " select order_id, sub_no, seller_id, (array['pending_payment', 'new', 'shipped'])[min(state) + 1],"
    " sum(price_minor * quantity), sum(price_minor * quantity), $1::timestamptz + interval '2 days'"
    " from bench_lines group by order_id, sub_no, seller_id",
    "insert into order_lines (order_id, line_no, sub_no, offer_id, variant_id, product_id, seller_id, title,"
    " variant_title, sku, quantity, unit_price_minor, total_minor, shipped_quantity) select order_id, line_no, sub_no,"
    " offer_id, variant_id, product_id, seller_id, title, variant_title, sku, quantity, price_minor,"
    " price_minor * quantity, case when state = 2 then quantity else 0 end"
    " from bench_lines where $1::timestamptz is not null",
    "insert into order_transitions (order_id, seq, sub_no, from_status, to_status, actor_kind, at)"
    " select id, 1, null::int2, null::text, 'pending_payment', 'user', placed_at from bench_orders"
    " where $1::timestamptz is not null union all"
    " select id, 2, null, 'pending_payment', 'paid', 'system', placed_at from bench_orders where state > 0 union all"
    " select distinct order_id, 2 + sub_no, sub_no, 'pending_payment', 'new', 'system', placed_at"
    " from bench_lines where state > 0 union all"
    " select distinct order_id, 5 + sub_no, sub_no, 'new', 'shipped', 'user', placed_at"
    " from bench_lines where state = 2 union all"
    " select id, 9, null, 'paid', 'shipped', 'user', placed_at from bench_orders where state = 2",
    "insert into payments (id, subject_id, gateway, gateway_payment_id, status, amount_minor, currency,"
    " captured_minor, created_at) select uuidv7(), id, 'stripe', 'pi_' || counter, 'succeeded', r.total_minor, 'EUR',"
    " r.total_minor, $1::timestamptz from bench_orders join orders r using (id) where state > 0",
    "insert into fulfillments (id, order_id, sub_no, carrier, tracking_number, status, created_at, shipped_at)"
    " select uuidv7(), order_id, sub_no, 'DHL', 'T' || sub_no, 'shipped', $1, $1"
    " from (select distinct order_id, sub_no from bench_lines where state = 2) part",
    "insert into fulfillment_lines (fulfillment_id, line_no, quantity) select f.id, l.line_no, l.quantity"
    " from fulfillments f join bench_lines l using (order_id, sub_no) where $1::timestamptz is not null",
)


class Person(NamedTuple):
    """Somebody who is signed in."""

    user_id: UUID
    session_id: UUID


class People(NamedTuple):
    """Who is signed in, and what is theirs, in one order."""

    buyers: list[Person]
    orders: list[list[UUID]]
    """Of each buyer."""
    owners: list[Person]
    sellers: list[UUID]
    """Each owner's."""


async def make_people(connection: Any, *, now: datetime) -> People:
    """They are signed in, and have bought what is in `bench_offers` already."""
    for statement in (*PEOPLE, "analyze", *ORDERS):
        await connection.execute(statement, *([now] if "$1" in statement else ()))
    signed_in = "select s.user_id, s.id from sessions s join users u on u.id = s.user_id where u.email like"
    buyers = [Person(*row) for row in await connection.fetch(f"{signed_in} 'buyer%' order by s.user_id")]
    owners = [Person(*row) for row in await connection.fetch(f"{signed_in} 'owner-of-%' order by s.user_id")]
    return People(
        buyers=buyers,
        orders=await column(
            connection, "select array_agg(id order by id) from orders group by buyer_id order by buyer_id"
        ),
        owners=owners,
        sellers=await column(
            connection,
            "select b.seller_id from seller_members b join users u on u.id = b.user_id"
            " where u.email like 'owner-of-%' order by b.user_id",
        ),
    )


async def column(connection: Any, statement: str) -> list[Any]:
    """The first column of every row."""
    return [row[0] for row in await connection.fetch(statement)]
