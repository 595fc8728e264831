"""The raw routes' SQL: one statement for each operation, which answers in the very words of the GraphQL API.

They read and write what the shop does. They do not do what only a shop has to: no rule is refused with a reason,
and an offer lies in one place.
"""

PAGE = """
with page as (
    select l.product_id, l.number, l.published_at, l.price_minor, l.rating_score, l.rating_count,
        row_number() over (order by l.published_at desc, l.number desc) as place
    from product_listings l
    where l.currency = 'EUR' and l.tags @> array[(select node from categories where id = $1)]
    order by l.published_at desc, l.number desc
    limit 21
)
select json_build_object('data', json_build_object('products', json_build_object(
    'nodes', (
        select coalesce(json_agg(json_build_object(
            'id', raw_id('Product', p.id), 'slug', g.slug, 'title', p.title,
            'category', json_build_object('name', c.name), 'seller', json_build_object('name', s.name),
            'priceRange', json_build_object('min', raw_money(l.price_minor, 'EUR')),
            'rating', case when l.rating_count > 0
                then json_build_object('average', l.rating_score / 100.0, 'count', l.rating_count) end,
            'media', (
                select coalesce(json_agg(json_build_object('url', m.file_key, 'alt', m.alt_text)
                    order by m.position, m.id), '[]')
                from media m where m.product_id = p.id and m.status = 'ready'
            )) order by l.place), '[]')
        from page l
        join products p on p.id = l.product_id and p.status = 'published'
        join product_slugs g on g.product_id = p.id and g.is_current
        join categories c on c.id = p.category_id
        join sellers s on s.id = p.owner_seller_id and s.status = 'active'
        where l.place <= 20
    ),
    'pageInfo', json_build_object(
        'hasNextPage', (select count(*) > 20 from page),
        'endCursor', (
            select rtrim(translate(encode(convert_to(
                '["newest",' || (extract(epoch from published_at) * 1000000)::bigint || ',' || number || ']', 'UTF8'),
                'base64'), '+/', '-_'), '=')
            from page where place <= 20 order by place desc limit 1
        ))
)))::text
"""

PRODUCT = """
select json_build_object('data', json_build_object('product', json_build_object(
    'id', raw_id('Product', p.id), 'slug', g.slug, 'title', p.title, 'description', p.description,
    'category', json_build_object('name', c.name), 'seller', json_build_object('name', s.name),
    'rating', (
        select json_build_object('average', max(rating_score) / 100.0, 'count', max(rating_count))
        from product_listings where product_id = p.id and rating_count > 0 having count(*) > 0
    ),
    'media', (
        select coalesce(json_agg(json_build_object('url', m.file_key, 'alt', m.alt_text)
            order by m.position, m.id), '[]')
        from media m where m.product_id = p.id and m.status = 'ready'
    ),
    'variants', (
        select json_agg(json_build_object(
            'id', raw_id('ProductVariant', v.id), 'title', v.title,
            'options', (
                select json_agg(json_build_object('name', x.name, 'value', v.option_values[x.position])
                    order by x.position)
                from product_options x where x.product_id = p.id
            ),
            'availability', coalesce(stock.shown, 'OUT'),
            'featuredOffer', json_build_object(
                'id', raw_id('Offer', f.offer_id), 'price', raw_money(price.price_minor, 'EUR'))
        ) order by v.position, v.id)
        from variants v
        join featured_offers f on f.variant_id = v.id and f.currency = 'EUR'
        cross join lateral (
            select price_minor from offer_prices
            where offer_id = f.offer_id and currency = 'EUR' and valid @> $2::timestamptz
            order by kind = 'sale' desc limit 1
        ) price
        cross join lateral (
            select case max(case when free.units <= 0 then 0
                    when free.units <= coalesce(free.low_at, 5) then 1 else 2 end)
                when 2 then 'IN_STOCK' when 1 then 'LOW' else 'OUT' end as shown
            from offers o
            join sellers b on b.id = o.seller_id and b.status = 'active'
            cross join lateral (
                select sum(greatest(i.on_hand - i.reserved + coalesce((
                    select sum(h.quantity) from stock_reservations h
                    where h.stock_item_id = i.id and h.status = 'held' and h.expires_at <= $2
                ), 0), 0)) as units, max(i.low_stock_at) as low_at
                from stock_items i where i.offer_id = o.id
            ) free
            where o.variant_id = v.id and o.status = 'active'
        ) stock
        where v.product_id = p.id and v.status = 'active'
    )
)))::text
from product_slugs a
join products p on p.id = a.product_id and p.status = 'published'
join product_slugs g on g.product_id = p.id and g.is_current
join categories c on c.id = p.category_id
join sellers s on s.id = p.owner_seller_id and s.status = 'active'
where a.slug = $1
"""

