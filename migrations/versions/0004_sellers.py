"""Sellers and their teams."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = ("sellers", "seller_members")

STATEMENTS = (
    """
    create table sellers (
        id uuid not null,
        slug text not null,
        name text not null,
        legal_name text,
        tax_number text,
        country char(2) not null,
        payout_currency char(3) not null,
        time_zone text default 'UTC' not null,
        about text,
        status text default 'applied' not null,
        status_reason text,
        terms_accepted_at timestamptz,
        payout_account_ref text,
        ships_in_days smallint default 2 not null,
        rating_count integer default 0 not null,
        rating_sum integer default 0 not null,
        created_at timestamptz not null,
        constraint pk_sellers primary key (id),
        constraint uq_sellers_slug unique (slug),
        constraint ck_sellers_status check (status in ('applied', 'active', 'paused', 'suspended', 'rejected',
            'closed')),
        constraint ck_sellers_payout_currency check (payout_currency ~ '^[A-Z]{3}$'),
        constraint ck_sellers_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
        constraint ck_sellers_rating check (rating_count >= 0 and rating_sum between rating_count and rating_count *
            5)
    )
    """,
    """
    create table seller_members (
        seller_id uuid not null,
        user_id uuid not null,
        role text not null,
        added_at timestamptz not null,
        constraint pk_seller_members primary key (seller_id, user_id),
        constraint ck_seller_members_role check (role in ('owner', 'manager', 'fulfiller')),
        constraint fk_seller_members_seller_id foreign key (seller_id) references sellers (id),
        constraint fk_seller_members_user_id foreign key (user_id) references users (id)
    )
    """,
    "create index ix_seller_members_user on seller_members (user_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
