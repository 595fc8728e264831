"""People, and the record of who did what."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("users", "user_roles", "sessions", "addresses", "audit_entries")

STATEMENTS = (
    """
    create table users (
        id uuid not null,
        email text,
        phone text,
        display_name text,
        password_hash text,
        password_changed_at timestamptz,
        email_verified_at timestamptz,
        locale text default 'en' not null,
        country char(2),
        status text default 'active' not null,
        is_guest boolean default false not null,
        credentials_version integer default 1 not null,
        created_at timestamptz not null,
        erased_at timestamptz,
        constraint pk_users primary key (id),
        constraint ck_users_status check (status in ('active', 'locked', 'erased')),
        constraint ck_users_email_shape check (email is null or (email = lower(email) and length(email) between 3
            and 254 and email like '_%@_%')),
        constraint ck_users_erased_is_blank check (status <> 'erased' or (email is null and phone is null and
            display_name is null and password_hash is null and erased_at is not null)),
        constraint ck_users_member_has_email check (is_guest or status = 'erased' or email is not null)
    )
    """,
    "create unique index uq_users_email on users (email) where not is_guest and email is not null",
    """
    create table user_roles (
        user_id uuid not null,
        role text not null,
        granted_by uuid,
        granted_at timestamptz not null,
        constraint pk_user_roles primary key (user_id, role),
        constraint ck_user_roles_role check (role in ('support', 'moderator', 'finance', 'admin')),
        constraint fk_user_roles_user_id foreign key (user_id) references users (id),
        constraint fk_user_roles_granted_by foreign key (granted_by) references users (id)
    )
    """,
    """
    create table sessions (
        id uuid not null,
        user_id uuid not null,
        device_label text,
        ip_prefix inet,
        created_at timestamptz not null,
        last_used_at timestamptz not null,
        expires_at timestamptz not null,
        revoked_at timestamptz,
        revoke_reason text,
        constraint pk_sessions primary key (id),
        constraint ck_sessions_reason check ((revoked_at is null) = (revoke_reason is null)),
        constraint ck_sessions_reason_known check (revoke_reason in ('logout', 'reuse', 'password', 'admin',
            'erased', 'expired')),
        constraint fk_sessions_user_id foreign key (user_id) references users (id)
    )
    """,
    "create index ix_sessions_user on sessions (user_id) where revoked_at is null",
    """
    create table addresses (
        id uuid not null,
        user_id uuid not null,
        label text,
        full_name text not null,
        line1 text not null,
        line2 text,
        city text not null,
        region text,
        postal_code text,
        country char(2) not null,
        phone text,
        is_default_shipping boolean default false not null,
        is_default_billing boolean default false not null,
        created_at timestamptz not null,
        constraint pk_addresses primary key (id),
        constraint ck_addresses_country check (country ~ '^[A-Z]{2}$'),
        constraint fk_addresses_user_id foreign key (user_id) references users (id) on delete cascade
    )
    """,
    "create index ix_addresses_user on addresses (user_id)",
    "create unique index uq_addresses_default_billing on addresses (user_id) where is_default_billing",
    "create unique index uq_addresses_default_shipping on addresses (user_id) where is_default_shipping",
    """
    create table audit_entries (
        id uuid not null,
        actor_id uuid,
        actor_kind text not null,
        action text not null,
        subject_type text not null,
        subject_id uuid,
        changes jsonb default '{}' not null,
        ip_prefix inet,
        request_id text,
        created_at timestamptz not null,
        constraint pk_audit_entries primary key (id),
        constraint ck_audit_entries_actor check (actor_kind in ('user', 'staff', 'api_key', 'system', 'anonymous'))
    ) partition by range (id)
    """,
    "create index ix_audit_entries_actor on audit_entries (actor_id, id)",
    "create index ix_audit_entries_subject on audit_entries (subject_id, id)",
    "select make_append_only('audit_entries')",
    """
    -- Everything before 2026, then month by month; later ones are made by a daily job.
    select add_partition('audit_entries', 'audit_entries_history',
        'minvalue', uuid_floor('2026-01-01 utc')::text)
    union all
    select add_partition('audit_entries', 'audit_entries_' || to_char(month at time zone 'UTC', 'YYYY_MM'),
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
