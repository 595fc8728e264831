"""Attempts to pay, refunds, and what gateways tell."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("payments", "payment_calls", "refunds", "webhook_deliveries")

STATEMENTS = (
    """
    create table payments (
        id uuid not null,
        subject_id uuid not null,
        attempt smallint default 1 not null,
        gateway text not null,
        gateway_payment_id text,
        status text default 'created' not null,
        capture_mode text default 'automatic' not null,
        amount_minor bigint not null,
        currency char(3) not null,
        authorised_minor bigint default 0 not null,
        captured_minor bigint default 0 not null,
        refunded_minor bigint default 0 not null,
        refunding_minor bigint default 0 not null,
        requested_by uuid,
        request_key text,
        request_hash bytea,
        method_token text,
        return_url text,
        client_secret text,
        next_action_url text,
        decline_code text,
        card_fingerprint_hash bytea,
        next_poll_at timestamptz,
        poll_count integer default 0 not null,
        version integer default 1 not null,
        created_at timestamptz not null,
        settled_at timestamptz,
        constraint pk_payments primary key (id),
        constraint uq_payments_attempt unique (subject_id, attempt),
        constraint uq_payments_gateway_id unique (gateway, gateway_payment_id),
        constraint ck_payments_status check (status in ('created', 'requires_action', 'processing', 'authorised',
            'succeeded', 'failed', 'cancelled')),
        constraint ck_payments_capture_mode check (capture_mode in ('automatic', 'manual')),
        constraint ck_payments_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_payments_amounts check (amount_minor > 0 and authorised_minor between 0 and amount_minor and
            captured_minor between 0 and amount_minor),
        constraint ck_payments_never_refund_more check (refunded_minor >= 0 and refunding_minor >= 0 and
            refunded_minor + refunding_minor <= captured_minor),
        constraint ck_payments_counts check (attempt > 0 and poll_count >= 0),
        constraint ck_payments_request check (request_key is null or (requested_by is not null and
            request_hash is not null))
    ) with (fillfactor = 80)
    """,
    "create index ix_payments_poll on payments (next_poll_at) where next_poll_at is not null",
    """
    create unique index uq_payments_request on payments (requested_by, request_key)
        where request_key is not null
    """,
    """
    create unique index uq_payments_one_live on payments (subject_id) where status in ('created', 'requires_action',
        'processing', 'authorised')
    """,
    """
    create table payment_calls (
        id uuid not null,
        payment_id uuid not null,
        kind text not null,
        idempotency_key text not null,
        status text default 'intended' not null,
        response jsonb,
        error text,
        created_at timestamptz not null,
        finished_at timestamptz,
        constraint pk_payment_calls primary key (id),
        constraint uq_payment_calls_key unique (idempotency_key),
        constraint ck_payment_calls_kind check (kind in ('create', 'confirm', 'capture', 'void', 'refund')),
        constraint ck_payment_calls_status check (status in ('intended', 'done', 'failed', 'unknown')),
        constraint fk_payment_calls_payment_id foreign key (payment_id) references payments (id)
    )
    """,
    """
    create index ix_payment_calls_open on payment_calls (created_at) where status in ('intended', 'unknown')
    """,
    "create index ix_payment_calls_payment on payment_calls (payment_id, id)",
    """
    create table refunds (
        id uuid not null,
        payment_id uuid not null,
        subject_id uuid not null,
        sub_no smallint,
        return_id uuid,
        amount_minor bigint not null,
        currency char(3) not null,
        reason text not null,
        status text default 'requested' not null,
        gateway_refund_id text,
        lines jsonb default '[]' not null,
        next_poll_at timestamptz,
        poll_count integer default 0 not null,
        created_at timestamptz not null,
        settled_at timestamptz,
        constraint pk_refunds primary key (id),
        constraint uq_refunds_gateway_id unique (gateway_refund_id),
        constraint ck_refunds_status check (status in ('requested', 'succeeded', 'failed')),
        constraint ck_refunds_currency check (currency ~ '^[A-Z]{3}$'),
        constraint ck_refunds_amount check (amount_minor > 0),
        constraint ck_refunds_counts check (poll_count >= 0),
        constraint fk_refunds_payment_id foreign key (payment_id) references payments (id)
    )
    """,
    "create index ix_refunds_payment on refunds (payment_id)",
    "create index ix_refunds_subject on refunds (subject_id)",
    "create index ix_refunds_poll on refunds (next_poll_at) where next_poll_at is not null",
    """
    create table webhook_deliveries (
        gateway text not null,
        gateway_event_id text not null,
        type text not null,
        payment_id uuid,
        body jsonb,
        outcome text not null,
        received_at timestamptz not null,
        constraint pk_webhook_deliveries primary key (gateway, gateway_event_id),
        constraint ck_webhook_deliveries_outcome check (outcome in ('applied', 'ignored', 'mismatch',
            'unknown_payment', 'already_known'))
    )
    """,
    "create index ix_webhook_deliveries_received on webhook_deliveries using brin (received_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
