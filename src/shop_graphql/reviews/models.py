"""Reviews, votes on them, and the exact ratings of products, which triggers keep."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, SmallInteger, UniqueConstraint, desc, text
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.accounts.models import User
from shop_graphql.catalogue.models import Product
from shop_graphql.platform.columns import Choice, Instant, Key, Str, one_of
from shop_graphql.platform.db import Row
from shop_graphql.reviews.states import ReviewStatus

IS_PUBLISHED = text("status = 'published'")


class Review(Row):
    """One per buyer and product. Lock it before its counts of votes are changed."""

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("product_id", "author_id", name="uq_reviews_one_per_buyer"),
        one_of("status", ReviewStatus),
        CheckConstraint("rating between 1 and 5", name="rating"),
        CheckConstraint("least(helpful_count, unhelpful_count, report_count) >= 0", name="counts"),
        Index("ix_reviews_newest", "product_id", desc("id"), postgresql_where=IS_PUBLISHED),
        Index("ix_reviews_helpful", "product_id", desc("helpful_count"), desc("id"), postgresql_where=IS_PUBLISHED),
        Index("ix_reviews_author", "author_id"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Key]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    author_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    order_id: Mapped[UUID | None]
    rating: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[Str | None]
    body: Mapped[Str | None]
    locale: Mapped[Str | None]
    is_verified: Mapped[bool] = mapped_column(server_default=text("false"))
    """The author bought the product here."""
    status: Mapped[ReviewStatus] = mapped_column(Choice(ReviewStatus), server_default=ReviewStatus.PUBLISHED)
    moderation_reason: Mapped[Str | None]
    helpful_count: Mapped[int] = mapped_column(server_default="0")
    unhelpful_count: Mapped[int] = mapped_column(server_default="0")
    report_count: Mapped[int] = mapped_column(server_default="0")
    reply_body: Mapped[Str | None]
    replied_at: Mapped[Instant | None]
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]


class ReviewVote(Row):
    __tablename__ = "review_votes"
    __table_args__ = (Index("ix_review_votes_voter", "voter_id"),)

    review_id: Mapped[UUID] = mapped_column(ForeignKey(Review.id, ondelete="CASCADE"), primary_key=True)
    voter_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    is_helpful: Mapped[bool]
    at: Mapped[Instant]


class ProductRating(Row):
    """How many published reviews gave one to five stars. Written by triggers on `reviews`, never by hand."""

    __tablename__ = "product_ratings"
    __table_args__ = (
        CheckConstraint("least(r1, r2, r3, r4, r5, verified_count, verified_sum) >= 0", name="counts"),
        {"postgresql_with": {"fillfactor": 50}},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    r1: Mapped[int] = mapped_column(server_default="0")
    r2: Mapped[int] = mapped_column(server_default="0")
    r3: Mapped[int] = mapped_column(server_default="0")
    r4: Mapped[int] = mapped_column(server_default="0")
    r5: Mapped[int] = mapped_column(server_default="0")
    verified_count: Mapped[int] = mapped_column(server_default="0")
    verified_sum: Mapped[int] = mapped_column(server_default="0")
    rating_count: Mapped[int] = mapped_column(Computed("r1 + r2 + r3 + r4 + r5", persisted=True))
    rating_sum: Mapped[int] = mapped_column(Computed("r1 + 2 * r2 + 3 * r3 + 4 * r4 + 5 * r5", persisted=True))
