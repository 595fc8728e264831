"""Orders and what belongs to them, in partitions of a year."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = (
    "orders",
    "order_contacts",
    "sub_orders",
    "order_lines",
    "order_transitions",
    "fulfillments",
    "fulfillment_lines",
)
PARTITIONED = TABLES[:5]

STATEMENTS = (
    "create sequence order_number_seq",
    """
    create table orders (
        id uuid not null,
        number bigint not null,
        buyer_id uuid not null,
        cart_id uuid,
        status text default 'pending_payment' not null,
        currency char(3) not null,
        items_minor bigint not null,
        discount_minor bigint default 0 not null,
        shipping_minor bigint default 0 not null,
        tax_minor bigint default 0 not null,
        total_minor bigint not null,
        captured_minor bigint default 0 not null,
        refunded_minor bigint default 0 not null,
        risk_status text default 'unassessed' not null,
        expires_at timestamptz,
        placed_at timestamptz not null,
        paid_at timestamptz,
        closed_at timestamptz,
        version integer default 1 not null,
        constraint pk_orders primary key (id),
        constraint ck_orders_status check (status in ('pending_payment', 'paid', 'in_fulfillment', 'shipped',
            'delivered', 'completed', 'cancelled', 'expired')),
        constraint ck_orders_risk check (risk_status in ('unassessed', 'clear', 'review', 'refused')),
        constraint ck_orders_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_orders_amounts check (least(items_minor, discount_minor, shipping_minor, tax_minor,
            total_minor, captured_minor, refunded_minor) >= 0),
        constraint ck_orders_total check (total_minor = items_minor - discount_minor + shipping_minor + tax_minor),
        constraint ck_orders_refund_within_capture check (refunded_minor <= captured_minor),
        constraint ck_orders_number_matches_id check (number / 10000000000 =
            to_number(to_char(uuid_extract_timestamp(id) at time zone 'UTC', 'YYMMDD'), '999999')),
        constraint fk_orders_buyer_id foreign key (buyer_id) references users (id)
    ) partition by range (id)
    """,
    "create index ix_orders_buyer on orders (buyer_id, id desc)",
    "create index ix_orders_expiring on orders (expires_at) where status = 'pending_payment'",
    """
    create table order_contacts (
        order_id uuid not null,
        email text,
        email_hash bytea,
        phone text,
        shipping jsonb,
        billing jsonb,
        note text,
        constraint pk_order_contacts primary key (order_id),
        constraint fk_order_contacts_order_id foreign key (order_id) references orders (id)
    ) partition by range (order_id)
    """,
    "create index ix_order_contacts_email on order_contacts (email_hash) where email_hash is not null",
    """
    create table sub_orders (
        order_id uuid not null,
        sub_no smallint not null,
        seller_id uuid not null,
        status text default 'pending_payment' not null,
        items_minor bigint not null,
        discount_minor bigint default 0 not null,
        shipping_minor bigint default 0 not null,
        tax_minor bigint default 0 not null,
        total_minor bigint not null,
        commission_minor bigint default 0 not null,
        shipping_method text,
        ship_by timestamptz,
        version integer default 1 not null,
        constraint pk_sub_orders primary key (order_id, sub_no),
        constraint uq_sub_orders_seller unique (order_id, seller_id),
        constraint ck_sub_orders_status check (status in ('pending_payment', 'new', 'in_fulfillment', 'shipped',
            'delivered', 'completed', 'cancelled', 'expired')),
        constraint ck_sub_orders_total check (total_minor = items_minor - discount_minor + shipping_minor +
            tax_minor and commission_minor >= 0),
        constraint fk_sub_orders_order_id foreign key (order_id) references orders (id)
    ) partition by range (order_id)
    """,
    "create index ix_sub_orders_inbox on sub_orders (seller_id, order_id desc)",
    """
    create table order_lines (
        order_id uuid not null,
        line_no smallint not null,
        sub_no smallint not null,
        offer_id uuid not null,
        variant_id uuid not null,
        product_id uuid not null,
        seller_id uuid not null,
        title text not null,
        variant_title text not null,
        sku text not null,
        quantity integer not null,
        unit_price_minor bigint not null,
        discount_minor bigint default 0 not null,
        tax_rate_bp integer default 0 not null,
        tax_minor bigint default 0 not null,
        commission_bp integer default 0 not null,
        commission_minor bigint default 0 not null,
        total_minor bigint not null,
        cancelled_quantity integer default 0 not null,
        shipped_quantity integer default 0 not null,
        returned_quantity integer default 0 not null,
        refunded_minor bigint default 0 not null,
        constraint pk_order_lines primary key (order_id, line_no),
        constraint fk_order_lines_sub_order foreign key (order_id, sub_no) references sub_orders (order_id, sub_no),
        constraint ck_order_lines_quantity check (quantity > 0),
        constraint ck_order_lines_unit_price check (unit_price_minor >= 0),
        constraint ck_order_lines_progress check (cancelled_quantity >= 0 and shipped_quantity >= 0 and
            cancelled_quantity + shipped_quantity <= quantity and returned_quantity between 0 and shipped_quantity),
        constraint ck_order_lines_total check (total_minor = unit_price_minor * quantity - discount_minor +
            tax_minor),
        constraint ck_order_lines_refund check (refunded_minor between 0 and total_minor)
    ) partition by range (order_id)
    """,
    "create index ix_order_lines_product on order_lines (product_id, order_id)",
    """
    create table order_transitions (
        order_id uuid not null,
        seq smallint not null,
        sub_no smallint,
        from_status text,
        to_status text not null,
        actor_kind text not null,
        actor_id uuid,
        reason text,
        at timestamptz not null,
        constraint pk_order_transitions primary key (order_id, seq),
        constraint ck_order_transitions_actor check (actor_kind in ('user', 'staff', 'api_key', 'system',
            'anonymous')),
        constraint fk_order_transitions_order_id foreign key (order_id) references orders (id)
    ) partition by range (order_id)
    """,
    """
    create table fulfillments (
        id uuid not null,
        order_id uuid not null,
        sub_no smallint not null,
        carrier text,
        tracking_number text,
        status text default 'packed' not null,
        created_at timestamptz not null,
        shipped_at timestamptz,
        delivered_at timestamptz,
        constraint pk_fulfillments primary key (id),
        constraint fk_fulfillments_sub_order foreign key (order_id, sub_no) references sub_orders (order_id,
            sub_no),
        constraint ck_fulfillments_status check (status in ('packed', 'shipped', 'delivered', 'lost', 'cancelled'))
    )
    """,
    "create index ix_fulfillments_sub_order on fulfillments (order_id, sub_no)",
    """
    create table fulfillment_lines (
        fulfillment_id uuid not null,
        line_no smallint not null,
        quantity integer not null,
        constraint pk_fulfillment_lines primary key (fulfillment_id, line_no),
        constraint ck_fulfillment_lines_quantity check (quantity > 0),
        constraint fk_fulfillment_lines_fulfillment_id foreign key (fulfillment_id) references fulfillments (id) on
            delete cascade
    )
    """,
    "select make_append_only('order_transitions')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for table in PARTITIONED:
        first = "uuid_floor('2026-01-01 utc')::text"
        op.execute(f"select add_partition('{table}', '{table}_history', 'minvalue', {first})")
        for year in (2026, 2027, 2028):
            low, high = (f"uuid_floor('{january}-01-01 utc')::text" for january in (year, year + 1))
            op.execute(f"select add_partition('{table}', '{table}_{year}', {low}, {high})")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop sequence order_number_seq")