ADD_LINE = """
with cart as (
    select id, currency from carts
    where guest_secret_hash = $1 and status = 'open' and user_id is null for no key update
),
terms as (
    select o.id, price.price_minor
    from cart
    join offers o on o.id = $2 and o.status = 'active'
    join variants v on v.id = o.variant_id and v.status = 'active'
    join products p on p.id = v.product_id and p.status = 'published'
    join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
    join sellers s on s.id = o.seller_id and s.status = 'active'
    cross join lateral (
        select price_minor from offer_prices
        where offer_id = o.id and currency = cart.currency and valid @> $4::timestamptz
        order by kind = 'sale' desc limit 1
    ) price
    where $3 + coalesce((select quantity from cart_lines where cart_id = cart.id and offer_id = o.id), 0) <= (
        select sum(i.on_hand + i.backorder_limit - i.reserved + coalesce((
            select sum(h.quantity) from stock_reservations h
            where h.stock_item_id = i.id and h.status = 'held' and h.expires_at <= $4
        ), 0)) from stock_items i where i.offer_id = o.id
    )
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
priced as (
    select l.*, price.price_minor, cart.currency
    from cart, lines l
    join offers o on o.id = l.offer_id and o.status = 'active'
    join variants v on v.id = o.variant_id and v.status = 'active'
    join products p on p.id = v.product_id and p.status = 'published'
    join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
    join sellers s on s.id = o.seller_id and s.status = 'active'
    cross join lateral (
        select price_minor from offer_prices
        where offer_id = o.id and currency = 'EUR' and valid @> $4::timestamptz
        order by kind = 'sale' desc limit 1
    ) price
)
select json_build_object('data', json_build_object('cartLinesAdd', json_build_object(
    'cart', json_build_object(
        'id', raw_id('Cart', cart.id),
        'itemCount', (select sum(quantity) from priced),
        'subtotal', raw_money((select sum(quantity * price_minor)::bigint from priced), cart.currency),
        'lines', (
            select json_agg(json_build_object(
                'quantity', quantity, 'unitPrice', raw_money(price_minor, currency),
                'total', raw_money(price_minor * quantity, currency),
                'offer', json_build_object('id', raw_id('Offer', offer_id))) order by added_at, offer_id)
            from priced
        )),
    'userErrors', '[]'::json
)))::text
from cart where exists (select from added)
"""

CHECKOUT = """
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
    join offers o on o.id = l.offer_id and o.status = 'active'
    join variants v on v.id = o.variant_id and v.status = 'active'
    join products p on p.id = v.product_id and p.status = 'published'
    join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
    join sellers s on s.id = o.seller_id and s.status = 'active'
    cross join lateral (
        select price_minor from offer_prices
        where offer_id = o.id and currency = cart.currency and valid @> $4::timestamptz
        order by kind = 'sale' desc limit 1
    ) price
    join stock_items i on i.offer_id = o.id
    where price.price_minor = l.seen_price_minor
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
    returning id, number, status, total_minor, currency
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
select json_build_object('data', json_build_object('checkout', json_build_object(
    'order', json_build_object('id', raw_id('Order', id), 'number', number::text, 'status', upper(status),
        'total', raw_money(total_minor, currency)),
    'replayed', false,
    'userErrors', '[]'::json
)))::text
from placed
"""
