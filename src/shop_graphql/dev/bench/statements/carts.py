"""Guest carts: one made, one shown, one line more in it."""

from shop_graphql.dev.bench.statements.parts import IS_SELLABLE, OF_OFFER, answer, price, stock

_CART_CREATE_SHOWN = """json_build_object(
    'cart', json_build_object('id', raw_id('Cart', id), 'currency', currency, 'itemCount', 0),
    'token', $3::text, 'userErrors', '[]'::json)"""

# $1 the secret as it is kept, $2 the instant, $3 the secret as it is told.
CART_CREATE = f"""
with made as (
    insert into carts (id, guest_secret_hash, currency, created_at, updated_at, expires_at)
    values (uuidv7(), $1, 'EUR', $2, $2, $2::timestamptz + interval '90 days')
    returning id, currency
)
{answer("cartCreate", _CART_CREATE_SHOWN)}
from made
"""

_PROBLEM = """(
    case when not is_sellable then array['OFFER_UNAVAILABLE', 'This item is not sold any more.']
        when price_minor is null
            then array['CURRENCY_MISMATCH', 'This item has no price in the cart''s currency any more.']
        when quantity > max_per_order
            then array['QUANTITY_INVALID', 'At most ' || max_per_order || ' of this item are sold in one order.']
        when available < quantity then array['OUT_OF_STOCK',
            case when available > 0 then 'Only ' || available || ' are left.' else 'It is sold out.' end]
        when price_minor <> seen_price_minor
            then array['PRICE_CHANGED', 'The price has changed since this item was added.']
    end
)"""

_OFFER = """case when is_sellable then json_build_object(
    'id', raw_id('Offer', offer_id), 'seller', json_build_object('name', seller),
    'variant', json_build_object('title', variant, 'product', json_build_object('title', product))) end"""

_CART_SHOWN = f"""json_build_object(
    'id', raw_id('Cart', cart.id), 'currency', cart.currency,
    'itemCount', (select coalesce(sum(quantity), 0) from lines),
    'subtotal', raw_money(
        (select coalesce(sum(quantity * price_minor), 0)::bigint from lines where is_sellable), cart.currency),
    'lines', (
        select coalesce(json_agg(json_build_object(
            'id', raw_id('CartLine', offer_id), 'quantity', quantity,
            'unitPrice', case when price_minor is not null then raw_amount(price_minor) end,
            'seenPrice', raw_amount(seen_price_minor),
            'total', case when price_minor is not null then raw_amount(price_minor * quantity) end,
            'offer', {_OFFER}) order by added_at, offer_id), '[]')
        from lines
    ),
    'problems', (
        select coalesce(json_agg(json_build_object(
            'code', {_PROBLEM}[1], 'message', {_PROBLEM}[2], 'lineId', raw_id('CartLine', offer_id)
        ) order by added_at, offer_id), '[]')
        from lines where {_PROBLEM} is not null
    ))"""

# $1 the instant, $2 the secret as it is kept, $3 the cart.
CART = f"""
with cart as (
    select id, currency from carts where id = $3 and guest_secret_hash = $2 and user_id is null
),
lines as materialized (
    select l.offer_id, l.quantity, l.seen_price_minor, l.added_at, price.price_minor, ({IS_SELLABLE}) as is_sellable,
        o.max_per_order, stock.available, s.name as seller, v.title as variant, p.title as product
    from cart
    join cart_lines l on l.cart_id = cart.id and not l.is_saved_for_later
    join offers o on o.id = l.offer_id{OF_OFFER}
    cross join lateral {price("$1")} price
    cross join lateral {stock("$1")} stock
)
{answer("cart", _CART_SHOWN)}
from cart
"""

_SOLD = f"""{OF_OFFER}
    cross join lateral {price("$4")} price"""

_CART_LINES_ADD_SHOWN = """json_build_object(
    'cart', json_build_object(
        'id', raw_id('Cart', cart.id),
        'itemCount', (select sum(quantity) from priced),
        'subtotal', raw_money(
            (select coalesce(sum(quantity * price_minor), 0)::bigint from priced where is_sellable), cart.currency),
        'lines', (
            select json_agg(json_build_object(
                'id', raw_id('CartLine', offer_id), 'quantity', quantity,
                'unitPrice', case when price_minor is not null then raw_amount(price_minor) end,
                'total', case when price_minor is not null then raw_amount(price_minor * quantity) end,
                'offer', case when is_sellable then json_build_object('id', raw_id('Offer', offer_id)) end
            ) order by added_at, offer_id)
            from priced
        )),
    'userErrors', '[]'::json)"""

# $1 the secret as it is kept, $2 the offer, $3 the units, $4 the instant.
CART_LINES_ADD = f"""
with cart as (
    select id, currency from carts
    where guest_secret_hash = $1 and status = 'open' and user_id is null for no key update
),
terms as (
    select o.id, price.price_minor
    from cart
    join offers o on o.id = $2{_SOLD}
    cross join lateral {stock("$4")} stock
    cross join lateral (
        select $3 + coalesce(sum(quantity), 0) as quantity from cart_lines where cart_id = cart.id and offer_id = o.id
    ) wanted
    where {IS_SELLABLE} and price.price_minor is not null
        and wanted.quantity <= least(stock.available, coalesce(o.max_per_order, stock.available))
),
added as (
    insert into cart_lines as old (cart_id, offer_id, quantity, seen_price_minor, added_at)
    select cart.id, terms.id, $3, terms.price_minor, $4 from cart, terms
    on conflict (cart_id, offer_id) do update
        set quantity = old.quantity + excluded.quantity, seen_price_minor = excluded.seen_price_minor
    returning offer_id, quantity, added_at
),
touched as (
    update carts set updated_at = $4, expires_at = $4::timestamptz + interval '90 days', version = version + 1
    where id = (select id from cart) and exists (select from added)
),
lines as (
    select offer_id, quantity, added_at from added
    union all
    select offer_id, quantity, added_at from cart_lines
    where cart_id = (select id from cart) and offer_id <> $2 and not is_saved_for_later
),
priced as materialized (
    select l.*, price.price_minor, ({IS_SELLABLE}) as is_sellable
    from lines l
    join offers o on o.id = l.offer_id{_SOLD}
)
{answer("cartLinesAdd", _CART_LINES_ADD_SHOWN)}
from cart where exists (select from added)
"""
