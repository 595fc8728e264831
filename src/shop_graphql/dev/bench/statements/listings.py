"""Pages of products, by category and by words."""

from shop_graphql.dev.bench.statements.parts import AVAILABILITIES, answer, media, price, stock

# One row for each product of the page, in the order of `place`; the statement's $1 is the instant.
_CARDS = f"""(
    select coalesce(json_agg(json_build_object(
        'id', raw_id('Product', p.id), 'slug', g.slug, 'title', p.title,
        'brand', case when b.id is not null then json_build_object('name', b.name) end,
        'category', json_build_object('name', c.name), 'seller', json_build_object('name', owner.name),
        'priceRange', case when span.low is not null
            then json_build_object('min', raw_money(span.low, 'EUR'), 'max', raw_money(span.high, 'EUR')) end,
        'featuredOffer', case when o.id is not null then json_build_object(
            'id', raw_id('Offer', o.id), 'availability', {AVAILABILITIES}[stock.place],
            'price', case when price.price_minor is not null then raw_money(price.price_minor, 'EUR') end,
            'compareAtPrice', case when price.list_minor > price.price_minor
                then raw_money(price.list_minor, 'EUR') end) end,
        'rating', case when page.rating_count > 0
            then json_build_object('average', page.rating_score / 100.0, 'count', page.rating_count) end,
        'media', {media("'url', m.file_key, 'alt', m.alt_text")}
    ) order by page.place), '[]')
    from page
    join products p on p.id = page.product_id and p.status = 'published'
    join sellers owner on owner.id = p.owner_seller_id and owner.status = 'active'
    join product_slugs g on g.product_id = p.id and g.is_current
    join categories c on c.id = p.category_id
    left join brands b on b.id = p.brand_id
    cross join lateral (
        select min(f.price_minor) as low, max(f.price_minor) as high,
            (array_agg(f.offer_id order by best.is_in_stock desc, f.price_minor, v.position, v.id)
                filter (where v.status = 'active'))[1] as offer_id
        from variants v
        join featured_offers f on f.variant_id = v.id and f.currency = 'EUR'
        join offers best on best.id = f.offer_id
        where v.product_id = p.id
    ) span
    left join (offers o join sellers s on s.id = o.seller_id and s.status = 'active')
        on o.id = span.offer_id and o.status = 'active'
    left join lateral {stock("$1")} stock on true
    left join lateral {price("$1")} price on true
    where page.place <= 20
)"""


def _page(order: str, sort_value: str) -> str:
    cursor = f"""'["{order}",' || {sort_value} || ',' || number || ']'"""
    page_info = f"""json_build_object(
        'hasNextPage', (select count(*) > 20 from page),
        'endCursor', (select raw_cursor({cursor}) from page where place <= 20 order by place desc limit 1))"""
    return answer("products", f"json_build_object('nodes', {_CARDS}, 'pageInfo', {page_info})")


# $1 the instant, $2 the category. A category holds one product in twenty here, so the index of the newest products is
# walked until the page is full; one that held few would have to be collected first, as the shop does.
CATEGORY_PAGE = f"""
with page as materialized (
    select newest.*, row_number() over () as place
    from (
        select l.product_id, l.number, l.published_at, l.rating_score, l.rating_count
        from product_listings l
        where l.currency = 'EUR' and (select node from categories where id = $2) = any(l.category_nodes)
        order by l.published_at desc, l.number desc limit 21
    ) newest
)
{_page("newest", "(extract(epoch from published_at) * 1000000)::bigint")}
"""

# $1 the instant; of what was typed $2 all words but the last, $3 the last, $4 the same if it may be half typed,
# $5 all of them, $6 as a code. The ranking is the shop's.
SEARCH_PAGE = f"""
with asked as materialized (
    select plainto_tsquery('english', plain($2::text)) && (plainto_tsquery('english', plain($3::text))
            || case when $4::text = '' then ''::tsquery
                else to_tsquery('simple', quote_literal(plain($4::text)) || ':*') end) as words,
        plain($5::text) as phrase
),
titled as materialized (
    select f.product_id from product_search f join asked on f.title_words @@ asked.words where f.locale = 'en'
),
hits as materialized (
    select product_id from titled
    union
    select f.product_id from product_search f where f.locale = 'en' and f.codes @> array[$6::text]
    union
    (select f.product_id from product_search f join asked on f.words @@ asked.words
        where f.locale = 'en' and (select count(*) from titled) < 100 limit 2000)
),
cut as materialized (
    select l.product_id, l.number, l.sold_30d, l.rating_score, l.rating_count, l.in_stock
    from hits join product_listings l on l.product_id = hits.product_id and l.currency = 'EUR'
    order by l.in_stock desc, l.sold_30d desc, l.number desc
    limit 600
),
scored as (
    select cut.*, round((
            ts_rank('{{0.05, 0.1, 0.4, 1.0}}', f.words, asked.words, 1) * 4
            + case when f.codes @> array[$6::text] then 100 else 0 end
            + case when strpos(f.title_plain, asked.phrase) > 0 then 1 else 0 end
            + 0.08::float8 * ln(1 + cut.sold_30d::float8) + cut.rating_score / 2500.0::float8
            + cut.in_stock::int * 0.15::float8
        )::float8 * 1000000)::bigint as score
    from cut join product_search f on f.product_id = cut.product_id and f.locale = 'en' cross join asked
),
page as materialized (
    select best.*, row_number() over () as place
    from (select * from scored order by score desc, number desc limit 21) best
)
{_page("relevance", "score")}
"""
