"""What people have said about the goods: ratings as they spread in life, most of them without a word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
from sqlalchemy import text

from shop_graphql.catalogue.service import set_ratings
from shop_graphql.dev.demo.shapes import Product, Voice
from shop_graphql.platform.db import WriteSession

REVIEWS_MEAN = 4.5
MOODS = ((1, 1, 4, 14, 30), (1, 3, 8, 20, 18), (5, 6, 9, 10, 8))
"""How often one to five stars are given: to what is loved, what is good, and what divides people."""
MOOD_WEIGHTS = (5, 8, 2)
ASIDES = (
    "Came well packed.",
    "I'd buy it again.",
    "Delivery took two days.",
    "A present, and it was a success.",
    "Looks like the pictures.",
    "Have had it for half a year now.",
    "Careful packaging, no plastic.",
    "My second one.",
)
REPLIES = (
    "Thank you for telling us. Write to us with your order number and we will put it right.",
    "Sorry about that. We have changed it in the batch that we sell now.",
    "You are right, and since today the page says so.",
)

# One parameter for any number of rows; the triggers that keep ratings run once.
ADD_REVIEWS = text(
    """
    insert into reviews
        (id, product_id, author_id, order_id, rating, title, body, locale, is_verified, reply_body, replied_at,
         created_at, updated_at)
    select id, product_id, author_id, order_id, rating, title, body, 'en', order_id is not null, reply_body,
           replied_at, created_at, created_at
    from jsonb_to_recordset(cast(:rows as jsonb)) as r
        (id uuid, product_id uuid, author_id uuid, order_id uuid, rating smallint, title text, body text,
         reply_body text, replied_at timestamptz, created_at timestamptz)
    on conflict do nothing
    """
)
RATINGS = text(
    """
    select product_id, cast(round(100.0 * rating_sum / rating_count) as int), rating_count
    from product_ratings where product_id = any(:ids) and rating_count > 0
    """
)


class Review(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    product_id: UUID
    author_id: UUID
    rating: int
    created_at: datetime
    title: str | None = None
    body: str | None = None
    order_id: UUID | None = None
    reply_body: str | None = None
    replied_at: datetime | None = None


class RatingRow(msgspec.Struct, frozen=True):
    product_id: UUID
    score: int
    count: int


def reviews_of(
    session: WriteSession,
    product: Product,
    product_id: UUID,
    *,
    authors: Sequence[UUID],
    since: datetime,
    now: datetime,
) -> list[Review]:
    """Reviews of one product between `since` and `now`, each author's at most one; the same for the same product."""
    rng = Random(f"reviews/{product.sku}")
    mood = rng.choices(MOODS, MOOD_WEIGHTS)[0]
    writers = rng.sample(list(authors), min(len(authors), int(rng.expovariate(1 / REVIEWS_MEAN))))
    voices = rng.sample(product.voices, min(len(product.voices), len(writers)))
    reviews = []
    for place, author_id in enumerate(writers):
        at = since + (now - since) * rng.random()
        voice = voices[place] if place < len(voices) else Voice(rng.choices(range(1, 6), mood)[0], "", "")
        reviews.append(_review(session.new_id(at), product_id, author_id, voice, at=at, now=now, rng=rng))
    return reviews


def _review(
    key: UUID, product_id: UUID, author_id: UUID, voice: Voice, *, at: datetime, now: datetime, rng: Random
) -> Review:
    body = voice.body
    # Somebody who complains does not praise the parcel.
    if body and voice.rating >= 4 and rng.random() < 0.5:
        body = f"{body} {rng.choice(ASIDES)}"
    replied = at + timedelta(hours=rng.randint(2, 70)) if body and voice.rating <= 2 else None
    is_answered = replied is not None and replied < now
    return Review(
        id=key,
        product_id=product_id,
        author_id=author_id,
        rating=voice.rating,
        created_at=at,
        title=voice.title or None,
        body=body or None,
        reply_body=rng.choice(REPLIES) if is_answered else None,
        replied_at=replied if is_answered else None,
    )


async def write_reviews(session: WriteSession, reviews: Sequence[Review]) -> None:
    """These reviews stand, but for second ones of the same author; lists know the products' new ratings."""
    if not reviews:
        return
    await session.execute(ADD_REVIEWS, {"rows": msgspec.json.encode(reviews).decode()})
    product_ids = list({review.product_id for review in reviews})
    rows = await session.fetch(RATINGS, {"ids": product_ids}, into=RatingRow)
    await set_ratings(session, ratings={row.product_id: (row.score, row.count) for row in rows})
