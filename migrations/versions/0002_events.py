"""Facts and their feed, and jobs."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = ("outbox_messages", "event_sequencer", "events", "event_consumers", "handled_messages", "jobs")

STATEMENTS = (
    """
    create table outbox_messages (
        seq bigint generated always as identity,
        id uuid not null,
        type text not null,
        version smallint default 1 not null,
        aggregate_type text not null,
        aggregate_id uuid not null,
        seller_id uuid,
        buyer_id uuid,
        payload jsonb not null,
        trace_id text,
        occurred_at timestamptz not null,
        constraint pk_outbox_messages primary key (seq),
        constraint ck_outbox_messages_payload_is_object check (jsonb_typeof(payload) = 'object')
    ) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)
    """,
    """
    create table event_sequencer (
        only_row boolean default true not null,
        last_position bigint not null,
        constraint pk_event_sequencer primary key (only_row),
        constraint ck_event_sequencer_single check (only_row)
    )
    """,
    """
    create table events (
        position bigint not null,
        id uuid not null,
        type text not null,
        version smallint not null,
        aggregate_type text not null,
        aggregate_id uuid not null,
        seller_id uuid,
        buyer_id uuid,
        payload jsonb not null,
        trace_id text,
        occurred_at timestamptz not null,
        sequenced_at timestamptz not null,
        constraint pk_events primary key (position)
    ) partition by range (position)
    """,
    "create index ix_events_aggregate on events (aggregate_id, position)",
    "create index ix_events_buyer on events (buyer_id, position) where buyer_id is not null",
    "create index ix_events_seller on events (seller_id, position) where seller_id is not null",
    """
    create table event_consumers (
        name text not null,
        position bigint default 0 not null,
        updated_at timestamptz not null,
        constraint pk_event_consumers primary key (name),
        constraint ck_event_consumers_forward check (position >= 0)
    )
    """,
    """
    create table handled_messages (
        consumer text not null,
        event_id uuid not null,
        handled_at timestamptz not null,
        constraint pk_handled_messages primary key (consumer, event_id)
    )
    """,
    "create index ix_handled_messages_handled_at on handled_messages using brin (handled_at)",
    """
    create table jobs (
        id uuid not null,
        kind text not null,
        dedupe_key text not null,
        args jsonb default '{}' not null,
        status text default 'ready' not null,
        run_at timestamptz not null,
        attempts smallint default 0 not null,
        max_attempts smallint default 8 not null,
        locked_until timestamptz,
        last_error text,
        created_at timestamptz not null,
        finished_at timestamptz,
        constraint pk_jobs primary key (id),
        constraint ck_jobs_status check (status in ('ready', 'running', 'done', 'failed')),
        constraint ck_jobs_attempts check (attempts between 0 and max_attempts)
    ) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "create index ix_jobs_due on jobs (run_at) where status in ('ready', 'running')",
    "create index ix_jobs_failed on jobs (finished_at desc) where status = 'failed'",
    """
    create unique index uq_jobs_one_open on jobs (kind, dedupe_key) where status in ('ready', 'running')
    """,
    "insert into event_sequencer (only_row, last_position) values (true, 0)",
    "select add_partition('events', 'events_p0', '0', '10000000')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
