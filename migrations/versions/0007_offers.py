"""Offers, their prices, and what lists and searches read."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("offers", "offer_prices", "featured_offers", "product_listings", "product_search")

STATEMENTS = (
    """
    create table offers (
        id uuid not null,
        variant_id uuid not null,
        seller_id uuid not null,
        sku text not null,
        condition text default 'new' not null,
        stock_policy text default 'deny' not null,
        status text default 'active' not null,
        handling_days smallint default 2 not null,
        max_per_order integer,
        max_per_customer integer,
        is_in_stock boolean default false not null,
        version integer default 1 not null,
        created_at timestamptz not null,
        constraint pk_offers primary key (id),
        constraint uq_offers_seller_sku unique (seller_id, sku),
        constraint uq_offers_one_per_condition unique (variant_id, seller_id, condition),
        constraint uq_offers_id_variant unique (id, variant_id),
        constraint uq_offers_id_seller unique (id, seller_id),
        constraint ck_offers_condition check (condition in ('new', 'refurbished', 'used')),
        constraint ck_offers_policy check (stock_policy in ('deny', 'backorder', 'preorder')),
        constraint ck_offers_status check (status in ('draft', 'active', 'paused', 'archived')),
        constraint ck_offers_limits check (max_per_order > 0 and max_per_customer > 0),
        constraint ck_offers_sku check (length(sku) between 1 and 64),
        constraint fk_offers_variant_id foreign key (variant_id) references variants (id),
        constraint fk_offers_seller_id foreign key (seller_id) references sellers (id)
    )
    """,
    """
    create table offer_prices (
        id uuid not null,
        offer_id uuid not null,
        currency char(3) not null,
        kind text default 'list' not null,
        price_minor bigint not null,
        valid tstzrange default '[,)' not null,
        constraint pk_offer_prices primary key (id),
        constraint ck_offer_prices_kind check (kind in ('list', 'sale')),
        constraint ck_offer_prices_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_offer_prices_positive check (price_minor > 0),
        constraint ck_offer_prices_valid check (not isempty(valid)),
        constraint ex_offer_prices_no_overlap exclude using gist (offer_id with =, currency with =, kind with =,
            valid with &&),
        constraint fk_offer_prices_offer_id foreign key (offer_id) references offers (id) on delete cascade
    )
    """,
    "create index ix_offer_prices_current on offer_prices (offer_id, currency)",
    "create index ix_offer_prices_due on offer_prices (lower(valid)) where kind = 'sale'",
    """
    create table featured_offers (
        variant_id uuid not null,
        currency char(3) not null,
        offer_id uuid not null,
        price_minor bigint not null,
        score real not null,
        reason jsonb not null,
        computed_at timestamptz not null,
        constraint pk_featured_offers primary key (variant_id, currency),
        constraint fk_featured_offers_same_variant foreign key (offer_id, variant_id) references offers (id,
            variant_id)
    )
    """,
    "create index ix_featured_offers_offer on featured_offers (offer_id)",
    """
    create table product_listings (
        product_id uuid not null,
        currency char(3) not null,
        number integer not null,
        category_nodes integer[] not null,
        brand_id uuid,
        price_minor bigint not null,
        compare_at_minor bigint,
        in_stock boolean not null,
        rating_score smallint default 0 not null,
        rating_count integer default 0 not null,
        sold_30d integer default 0 not null,
        published_at timestamptz not null,
        tags integer[] not null,
        seller_ids uuid[] default '{}' not null,
        constraint pk_product_listings primary key (product_id, currency),
        constraint ck_product_listings_currency check (currency ~ '^[A-Z]{3}$'),
        constraint fk_product_listings_product_id foreign key (product_id) references products (id) on delete
            cascade
    ) with (fillfactor = 80)
    """,
    """
    create index ix_product_listings_newest on product_listings (currency, published_at desc, number desc)
    """,
    "create index ix_product_listings_price on product_listings (currency, price_minor, number)",
    """
    create index ix_product_listings_rating on product_listings (currency, rating_score desc, number desc)
    """,
    "create index ix_product_listings_selling on product_listings (currency, sold_30d desc, number desc)",
    "create index ix_product_listings_tags on product_listings using gin (tags) with (fastupdate = off)",
    """
    create table product_search (
        product_id uuid not null,
        locale text not null,
        number integer not null,
        title_plain text not null,
        codes text[] default '{}' not null,
        title_words tsvector not null,
        words tsvector not null,
        constraint pk_product_search primary key (product_id, locale),
        constraint fk_product_search_product_id foreign key (product_id) references products (id) on delete cascade
    ) with (fillfactor = 80)
    """,
    "create index ix_product_search_codes on product_search using gin (codes) with (fastupdate = off)",
    """
    create index ix_product_search_title_words on product_search using gin (title_words) with (fastupdate = off)
    """,
    "create index ix_product_search_words on product_search using gin (words) with (fastupdate = off)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
