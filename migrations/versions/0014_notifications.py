"""Messages to people."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("notification_deliveries",)

STATEMENTS = (
    """
    create table notification_deliveries (
        id uuid not null,
        message_key text not null,
        channel text not null,
        template text not null,
        user_id uuid,
        order_id uuid,
        seller_id uuid,
        recipient_hash bytea not null,
        context jsonb default '{}' not null,
        locale text default 'en' not null,
        status text default 'due' not null,
        attempts smallint default 0 not null,
        due_at timestamptz not null,
        provider_message_id text,
        last_error text,
        created_at timestamptz not null,
        sent_at timestamptz,
        constraint pk_notification_deliveries primary key (id),
        constraint uq_notification_deliveries_once unique (message_key, channel, recipient_hash),
        constraint ck_notification_deliveries_status check (status in ('due', 'sending', 'sent', 'failed',
            'bounced', 'suppressed')),
        constraint ck_notification_deliveries_channel check (channel in ('email', 'sms', 'push')),
        constraint ck_notification_deliveries_attempts check (attempts >= 0)
    ) with (fillfactor = 80)
    """,
    """
    create index ix_notification_deliveries_due on notification_deliveries (due_at) where status in ('due',
        'sending')
    """,
    "create index ix_notification_deliveries_user on notification_deliveries (user_id, id desc)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
