"""One product, its stock, its seller; the tree of categories."""

from shop_graphql.dev.bench.statements.parts import AVAILABILITIES, answer, media, price, stock

_OFFERS = f"""(
    select json_agg(json_build_object(
            'id', raw_id('Offer', o.id), 'sku', o.sku, 'condition', upper(o.condition),
            'handlingDays', o.handling_days, 'maxPerOrder', o.max_per_order,
            'availability', {AVAILABILITIES}[stock.place],
            'price', case when price.price_minor is not null then raw_money(price.price_minor, 'EUR') end,
            'seller', json_build_object('id', raw_id('Seller', s.id), 'name', s.name)
        ) order by o.is_in_stock desc, price.price_minor, o.id) as shown,
        min(stock.place) as place
    from offers o
    join sellers s on s.id = o.seller_id and s.status = 'active'
    cross join lateral {stock("$1")} stock
    cross join lateral {price("$1")} price
    where o.variant_id = v.id and o.status = 'active'
)"""

_VARIANTS = f"""(
    select json_agg(json_build_object(
        'id', raw_id('ProductVariant', v.id), 'title', v.title, 'gtin', v.gtin,
        'availability', {AVAILABILITIES}[coalesce(offered.place, 5)],
        'options', (
            select coalesce(json_agg(json_build_object('name', x.name, 'value', v.option_values[x.position])
                order by x.position), '[]')
            from product_options x where x.product_id = v.product_id
        ),
        'featuredOffer', case when f.offer_id is not null then json_build_object('id', raw_id('Offer', f.offer_id)) end,
        'offers', coalesce(offered.shown, '[]')
    ) order by v.position, v.id)
    from variants v
    left join featured_offers f on f.variant_id = v.id and f.currency = 'EUR'
    left join lateral {_OFFERS} offered on true
    where v.product_id = p.id and v.status = 'active'
)"""

_ANCESTORS = """(
    select coalesce(json_agg(json_build_object('id', raw_id('Category', a.id), 'name', a.name) order by up.place), '[]')
    from unnest(c.path[:cardinality(c.path) - 1]) with ordinality up(node, place)
    join categories a on a.node = up.node
)"""

_PRODUCT_SHOWN = f"""json_build_object(
    'id', raw_id('Product', p.id), 'slug', g.slug, 'title', p.title, 'description', p.description,
    'status', upper(p.status), 'version', p.version, 'publishedAt', raw_at(p.published_at),
    'brand', case when b.id is not null then json_build_object('id', raw_id('Brand', b.id), 'name', b.name) end,
    'category', json_build_object('id', raw_id('Category', c.id), 'name', c.name, 'ancestors', {_ANCESTORS}),
    'seller', json_build_object('id', raw_id('Seller', owner.id), 'name', owner.name),
    'options', (
        select coalesce(json_agg(json_build_object('name', x.name) order by x.position), '[]')
        from product_options x where x.product_id = p.id
    ),
    'media', {media("'url', m.file_key, 'alt', m.alt_text, 'width', m.width, 'height', m.height")},
    'priceRange', (
        select json_build_object(
            'min', raw_money(min(f.price_minor), 'EUR'), 'max', raw_money(max(f.price_minor), 'EUR'))
        from variants v join featured_offers f on f.variant_id = v.id and f.currency = 'EUR'
        where v.product_id = p.id having count(*) > 0
    ),
    'rating', (
        select json_build_object('average', max(l.rating_score) / 100.0, 'count', max(l.rating_count))
        from product_listings l where l.product_id = p.id and l.rating_count > 0 having count(*) > 0
    ),
    'variants', coalesce({_VARIANTS}, '[]'))"""

# $1 the instant, $2 the name in URLs, an old one too.
PRODUCT = f"""
{answer("product", _PRODUCT_SHOWN)}
from product_slugs a
join products p on p.id = a.product_id and p.status = 'published'
join product_slugs g on g.product_id = p.id and g.is_current
join categories c on c.id = p.category_id
join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
left join brands b on b.id = p.brand_id
where a.slug = $2
"""

