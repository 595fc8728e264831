"""Stock, promises of stock and every movement of it."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("locations", "stock_items", "stock_reservations", "stock_movements")

STATEMENTS = (
    """
    create table locations (
        id uuid not null,
        seller_id uuid not null,
        name text not null,
        country char(2) not null,
        priority smallint default 0 not null,
        is_active boolean default true not null,
        constraint pk_locations primary key (id),
        constraint uq_locations_name unique (seller_id, name),
        constraint uq_locations_id_seller unique (id, seller_id),
        constraint fk_locations_seller_id foreign key (seller_id) references sellers (id)
    )
    """,
    """
    create table stock_items (
        id uuid not null,
        offer_id uuid not null,
        seller_id uuid not null,
        location_id uuid not null,
        on_hand integer default 0 not null,
        reserved integer default 0 not null,
        backorder_limit integer default 0 not null,
        low_stock_at integer,
        priority smallint default 0 not null,
        updated_at timestamptz not null,
        constraint pk_stock_items primary key (id),
        constraint uq_stock_items_place unique (offer_id, location_id),
        constraint fk_stock_items_offer foreign key (offer_id, seller_id) references offers (id, seller_id),
        constraint fk_stock_items_location foreign key (location_id, seller_id) references locations (id,
            seller_id),
        constraint ck_stock_items_on_hand check (on_hand >= 0),
        constraint ck_stock_items_reserved check (reserved >= 0),
        constraint ck_stock_items_backorder check (backorder_limit >= 0),
        constraint ck_stock_items_never_oversold check (reserved <= on_hand + backorder_limit)
    ) with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05)
    """,
    "create index ix_stock_items_location on stock_items (location_id)",
    """
    create table stock_reservations (
        id uuid not null,
        stock_item_id uuid not null,
        order_id uuid not null,
        line_no smallint not null,
        quantity integer not null,
        status text default 'held' not null,
        expires_at timestamptz,
        created_at timestamptz not null,
        ended_at timestamptz,
        constraint pk_stock_reservations primary key (id),
        constraint uq_stock_reservations_line unique (order_id, line_no, stock_item_id),
        constraint ck_stock_reservations_status check (status in ('held', 'allocated', 'fulfilled', 'released',
            'expired')),
        constraint ck_stock_reservations_quantity check (quantity > 0),
        constraint ck_stock_reservations_ended check ((status in ('held', 'allocated')) = (ended_at is null)),
        constraint ck_stock_reservations_hold_expires check (status <> 'held' or expires_at is not null),
        constraint ck_stock_reservations_allocated_is_firm check (status <> 'allocated' or expires_at is null),
        constraint fk_stock_reservations_stock_item_id foreign key (stock_item_id) references stock_items (id)
    ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02)
    """,
    """
    create index ix_stock_reservations_expiring on stock_reservations (stock_item_id, expires_at) include (quantity)
        where status = 'held'
    """,
    "create index ix_stock_reservations_sweep on stock_reservations (expires_at) where status = 'held'",
    """
    create table stock_movements (
        id uuid not null,
        stock_item_id uuid not null,
        on_hand_delta integer default 0 not null,
        reserved_delta integer default 0 not null,
        reason text not null,
        order_id uuid,
        line_no smallint,
        actor_id uuid,
        note text,
        at timestamptz not null,
        constraint pk_stock_movements primary key (id),
        constraint ck_stock_movements_reason check (reason in ('initial', 'receipt', 'adjust', 'count',
            'transfer_out', 'transfer_in', 'hold', 'expire', 'release', 'ship', 'return', 'damage')),
        constraint ck_stock_movements_moves check (on_hand_delta <> 0 or reserved_delta <> 0)
    ) partition by range (id)
    """,
    """
    create index ix_stock_movements_item on stock_movements (stock_item_id, at) include (on_hand_delta,
        reserved_delta)
    """,
    "select make_append_only('stock_movements')",
    """
    -- Everything before 2026, then month by month; later ones are made by a daily job.
    select add_partition('stock_movements', 'stock_movements_history',
        'minvalue', uuid_floor('2026-01-01 utc')::text)
    union all
    select add_partition('stock_movements', 'stock_movements_' || to_char(month at time zone 'UTC', 'YYYY_MM'),
        uuid_floor(month)::text, uuid_floor(date_add(month, interval '1 month', 'UTC'))::text)
    from generate_series('2026-01-01 utc'::timestamptz, '2027-12-01 utc', interval '1 month', 'UTC') month
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
