"""Categories, brands and attributes."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = ("categories", "brands", "attributes", "attribute_choices", "category_attributes")

STATEMENTS = (
    """
    create table categories (
        id uuid not null,
        node integer generated always as identity,
        parent_id uuid,
        name text not null,
        slug text not null,
        path integer[] default '{}' not null,
        sort_order integer default 0 not null,
        constraint pk_categories primary key (id),
        constraint uq_categories_node unique (node),
        constraint uq_categories_slug unique (slug),
        constraint ck_categories_not_own_parent check (parent_id is distinct from id),
        constraint ck_categories_depth check (cardinality(path) <= 12),
        constraint fk_categories_parent_id foreign key (parent_id) references categories (id)
    )
    """,
    "create index ix_categories_parent on categories (parent_id, sort_order)",
    "create index ix_categories_path on categories using gin (path)",
    """
    create table brands (
        id uuid not null,
        number integer generated always as identity,
        name text not null,
        slug text not null,
        constraint pk_brands primary key (id),
        constraint uq_brands_number unique (number),
        constraint uq_brands_slug unique (slug)
    )
    """,
    """
    create table attributes (
        id uuid not null,
        code text not null,
        name text not null,
        value_type text not null,
        unit text,
        is_facet boolean default false not null,
        is_variant_level boolean default false not null,
        constraint pk_attributes primary key (id),
        constraint uq_attributes_code unique (code),
        constraint uq_attributes_id_type unique (id, value_type),
        constraint ck_attributes_type check (value_type in ('text', 'number', 'boolean', 'choice', 'date'))
    )
    """,
    """
    create table attribute_choices (
        id uuid not null,
        number integer generated always as identity,
        attribute_id uuid not null,
        code text not null,
        label text not null,
        constraint pk_attribute_choices primary key (id),
        constraint uq_attribute_choices_number unique (number),
        constraint uq_attribute_choices_code unique (attribute_id, code),
        constraint uq_attribute_choices_pair unique (attribute_id, id),
        constraint fk_attribute_choices_attribute_id foreign key (attribute_id) references attributes (id)
    )
    """,
    """
    create table category_attributes (
        category_id uuid not null,
        attribute_id uuid not null,
        is_required boolean default false not null,
        constraint pk_category_attributes primary key (category_id, attribute_id),
        constraint fk_category_attributes_category_id foreign key (category_id) references categories (id) on delete
            cascade,
        constraint fk_category_attributes_attribute_id foreign key (attribute_id) references attributes (id)
    )
    """,
    "create index ix_category_attributes_attribute on category_attributes (attribute_id)",
    """
    create function categories_keep_path() returns trigger language plpgsql as $$
    declare
        above int[] := '{}';
    begin
        -- The lock keeps the parent where it is until this row is committed.
        if new.parent_id is not null then
            select path into above from categories where id = new.parent_id for share;
        end if;
        if new.node = any(above) then
            raise exception 'a category cannot be moved below itself'
                using errcode = 'check_violation', constraint = 'ck_categories_no_cycle';
        end if;
        new.path := above || new.node;
        return new;
    end
    $$
    """,
    """
    create trigger categories_path before insert or update of parent_id on categories
    for each row execute function categories_keep_path()
    """,
    """
    create function categories_move_children() returns trigger language plpgsql as $$
    begin
        update categories set path = new.path || path[cardinality(old.path) + 1:]
        where path @> array[new.node] and id <> new.id;
        return null;
    end
    $$
    """,
    """
    create trigger categories_moved after update of parent_id on categories
    for each row when (old.path is distinct from new.path) execute function categories_move_children()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop function categories_move_children")
    op.execute("drop function categories_keep_path")
