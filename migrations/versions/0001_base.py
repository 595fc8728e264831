"""What every table needs: extensions, bounds of partitions, append-only tables, and idempotency keys.

The extensions are trusted: the owner of the database may create them. They stay on downgrade, because
they may have been there before.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = ("idempotency_keys",)

STATEMENTS = (
    "create extension if not exists pg_trgm with schema public",
    "create extension if not exists unaccent with schema public",
    "create extension if not exists btree_gist with schema public",
    "create extension if not exists fuzzystrmatch with schema public",
    """
    -- The lowest UUIDv7 of an instant: bounds of partitions, reading by time through a key.
    create function uuid_floor(at timestamptz) returns uuid immutable strict parallel safe language sql as $$
        select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
    $$
    """,
    """
    -- unaccent() is only STABLE, because its dictionary may be changed; naming the dictionary makes this honest.
    create function plain(words text) returns text immutable strict parallel safe language sql as $$
        select lower(public.unaccent('public.unaccent', words))
    $$
    """,
    """
    create function forbid_change() returns trigger language plpgsql as $$
    begin
        raise exception '% is append-only', tg_table_name
            using errcode = 'restrict_violation', constraint = tg_name;
    end
    $$
    """,
    """
    create function make_append_only(parent text) returns void language plpgsql as $$
    begin
        -- Row triggers are cloned to every partition; add_partition copies the one for TRUNCATE.
        execute format('create trigger %I before update or delete on %I for each row '
            'execute function forbid_change()', parent || '_append_only', parent);
        execute format('create trigger %I before truncate on %I for each statement '
            'execute function forbid_change()', parent || '_no_truncate', parent);
    end
    $$
    """,
    r"""
    -- A partition is made apart and then attached, because CREATE TABLE .. PARTITION OF would lock out the readers
    -- of `parent`. Statement triggers are copied, so that writing past the parent is checked too.
    -- False = it was there already.
    create function add_partition(parent text, child text, low text, high text) returns bool language plpgsql as $$
    declare
        trigger_definition text;
        made name;
        meant text;
    begin
        if to_regclass(child) is not null then
            return false;
        end if;
        execute format('create table %I (like %I including all)', child, parent);
        -- An order's number holds the day of its id, hence equal numbers always meet in one partition.
        if parent = 'orders' then
            execute format('create unique index %I on %I (number)', 'uq_' || child || '_number', child);
        end if;
        for trigger_definition in
            select regexp_replace(pg_get_triggerdef(oid), ' ON (\w+\.)?' || parent || ' ', ' ON ' || child || ' ')
            from pg_trigger where tgrelid = parent::regclass and not tgisinternal and tgtype & 1 = 0
        loop
            execute trigger_definition;
        end loop;
        execute format('alter table %I attach partition %I for values from (%s) to (%s)', parent, child,
            case low when 'minvalue' then low else quote_literal(low) end, quote_literal(high));
        -- Keys and indexes are called as on the parent, with the partition's name in the place of the parent's.
        for made, meant in
            select part.relname, left(whole.relname, 3) || child || substr(whole.relname, 4 + length(parent))
            from pg_index join pg_class part on part.oid = indexrelid
            join pg_inherits on inhrelid = indexrelid join pg_class whole on whole.oid = inhparent
            where indrelid = child::regclass
        loop
            execute format('alter index %I rename to %I', made, meant);
        end loop;
        return true;
    end
    $$
    """,
    """
    create table idempotency_keys (
        actor_id uuid not null,
        key text not null,
        operation text not null,
        request_hash bytea not null,
        result jsonb,
        created_at timestamptz not null,
        constraint pk_idempotency_keys primary key (actor_id, key),
        constraint ck_idempotency_keys_key_length check (length(key) between 1 and 255),
        constraint ck_idempotency_keys_hash_is_sha256 check (octet_length(request_hash) = 32)
    ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)
    """,
    "create index ix_idempotency_keys_created_at on idempotency_keys using brin (created_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop function add_partition")
    op.execute("drop function make_append_only")
    op.execute("drop function forbid_change")
    op.execute("drop function plain")
    op.execute("drop function uuid_floor")
