"""Carts."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("carts", "cart_lines")

STATEMENTS = (
    """
    create table carts (
        id uuid not null,
        user_id uuid,
        guest_secret_hash bytea,
        currency char(3) not null,
        country char(2),
        status text default 'open' not null,
        note text,
        version integer default 1 not null,
        order_id uuid,
        merged_into_id uuid,
        reminded_at timestamptz,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        expires_at timestamptz not null,
        constraint pk_carts primary key (id),
        constraint uq_carts_guest unique (guest_secret_hash),
        constraint ck_carts_status check (status in ('open', 'ordered', 'merged', 'expired')),
        constraint ck_carts_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_carts_owner check (user_id is not null or guest_secret_hash is not null),
        constraint ck_carts_ordered check ((status = 'ordered') = (order_id is not null)),
        constraint ck_carts_merged check ((status = 'merged') = (merged_into_id is not null)),
        constraint fk_carts_user_id foreign key (user_id) references users (id),
        constraint fk_carts_merged_into_id foreign key (merged_into_id) references carts (id)
    ) with (fillfactor = 80)
    """,
    "create index ix_carts_idle on carts (updated_at) where status = 'open'",
    "create index ix_carts_merged_into on carts (merged_into_id) where merged_into_id is not null",
    "create index ix_carts_user on carts (user_id, id)",
    """
    create unique index uq_carts_one_open on carts (user_id) where status = 'open' and user_id is not null
    """,
    "create unique index uq_carts_order on carts (order_id) where order_id is not null",
    """
    create table cart_lines (
        cart_id uuid not null,
        offer_id uuid not null,
        quantity integer not null,
        seen_price_minor bigint not null,
        is_saved_for_later boolean default false not null,
        added_at timestamptz not null,
        constraint pk_cart_lines primary key (cart_id, offer_id),
        constraint ck_cart_lines_quantity check (quantity between 1 and 9999),
        constraint fk_cart_lines_cart_id foreign key (cart_id) references carts (id) on delete cascade,
        constraint fk_cart_lines_offer_id foreign key (offer_id) references offers (id)
    ) with (fillfactor = 80)
    """,
    "create index ix_cart_lines_offer on cart_lines (offer_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
