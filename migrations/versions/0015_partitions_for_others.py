"""Who does not own the tables may have partitions made, and nothing else of the owner's."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    -- Runs as its owner, who owns the tables. The names become part of statements, so they can be nothing but the
    -- name of a partitioned table and the same with a year, a month or a number behind it.
    create function make_partition(parent text, child text, low text, high text) returns bool
    language plpgsql security definer set search_path = public, pg_temp as $$
    begin
        if not exists (select from pg_class where relname = parent and relkind = 'p'
                       and relnamespace = 'public'::regnamespace)
           or left(child, length(parent)) <> parent
           or substr(child, 1 + length(parent)) !~ '^_(p[0-9]+|[0-9]{4}(_[0-9]{2})?)$' then
            raise exception '% is no partition of %', child, parent using errcode = 'invalid_name';
        end if;
        return add_partition(parent, child, low, high);
    end
    $$
    """,
    "revoke execute on function make_partition from public",
    "revoke execute on function add_partition, make_append_only from public",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("drop function make_partition")
    op.execute("grant execute on function add_partition, make_append_only to public")
