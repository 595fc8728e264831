"""A cart becomes an order that waits for payment, its units held: the same rows that the shop writes."""

from shop_graphql.dev.bench.statements.parts import IS_SELLABLE, OF_OFFER, answer, price

_CHECKOUT_SHOWN = """json_build_object(
    'order', json_build_object('id', raw_id('Order', id), 'number', number::text, 'status', upper(status),
        'expiresAt', raw_at(expires_at), 'total', raw_money(total_minor, currency)),
    'replayed', false, 'userErrors', '[]'::json)"""

# $1 the cart's secret as it is kept, $2 the idempotency key and $3 the request's hash, $4 the instant,
# $5 the address to write to and $6 its hash, $7 where the parcel goes. A price that nobody saw, an offer that is not
# sold any more or too few units place no order.
CHECKOUT = f"""
with cart as (
    select id, currency from carts
    where guest_secret_hash = $1 and status = 'open' and user_id is null for no key update
),
lines as materialized (
    select row_number() over (order by l.added_at, l.offer_id)::int2 as line_no,
        dense_rank() over (order by o.seller_id)::int2 as sub_no,
        l.offer_id, l.quantity, o.variant_id, v.product_id, o.seller_id, o.sku, o.handling_days, p.title,
        v.title as variant_title, price.price_minor, i.id as stock_item_id
    from cart
    join cart_lines l on l.cart_id = cart.id and not l.is_saved_for_later
    join offers o on o.id = l.offer_id{OF_OFFER}
    cross join lateral {price("$4")} price
    join stock_items i on i.offer_id = o.id
    where price.price_minor = l.seen_price_minor and {IS_SELLABLE.strip()}
        and (o.max_per_order is null or l.quantity <= o.max_per_order)
),
made as materialized (
    select uuidv7() as id, uuidv7() as buyer_id, nextval('order_number_seq') as n, cart.id as cart_id, cart.currency,
        (select sum(price_minor * quantity)::bigint from lines) as total_minor
    from cart
    where (select count(*) from lines) = (
        select nullif(count(*), 0) from cart_lines where cart_id = cart.id and not is_saved_for_later
    )
),
buyer as (
    insert into users (id, is_guest, created_at) select buyer_id, true, $4 from made
),
key as (
    insert into idempotency_keys (actor_id, key, operation, request_hash, result, created_at)
    select cart_id, $2, 'checkout', $3, jsonb_build_object('orderId', id), $4 from made
),
placed as (
    insert into orders (id, number, buyer_id, cart_id, currency, items_minor, total_minor, expires_at, placed_at)
    select id, to_char(uuid_extract_timestamp(id) at time zone 'UTC', 'YYMMDD')::bigint * 10000000000
        + (n * 7364589371 + 1234567891) % 10000000000,
        buyer_id, cart_id, currency, total_minor, total_minor, $4::timestamptz + interval '30 minutes', $4
    from made
    returning id, number, status, total_minor, currency, expires_at
),
contact as (
    insert into order_contacts (order_id, email, email_hash, shipping) select id, $5, $6, $7::jsonb from made
),
parts as (
    insert into sub_orders (order_id, sub_no, seller_id, items_minor, total_minor, ship_by)
    select made.id, sub_no, seller_id, sum(price_minor * quantity), sum(price_minor * quantity),
        $4::timestamptz + max(handling_days) * interval '1 day'
    from made, lines group by made.id, sub_no, seller_id
),
bought as (
    insert into order_lines (order_id, line_no, sub_no, offer_id, variant_id, product_id, seller_id, title,
        variant_title, sku, quantity, unit_price_minor, total_minor)
    select made.id, line_no, sub_no, offer_id, variant_id, product_id, seller_id, title, variant_title, sku, quantity,
        price_minor, price_minor * quantity
    from made, lines
),
begun as (
    insert into order_transitions (order_id, seq, to_status, actor_kind, at)
    select id, 1, 'pending_payment', 'anonymous', $4 from made
),
ordered as (
    update carts set status = 'ordered', order_id = made.id, updated_at = $4, version = version + 1
    from made where carts.id = made.cart_id
),
told as (
    insert into outbox_messages (id, type, aggregate_type, aggregate_id, buyer_id, payload, occurred_at)
    select uuidv7(), 'order.placed', 'order', made.id, made.buyer_id,
        jsonb_build_object('number', placed.number, 'total_minor', placed.total_minor, 'currency', placed.currency), $4
    from made, placed
),
locked as materialized (
    select i.id from stock_items i where i.id = any(array(select stock_item_id from lines, made))
    order by i.id for no key update
),
promised as (
    update stock_items i set reserved = i.reserved + lines.quantity, updated_at = $4
    from lines join locked on locked.id = lines.stock_item_id where i.id = locked.id
    returning i.id, lines.line_no, lines.quantity
),
held as (
    insert into stock_reservations (id, stock_item_id, order_id, line_no, quantity, expires_at, created_at)
    select uuidv7(), promised.id, made.id, line_no, quantity, $4::timestamptz + interval '30 minutes', $4
    from promised, made
),
moved as (
    insert into stock_movements (id, stock_item_id, reserved_delta, reason, order_id, line_no, at)
    select uuidv7(), promised.id, quantity, 'hold', made.id, line_no, $4 from promised, made
)
{answer("checkout", _CHECKOUT_SHOWN)}
from placed
"""
