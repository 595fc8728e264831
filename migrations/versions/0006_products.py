"""Products, their variants, attributes and media."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("products", "product_slugs", "product_options", "variants", "product_attribute_values", "media")

STATEMENTS = (
    """
    create table products (
        id uuid not null,
        number integer generated always as identity,
        owner_seller_id uuid not null,
        category_id uuid not null,
        brand_id uuid,
        title text not null,
        description text default '' not null,
        locale text default 'en' not null,
        status text default 'draft' not null,
        publish_at timestamptz,
        published_at timestamptz,
        seo_title text,
        seo_description text,
        tax_class text default 'standard' not null,
        moderation_issues jsonb default '[]' not null,
        version integer default 1 not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint pk_products primary key (id),
        constraint uq_products_number unique (number),
        constraint ck_products_status check (status in ('draft', 'scheduled', 'published', 'archived')),
        constraint ck_products_scheduled check (status <> 'scheduled' or publish_at is not null),
        constraint ck_products_published check (status <> 'published' or published_at is not null),
        constraint ck_products_title check (length(title) between 1 and 500),
        constraint fk_products_owner_seller_id foreign key (owner_seller_id) references sellers (id),
        constraint fk_products_category_id foreign key (category_id) references categories (id),
        constraint fk_products_brand_id foreign key (brand_id) references brands (id)
    )
    """,
    "create index ix_products_brand on products (brand_id)",
    "create index ix_products_category on products (category_id)",
    "create index ix_products_due on products (publish_at) where status = 'scheduled'",
    "create index ix_products_owner on products (owner_seller_id, id)",
    """
    create table product_slugs (
        slug text not null,
        product_id uuid not null,
        is_current boolean default true not null,
        created_at timestamptz not null,
        constraint pk_product_slugs primary key (slug),
        constraint ck_product_slugs_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        constraint fk_product_slugs_product_id foreign key (product_id) references products (id) on delete cascade
    )
    """,
    "create index ix_product_slugs_product on product_slugs (product_id)",
    "create unique index uq_product_slugs_current on product_slugs (product_id) where is_current",
    """
    create table product_options (
        product_id uuid not null,
        position smallint not null,
        name text not null,
        constraint pk_product_options primary key (product_id, position),
        constraint uq_product_options_name unique (product_id, name),
        constraint ck_product_options_position check (position between 1 and 5),
        constraint fk_product_options_product_id foreign key (product_id) references products (id) on delete cascade
    )
    """,
    """
    create table variants (
        id uuid not null,
        product_id uuid not null,
        title text default '' not null,
        gtin text,
        mpn text,
        option_values text[] default '{}' not null,
        weight_grams integer,
        position smallint default 0 not null,
        status text default 'active' not null,
        created_at timestamptz not null,
        constraint pk_variants primary key (id),
        constraint uq_variants_id_product unique (id, product_id),
        constraint ck_variants_status check (status in ('active', 'archived')),
        constraint ck_variants_gtin check (gtin ~ '^([0-9]{8}|[0-9]{12,14})$'),
        constraint ck_variants_weight check (weight_grams >= 0),
        constraint fk_variants_product_id foreign key (product_id) references products (id)
    )
    """,
    "create index ix_variants_product on variants (product_id, position)",
    """
    create unique index uq_variants_gtin on variants (gtin) where gtin is not null and status <> 'archived'
    """,
    """
    create unique index uq_variants_options on variants (product_id, option_values) where status <> 'archived'
    """,
    """
    create table product_attribute_values (
        product_id uuid not null,
        attribute_id uuid not null,
        value_type text not null,
        text_value text,
        number_value numeric,
        boolean_value boolean,
        date_value date,
        choice_id uuid,
        constraint pk_product_attribute_values primary key (product_id, attribute_id),
        constraint fk_product_attribute_values_type foreign key (attribute_id, value_type) references attributes
            (id, value_type),
        constraint fk_product_attribute_values_choice foreign key (attribute_id, choice_id) references
            attribute_choices (attribute_id, id),
        constraint ck_product_attribute_values_typed check (num_nonnulls(text_value, number_value, boolean_value,
            date_value, choice_id) = 1 and case value_type when 'text' then text_value is not null when 'number'
            then number_value is not null when 'boolean' then boolean_value is not null when 'date' then date_value
            is not null else choice_id is not null end),
        constraint fk_product_attribute_values_product_id foreign key (product_id) references products (id) on
            delete cascade
    )
    """,
    """
    create index ix_product_attribute_values_attribute on product_attribute_values (attribute_id, choice_id)
    """,
    """
    create table media (
        id uuid not null,
        product_id uuid not null,
        variant_id uuid,
        kind text not null,
        file_key text not null,
        alt_text text default '' not null,
        width integer,
        height integer,
        position smallint default 0 not null,
        status text default 'processing' not null,
        constraint pk_media primary key (id),
        constraint fk_media_variant foreign key (variant_id, product_id) references variants (id, product_id),
        constraint ck_media_kind check (kind in ('image', 'video')),
        constraint ck_media_status check (status in ('processing', 'ready', 'refused')),
        constraint fk_media_product_id foreign key (product_id) references products (id) on delete cascade
    )
    """,
    "create index ix_media_product on media (product_id, position)",
    "create index ix_media_variant on media (variant_id) where variant_id is not null",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
