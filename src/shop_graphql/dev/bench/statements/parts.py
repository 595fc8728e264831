"""What several statements are made of. Names in them are those of the tables' aliases everywhere: p, v, o, s, c."""

FUNCTIONS = (
    "create function raw_id(kind text, key uuid) returns text immutable language sql as"
    " $$ select kind || '_' || rtrim(translate(encode(uuid_send(key), 'base64'), '+/', '-_'), '=') $$",
    "create function raw_part(kind text, key uuid, number int2) returns text immutable language sql as"
    " $$ select kind || '_' || translate(encode(uuid_send(key) || int2send(number), 'base64'), '+/', '-_') $$",
    "create function raw_cursor(key text) returns text immutable language sql as"
    " $$ select rtrim(translate(encode(convert_to(key, 'UTF8'), 'base64'), '+/', '-_'), '=') $$",
    "create function raw_amount(minor bigint) returns json stable language sql as"
    " $$ select json_build_object('amount', (minor * 0.01)::text) $$",
    "create function raw_money(minor bigint, currency text) returns json stable language sql as"
    " $$ select json_build_object('amount', (minor * 0.01)::text, 'currency', currency) $$",
    "create function raw_at(at timestamptz) returns text stable language sql as"
    """ $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$""",
)
"""Spellings that the statements share; PostgreSQL puts their bodies in place of their names."""

AVAILABILITIES = "(array['IN_STOCK', 'LOW', 'BACKORDER', 'PREORDER', 'OUT'])"

# What an offer `o` belongs to, and whether everybody may buy it.
OF_OFFER = """
    join variants v on v.id = o.variant_id
    join products p on p.id = v.product_id
    join sellers owner on owner.id = p.owner_seller_id
    join sellers s on s.id = o.seller_id"""
IS_SELLABLE = """
    o.status = 'active' and v.status = 'active' and p.status = 'published' and owner.status = 'active'
    and s.status = 'active'"""


def stock(now: str) -> str:
    """A row for the offer `o`: how many units can be sold, and the place in `AVAILABILITIES` of what that is called."""
    return f"""(
        select coalesce(sum(level.available), 0)::int as available,
            case when coalesce(sum(level.available), 0) <= 0 then 5
                when sum(level.on_shelf) <= 0 then case o.stock_policy when 'preorder' then 4 else 3 end
                when sum(level.on_shelf) <= coalesce(max(level.low_stock_at), 5) then 2
                else 1 end as place
        from (
            select i.low_stock_at, greatest(i.on_hand + i.backorder_limit - i.reserved + late.units, 0) as available,
                greatest(i.on_hand - i.reserved + late.units, 0) as on_shelf
            from stock_items i
            cross join lateral (
                select coalesce(sum(h.quantity), 0) as units from stock_reservations h
                where h.stock_item_id = i.id and h.status = 'held' and h.expires_at <= {now}
            ) late
            where i.offer_id = o.id
        ) level
    )"""


# The array keeps PostgreSQL from the index behind the ban on overlaps, a GiST index that takes twice the time.
def price(now: str) -> str:
    """A row for the offer `o`: what it costs in euros, and the list price beside it."""
    return f"""(
        select coalesce(max(w.price_minor) filter (where w.kind = 'sale'), max(w.price_minor)) as price_minor,
            max(w.price_minor) filter (where w.kind = 'list') as list_minor
        from offer_prices w
        where w.offer_id = any(array[o.id]) and w.currency = 'EUR' and w.valid @> {now}::timestamptz
    )"""


def media(keys: str) -> str:
    """The pictures of the product `p`, as JSON; `keys` are those of each."""
    return f"""(
        select coalesce(json_agg(json_build_object({keys}) order by m.position, m.id), '[]')
        from (
            select * from media where product_id = p.id and status = 'ready' order by position, id limit 20
        ) m
    )"""


def answer(field: str, value: str) -> str:
    """The whole answer, as text."""
    return f"select json_build_object('data', json_build_object('{field}', {value}))::text"


def signed_in(session: str, user: str, now: str) -> str:
    """The row `me` while the session lives. The token's signature was checked before."""
    return f"""
me as (
    select u.id from sessions t
    join users u on u.id = t.user_id and u.status = 'active'
    where t.id = {session} and t.user_id = {user} and t.revoked_at is null and t.expires_at > {now}
)"""
