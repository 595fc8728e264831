"""Sellers and their teams."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.accounts.models import User
from shop_graphql.platform.columns import Choice, Country, Currency, Instant, Key, Small, Str, currency_code, one_of
from shop_graphql.platform.db import Row
from shop_graphql.sellers.states import MemberRole, SellerStatus


class Seller(Row):
    __tablename__ = "sellers"
    __table_args__ = (
        UniqueConstraint("slug"),
        one_of("status", SellerStatus),
        currency_code("payout_currency"),
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        CheckConstraint("rating_count >= 0 and rating_sum between rating_count and rating_count * 5", name="rating"),
    )

    id: Mapped[Key]
    slug: Mapped[Str]
    name: Mapped[Str]
    legal_name: Mapped[Str | None]
    tax_number: Mapped[Str | None]
    country: Mapped[Country]
    payout_currency: Mapped[Currency]
    time_zone: Mapped[Str] = mapped_column(server_default="UTC")
    about: Mapped[Str | None]
    status: Mapped[SellerStatus] = mapped_column(Choice(SellerStatus), server_default=SellerStatus.APPLIED)
    status_reason: Mapped[Str | None]
    terms_accepted_at: Mapped[Instant | None]
    payout_account_ref: Mapped[Str | None]
    ships_in_days: Mapped[Small] = mapped_column(server_default="2")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    rating_sum: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Instant]

    members: Mapped[list["SellerMember"]] = relationship(lazy="raise")


class SellerMember(Row):
    __tablename__ = "seller_members"
    __table_args__ = (one_of("role", MemberRole), Index("ix_seller_members_user", "user_id"))

    seller_id: Mapped[UUID] = mapped_column(ForeignKey(Seller.id), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    role: Mapped[MemberRole] = mapped_column(Choice(MemberRole))
    added_at: Mapped[Instant]