_INVENTORY_SHOWN = f"""(
    select coalesce(json_agg(json_build_object(
        'variant', json_build_object('id', raw_id('ProductVariant', v.id), 'title', v.title),
        'availability', {AVAILABILITIES}[coalesce(offered.place, 5)],
        'availableQuantity', least(coalesce(offered.available, 0), 10)) order by v.position, v.id), '[]')
    from variants v
    left join lateral (
        select min(stock.place) as place, sum(stock.available) as available
        from offers o
        join sellers s on s.id = o.seller_id and s.status = 'active'
        cross join lateral {stock("$1")} stock
        where o.variant_id = v.id and o.status = 'active'
    ) offered on true
    where v.product_id = p.id and v.status = 'active'
)"""

# $1 the instant, $2 the product.
INVENTORY = f"""
{answer("inventory", _INVENTORY_SHOWN)}
from products p
join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
where p.id = $2 and p.status = 'published'
"""

_SELLER_SHOWN = """json_build_object(
    'id', raw_id('Seller', id), 'slug', slug, 'name', name, 'about', about, 'country', country,
    'shipsInDays', ships_in_days,
    'rating', case when rating_count > 0 then json_build_object(
        'average', round(rating_sum::numeric / rating_count, 2), 'count', rating_count) end,
    'createdAt', raw_at(created_at))"""

# $1 the name in URLs.
SELLER = f"""
{answer("seller", _SELLER_SHOWN)}
from sellers where slug = $1 and status = 'active'
"""

_COUNTED = """
with counted as materialized (
    select d.node, sum(sold.products)::int as products
    from (
        select p.category_id, count(*) as products
        from products p join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
        where p.status = 'published' group by p.category_id
    ) sold
    join categories c on c.id = sold.category_id
    cross join lateral unnest(c.path) d(node)
    group by d.node
)"""

_CHILDREN = """
    select coalesce(json_agg(json_build_object(
        'id', raw_id('Category', d.id), 'name', d.name, 'slug', d.slug) order by d.sort_order, d.name, d.node), '[]')
    from categories d where d.parent_id = {above}.id"""

_CATEGORIES_SHOWN = f"""coalesce(json_agg(json_build_object(
    'id', raw_id('Category', c.id), 'name', c.name, 'slug', c.slug, 'productCount', coalesce(counted.products, 0),
    'children', (
        select coalesce(json_agg(json_build_object(
            'id', raw_id('Category', b.id), 'name', b.name, 'slug', b.slug, 'children', ({_CHILDREN.format(above="b")})
        ) order by b.sort_order, b.name, b.node), '[]')
        from categories b where b.parent_id = c.id
    )) order by c.sort_order, c.name, c.node), '[]')"""

# The route keeps the answers of these two for as long as the shop keeps its tree, and asks the database no more often.
CATEGORIES = f"""{_COUNTED}
{answer("categories", _CATEGORIES_SHOWN)}
from categories c left join counted on counted.node = c.node
where c.parent_id is null
"""

_CATEGORY_SHOWN = f"""json_build_object(
    'id', raw_id('Category', c.id), 'name', c.name, 'slug', c.slug, 'productCount', coalesce(counted.products, 0),
    'parent', (
        select json_build_object('id', raw_id('Category', a.id), 'name', a.name) from categories a
        where a.id = c.parent_id
    ),
    'ancestors', (
        select coalesce(json_agg(json_build_object('id', raw_id('Category', a.id), 'name', a.name, 'slug', a.slug)
            order by up.place), '[]')
        from unnest(c.path[:cardinality(c.path) - 1]) with ordinality up(node, place)
        join categories a on a.node = up.node
    ),
    'children', ({_CHILDREN.format(above="c")}))"""

# $1 the name in URLs.
CATEGORY = f"""{_COUNTED}
{answer("category", _CATEGORY_SHOWN)}
from categories c left join counted on counted.node = c.node
where c.slug = $1
"""
