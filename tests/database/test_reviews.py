"""Ratings that always equal a recount of the published reviews."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.reviews.models import ProductRating, Review, ReviewVote
from shop_graphql.reviews.states import ReviewStatus
from tests.database.rows import NOW, World, a_product, a_user, a_world, new_id, refusal, sql

RECOUNT = """
select count(*) from products p
left join product_ratings r on r.product_id = p.id
left join lateral (
    select count(*) n, coalesce(sum(rating), 0) s, count(*) filter (where is_verified) v,
        coalesce(sum(rating) filter (where is_verified), 0) vs
    from reviews where product_id = p.id and status = 'published'
) c on true
where (coalesce(r.rating_count, 0), coalesce(r.rating_sum, 0), coalesce(r.verified_count, 0),
    coalesce(r.verified_sum, 0)) is distinct from (c.n, c.s, c.v, c.vs)
"""
"""Products whose rating differs from a recount."""


def a_review(world: World, author_id: Any, rating: int, **values: Any) -> Review:
    given = {"product_id": world.product.id, "created_at": NOW, "updated_at": NOW, **values}
    return Review(id=new_id(), author_id=author_id, rating=rating, **given)


async def rating_of(session: WriteSession, world: World) -> tuple[int, int]:
    columns = select(ProductRating.rating_count, ProductRating.rating_sum)
    count, total = (await session.execute(columns.where(ProductRating.product_id == world.product.id))).one()
    return count, total


async def test_a_rating_follows_every_change_of_reviews(session: WriteSession, world: World) -> None:
    authors = [a_user() for _ in range(3)]
    session.add_all(authors)
    await session.flush()
    reviews = [a_review(world, author.id, rating) for author, rating in zip(authors, (5, 4, 1), strict=True)]
    session.add_all(reviews)
    await session.flush()
    assert await rating_of(session, world) == (3, 10)

    await session.execute(sql("update reviews set rating = 3 where rating = 4"))
    assert await rating_of(session, world) == (3, 9)
    await session.execute(sql("update reviews set status = 'hidden' where rating = 1"))
    assert await rating_of(session, world) == (2, 8)
    await session.execute(sql("update reviews set is_verified = true, helpful_count = 2"))
    await session.execute(sql("delete from reviews where rating = 5"))
    assert await rating_of(session, world) == (1, 3)

    assert await session.scalar(sql(RECOUNT)) == 0


async def test_a_pending_review_counts_when_published(session: WriteSession, world: World) -> None:
    session.add(a_review(world, world.buyer.id, 5, status=ReviewStatus.PENDING))
    await session.flush()
    assert await session.scalar(sql("select count(*) from product_ratings")) == 0

    await session.execute(sql("update reviews set status = 'published'"))

    assert await rating_of(session, world) == (1, 5)


async def test_votes_leave_ratings_untouched(session: WriteSession, world: World) -> None:
    session.add(a_review(world, world.buyer.id, 5))
    await session.flush()
    before = await session.scalar(sql("select xmin::text || ctid::text from product_ratings"))

    await session.execute(sql("update reviews set helpful_count = helpful_count + 1, body = 'Good'"))

    assert await session.scalar(sql("select xmin::text || ctid::text from product_ratings")) == before


async def test_a_buyer_reviews_a_product_once(session: WriteSession, world: World) -> None:
    twins = [a_review(world, world.buyer.id, 5) for _ in range(2)]

    assert await refusal(session, *twins) == "uq_reviews_one_per_buyer"


@pytest.mark.parametrize("rating", [0, 6])
async def test_a_rating_is_one_to_five(session: WriteSession, world: World, rating: int) -> None:
    assert await refusal(session, a_review(world, world.buyer.id, rating)) == "ck_reviews_rating"


async def test_a_voter_votes_once(session: WriteSession, world: World) -> None:
    review = a_review(world, world.buyer.id, 5)
    vote = sql(
        "insert into review_votes (review_id, voter_id, is_helpful, at) values (:review, :voter, true, :at)",
        review=review.id,
        voter=world.buyer.id,
        at=NOW,
    )

    assert ReviewVote.__tablename__ == "review_votes"
    assert await refusal(session, review, vote, vote) == "pk_review_votes"


async def test_writers_at_once_keep_ratings_exact(own_db: Database) -> None:
    async with own_db.write() as session:
        world = await a_world(session)
        second = a_product(world.seller, world.category)
        authors = [a_user() for _ in range(12)]
        session.add_all([second, *authors])
    products = [world.product.id, second.id]

    async def review_both(number: int) -> None:
        # Half of them in one order, half in the other: without the trigger's own order they would deadlock.
        async with own_db.write() as session:
            author, rating = authors[number].id, number % 5 + 1
            for product in products if number % 2 else reversed(products):
                session.add(a_review(world, author, rating, product_id=product))
            await session.flush()
        async with own_db.write() as session:
            await session.execute(
                sql(
                    "update reviews set rating = 6 - rating,"
                    " status = case when rating = 2 then 'hidden' else status end where author_id = :author",
                    author=author,
                )
            )

    async with asyncio.TaskGroup() as group:
        for number in range(len(authors)):
            group.create_task(review_both(number))

    async with own_db.write() as session:
        assert await session.scalar(sql("select count(*) from reviews")) == 24
        assert await session.scalar(sql(RECOUNT)) == 0
