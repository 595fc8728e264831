"""Orders as their buyer and their sellers see them. Partitioned tables are asked by the order's key alone."""

from shop_graphql.dev.bench.statements.parts import answer, signed_in

_ADDRESS = """json_build_object(
    'fullName', {of}.shipping ->> 'full_name', 'line1', {of}.shipping ->> 'line1', 'line2', {of}.shipping ->> 'line2',
    'city', {of}.shipping ->> 'city', 'region', {of}.shipping ->> 'region',
    'postalCode', {of}.shipping ->> 'postal_code', 'country', {of}.shipping ->> 'country')"""

_LINES = """(
    select json_agg(json_build_object(
        'id', raw_part('OrderLine', l.order_id, l.line_no), 'title', l.title, 'variantTitle', l.variant_title,
        'sku', l.sku, 'quantity', l.quantity, 'unitPrice', raw_amount(l.unit_price_minor),
        'total', raw_amount(l.total_minor), 'shippedQuantity', l.shipped_quantity,
        'product', case when owner.id is not null
            then json_build_object('id', raw_id('Product', p.id), 'title', p.title) end,
        'variant', case when owner.id is not null and v.status = 'active'
            then json_build_object('id', raw_id('ProductVariant', v.id)) end
    ) order by l.line_no)
    from order_lines l
    left join products p on p.id = l.product_id and p.status = 'published'
    left join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
    left join variants v on v.id = l.variant_id
    where l.order_id = $1
)"""

_PARTS = """(
    select json_agg(json_build_object(
        'id', raw_part('SubOrder', w.order_id, w.sub_no), 'status', upper(w.status),
        'seller', json_build_object('name', s.name), 'total', raw_amount(w.total_minor),
        'lines', (
            select json_agg(json_build_object('id', raw_part('OrderLine', l.order_id, l.line_no)) order by l.line_no)
            from order_lines l where l.order_id = $1 and l.sub_no = w.sub_no
        ),
        'fulfillments', (
            select coalesce(json_agg(json_build_object('id', raw_id('Fulfillment', f.id)) order by f.id), '[]')
            from fulfillments f where f.order_id = $1 and f.sub_no = w.sub_no
        )) order by w.sub_no)
    from sub_orders w join sellers s on s.id = w.seller_id
    where w.order_id = $1
)"""

_PARCELS = """(
    select coalesce(json_agg(json_build_object(
        'id', raw_id('Fulfillment', f.id), 'status', upper(f.status), 'carrier', f.carrier,
        'trackingNumber', f.tracking_number, 'shippedAt', raw_at(f.shipped_at),
        'lines', (
            select json_agg(json_build_object('quantity', n.quantity,
                'orderLine', json_build_object('id', raw_part('OrderLine', f.order_id, n.line_no))) order by n.line_no)
            from fulfillment_lines n where n.fulfillment_id = f.id
        )) order by f.id), '[]')
    from fulfillments f where f.order_id = $1
)"""

_TIMELINE = """(
    select json_agg(json_build_object(
        'at', raw_at(t.at), 'by', upper(t.actor_kind), 'reason', t.reason,
        'orderStatus', case when t.sub_no is null then upper(t.to_status) end,
        'subOrderStatus', case when t.sub_no is not null then upper(t.to_status) end,
        'subOrderId', raw_part('SubOrder', t.order_id, t.sub_no)) order by t.seq)
    from order_transitions t where t.order_id = $1
)"""

_ORDER_SHOWN = f"""json_build_object(
    'id', raw_id('Order', w.id), 'number', w.number::text, 'status', upper(w.status),
    'placedAt', raw_at(w.placed_at), 'expiresAt', raw_at(w.expires_at), 'paidAt', raw_at(w.paid_at),
    'currency', w.currency, 'itemsTotal', raw_amount(w.items_minor), 'discountTotal', raw_amount(w.discount_minor),
    'shippingTotal', raw_amount(w.shipping_minor), 'taxTotal', raw_amount(w.tax_minor),
    'total', raw_money(w.total_minor, w.currency),
    'lines', {_LINES}, 'subOrders', {_PARTS},
    'contact', case when k.order_id is not null then json_build_object('email', k.email, 'phone', k.phone) end,
    'shippingAddress', case when k.shipping is not null then {_ADDRESS.format(of="k")} end,
    'payments', (
        select coalesce(json_agg(json_build_object('id', raw_id('Payment', y.id), 'status', upper(y.status))
            order by y.attempt), '[]')
        from payments y where y.subject_id = $1
    ),
    'fulfillments', {_PARCELS}, 'timeline', {_TIMELINE},
    'allowedActions', case when w.status = 'pending_payment' and (w.expires_at is null or w.expires_at > $4)
        then '["PAY"]'::json else '[]'::json end)"""

