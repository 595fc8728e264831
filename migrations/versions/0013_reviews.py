"""Reviews, votes and exact ratings."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("reviews", "review_votes", "product_ratings")

STATEMENTS = (
    """
    create table reviews (
        id uuid not null,
        product_id uuid not null,
        author_id uuid not null,
        order_id uuid,
        rating smallint not null,
        title text,
        body text,
        locale text,
        is_verified boolean default false not null,
        status text default 'published' not null,
        moderation_reason text,
        helpful_count integer default 0 not null,
        unhelpful_count integer default 0 not null,
        report_count integer default 0 not null,
        reply_body text,
        replied_at timestamptz,
        version integer default 1 not null,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        constraint pk_reviews primary key (id),
        constraint uq_reviews_one_per_buyer unique (product_id, author_id),
        constraint ck_reviews_status check (status in ('pending', 'published', 'hidden', 'removed')),
        constraint ck_reviews_rating check (rating between 1 and 5),
        constraint ck_reviews_counts check (least(helpful_count, unhelpful_count, report_count) >= 0),
        constraint fk_reviews_product_id foreign key (product_id) references products (id),
        constraint fk_reviews_author_id foreign key (author_id) references users (id)
    ) with (fillfactor = 80)
    """,
    "create index ix_reviews_author on reviews (author_id)",
    """
    create index ix_reviews_helpful on reviews (product_id, helpful_count desc, id desc) where status = 'published'
    """,
    "create index ix_reviews_newest on reviews (product_id, id desc) where status = 'published'",
    """
    create table review_votes (
        review_id uuid not null,
        voter_id uuid not null,
        is_helpful boolean not null,
        at timestamptz not null,
        constraint pk_review_votes primary key (review_id, voter_id),
        constraint fk_review_votes_review_id foreign key (review_id) references reviews (id) on delete cascade,
        constraint fk_review_votes_voter_id foreign key (voter_id) references users (id)
    )
    """,
    "create index ix_review_votes_voter on review_votes (voter_id)",
    """
    create table product_ratings (
        product_id uuid not null,
        r1 integer default 0 not null,
        r2 integer default 0 not null,
        r3 integer default 0 not null,
        r4 integer default 0 not null,
        r5 integer default 0 not null,
        verified_count integer default 0 not null,
        verified_sum integer default 0 not null,
        rating_count integer generated always as (r1 + r2 + r3 + r4 + r5) stored not null,
        rating_sum integer generated always as (r1 + 2 * r2 + 3 * r3 + 4 * r4 + 5 * r5) stored not null,
        constraint pk_product_ratings primary key (product_id),
        constraint ck_product_ratings_counts check (least(r1, r2, r3, r4, r5, verified_count, verified_sum) >= 0),
        constraint fk_product_ratings_product_id foreign key (product_id) references products (id) on delete cascade
    ) with (fillfactor = 50)
    """,
    """
    -- Rows are made, locked and changed in the order of products, so that two writers queue up and do not deadlock.
    create function reviews_apply(products uuid[], ratings int[], verified bool[], signs int[]) returns void
    language sql as $$
        insert into product_ratings (product_id)
            select distinct id from unnest(products) id order by id on conflict do nothing;
        select 1 from (
            select from product_ratings where product_id = any(products) order by product_id for no key update
        ) locked;
        update product_ratings p set
            r1 = r1 + d.r[1], r2 = r2 + d.r[2], r3 = r3 + d.r[3], r4 = r4 + d.r[4], r5 = r5 + d.r[5],
            verified_count = p.verified_count + d.verified_count, verified_sum = p.verified_sum + d.verified_sum
        from (
            select product_id,
                array[
                    coalesce(sum(sign) filter (where rating = 1), 0),
                    coalesce(sum(sign) filter (where rating = 2), 0),
                    coalesce(sum(sign) filter (where rating = 3), 0),
                    coalesce(sum(sign) filter (where rating = 4), 0),
                    coalesce(sum(sign) filter (where rating = 5), 0)
                ] as r,
                coalesce(sum(sign) filter (where is_verified), 0) as verified_count,
                coalesce(sum(sign * rating) filter (where is_verified), 0) as verified_sum
            from unnest(products, ratings, verified, signs) as changes (product_id, rating, is_verified, sign)
            group by product_id
        ) d where p.product_id = d.product_id
    $$
    """,
    """
    create function reviews_changed() returns trigger language plpgsql as $$
    declare
        products uuid[]; ratings int[]; verified bool[]; signs int[];
    begin
        if tg_op = 'INSERT' then
            select array_agg(product_id), array_agg(rating), array_agg(is_verified), array_agg(1)
            into products, ratings, verified, signs from added where status = 'published';
        elsif tg_op = 'DELETE' then
            select array_agg(product_id), array_agg(rating), array_agg(is_verified), array_agg(-1)
            into products, ratings, verified, signs from gone where status = 'published';
        else
            -- Votes and edits of the text touch no rating.
            with changed as (
                select a.id from added a join gone g using (id)
                where (a.product_id, a.rating, a.is_verified, a.status)
                    is distinct from (g.product_id, g.rating, g.is_verified, g.status)
            ), moves as (
                select product_id, rating, is_verified, 1 as sign from added
                where status = 'published' and id in (select id from changed)
                union all
                select product_id, rating, is_verified, -1 from gone
                where status = 'published' and id in (select id from changed)
            )
            select array_agg(product_id), array_agg(rating), array_agg(is_verified), array_agg(sign)
            into products, ratings, verified, signs from moves;
        end if;
        if products is not null then
            perform reviews_apply(products, ratings, verified, signs);
        end if;
        return null;
    end
    $$
    """,
    """
    create trigger reviews_added after insert on reviews
    referencing new table as added for each statement execute function reviews_changed()
    """,
    """
    create trigger reviews_edited after update on reviews
    referencing new table as added old table as gone for each statement execute function reviews_changed()
    """,
    """
    create trigger reviews_gone after delete on reviews
    referencing old table as gone for each statement execute function reviews_changed()
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.execute(f"drop table {table}")
    op.execute("drop function reviews_changed")
    op.execute("drop function reviews_apply")
