"""Double entry. The database refuses what does not sum to zero."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("ledger_accounts", "ledger_entries", "ledger_postings", "ledger_balances")

STATEMENTS = (
    """
    create table ledger_accounts (
        id uuid not null,
        kind text not null,
        seller_id uuid,
        currency char(3) not null,
        constraint pk_ledger_accounts primary key (id),
        constraint uq_ledger_accounts_id_currency unique (id, currency),
        constraint uq_ledger_accounts_kind unique nulls not distinct (kind, currency, seller_id),
        constraint ck_ledger_accounts_kind check (kind in ('gateway_clearing', 'bank', 'seller_payable',
            'seller_reserve', 'commission', 'tax_payable', 'shipping', 'gateway_fees', 'refunds_clearing',
            'disputes', 'rounding')),
        constraint ck_ledger_accounts_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_ledger_accounts_seller check ((kind in ('seller_payable', 'seller_reserve')) = (seller_id is
            not null)),
        constraint fk_ledger_accounts_seller_id foreign key (seller_id) references sellers (id)
    )
    """,
    "create index ix_ledger_accounts_seller on ledger_accounts (seller_id) where seller_id is not null",
    """
    create table ledger_entries (
        transaction_id uuid not null,
        line_no smallint not null,
        account_id uuid not null,
        currency char(3) not null,
        amount_minor bigint not null,
        kind text not null,
        source_type text not null,
        source_id uuid not null,
        subject_id uuid,
        posted_at timestamptz not null,
        constraint pk_ledger_entries primary key (transaction_id, line_no),
        constraint fk_ledger_entries_account foreign key (account_id, currency) references ledger_accounts (id,
            currency),
        constraint ck_ledger_entries_amount check (amount_minor <> 0)
    ) partition by range (transaction_id)
    """,
    """
    create index ix_ledger_entries_account on ledger_entries (account_id, posted_at) include (amount_minor)
    """,
    "create index ix_ledger_entries_subject on ledger_entries (subject_id) where subject_id is not null",
    """
    create table ledger_postings (
        source_type text not null,
        source_id uuid not null,
        kind text not null,
        transaction_id uuid not null,
        constraint pk_ledger_postings primary key (source_type, source_id, kind)
    )
    """,
    """
    create table ledger_balances (
        account_id uuid not null,
        as_of timestamptz not null,
        balance_minor bigint not null,
        constraint pk_ledger_balances primary key (account_id, as_of),
        constraint fk_ledger_balances_account_id foreign key (account_id) references ledger_accounts (id)
    )
    """,
    """
    create function ledger_sum_zero() returns trigger language plpgsql as $$
    begin
        if exists (select from added group by transaction_id, currency having sum(amount_minor) <> 0) then
            raise exception 'a ledger transaction does not sum to zero'
                using errcode = 'check_violation', constraint = 'ck_ledger_entries_sum_zero';
        end if;
        return null;
    end
    $$
    """,
    """
    create trigger ledger_entries_sum_zero after insert on ledger_entries
    referencing new table as added for each statement execute function ledger_sum_zero()
    """,
    "select make_append_only('ledger_entries')",
    "select make_append_only('ledger_postings')",
    """
    -- Everything before 2026, then month by month; later ones are made by a daily job.
    select add_partition('ledger_entries', 'ledger_entries_history',
        'minvalue', uuid_floor('2026-01-01 utc')::text)
    union all
    select add_partition('ledger_entries', 'ledger_entries_' || to_char(month at time zone 'UTC', 'YYYY_MM'),
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
    op.execute("drop function ledger_sum_zero")