# $1 the order, $2 the session, $3 its user, $4 the instant.
ORDER = f"""
with {signed_in("$2", "$3", "$4").strip()}
{answer("order", _ORDER_SHOWN)}
from me
join orders w on w.id = $1 and w.buyer_id = me.id
left join order_contacts k on k.order_id = $1
"""

_PAGE_INFO = """json_build_object(
    'hasNextPage', (select count(*) > 20 from page),
    'endCursor', (select raw_cursor('["' || id || '"]') from page where place <= 20 order by place desc limit 1))"""

_ORDERS_SHOWN = f"""json_build_object(
    'nodes', (
        select coalesce(json_agg(json_build_object(
            'id', raw_id('Order', page.id), 'number', page.number::text, 'status', upper(page.status),
            'placedAt', raw_at(page.placed_at), 'total', raw_money(page.total_minor, page.currency),
            'lines', (
                select json_agg(json_build_object('title', l.title, 'quantity', l.quantity) order by l.line_no)
                from order_lines l where l.order_id = page.id
            )) order by page.place), '[]')
        from page where page.place <= 20
    ),
    'pageInfo', {_PAGE_INFO})"""

# $1 the session, $2 its user, $3 the instant.
ORDERS = f"""
with {signed_in("$1", "$2", "$3").strip()},
page as materialized (
    select mine.*, row_number() over () as place
    from me cross join lateral (
        select id, number, status, placed_at, total_minor, currency from orders
        where buyer_id = me.id order by id desc limit 21
    ) mine
)
{answer("orders", _ORDERS_SHOWN)}
from me
"""

_SELLER_ORDERS_SHOWN = f"""json_build_object(
    'nodes', (
        select coalesce(json_agg(json_build_object(
            'id', raw_part('SubOrder', page.id, page.sub_no), 'number', o.number::text, 'status', upper(page.status),
            'placedAt', raw_at(o.placed_at), 'shipBy', raw_at(page.ship_by),
            'total', raw_money(page.total_minor, o.currency),
            'lines', (
                select json_agg(json_build_object(
                    'id', raw_part('OrderLine', l.order_id, l.line_no), 'title', l.title, 'sku', l.sku,
                    'quantity', l.quantity, 'shippedQuantity', l.shipped_quantity) order by l.line_no)
                from order_lines l where l.order_id = page.id and l.sub_no = page.sub_no
            ),
            'fulfillments', (
                select coalesce(json_agg(json_build_object('id', raw_id('Fulfillment', f.id),
                    'status', upper(f.status)) order by f.id), '[]')
                from fulfillments f where f.order_id = page.id and f.sub_no = page.sub_no
            ),
            'shippingAddress', case when k.shipping is not null
                and page.status not in ('pending_payment', 'cancelled', 'expired')
                then json_build_object('fullName', k.shipping ->> 'full_name', 'line1', k.shipping ->> 'line1',
                    'city', k.shipping ->> 'city', 'postalCode', k.shipping ->> 'postal_code',
                    'country', k.shipping ->> 'country') end
        ) order by page.place), '[]')
        from page
        join orders o on o.id = page.id
        left join order_contacts k on k.order_id = page.id
        where page.place <= 20
    ),
    'pageInfo', {_PAGE_INFO})"""

# $1 the seller, $2 the session, $3 its user, $4 the instant. Where a parcel goes is told once it is paid for.
SELLER_ORDERS = f"""
with {signed_in("$2", "$3", "$4").strip()},
page as materialized (
    select theirs.*, row_number() over () as place
    from (
        select w.order_id as id, w.sub_no, w.status, w.ship_by, w.total_minor from sub_orders w
        where w.seller_id = $1 order by w.order_id desc limit 21
    ) theirs
)
{answer("sellerOrders", _SELLER_ORDERS_SHOWN)}
from me join seller_members b on b.user_id = me.id and b.seller_id = $1
"""

_ME_SHOWN = """json_build_object(
    'id', raw_id('User', u.id), 'email', u.email, 'displayName', u.display_name, 'locale', u.locale,
    'createdAt', raw_at(u.created_at),
    'isSeller', exists (select from seller_members b where b.user_id = u.id),
    'sellers', (
        select coalesce(json_agg(json_build_object('role', upper(b.role), 'seller', json_build_object(
            'id', raw_id('Seller', s.id), 'slug', s.slug, 'name', s.name)) order by b.added_at, b.seller_id), '[]')
        from seller_members b join sellers s on s.id = b.seller_id where b.user_id = u.id
    ))"""

# $1 the session, $2 its user, $3 the instant.
ME = f"""
with {signed_in("$1", "$2", "$3").strip()}
{answer("me", _ME_SHOWN)}
from me join users u on u.id = me.id
"""
