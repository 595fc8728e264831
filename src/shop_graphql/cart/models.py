"""Carts and their lines. A cart belongs to a user or to whoever knows its secret."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.accounts.models import User
from shop_graphql.cart.states import CartStatus
from shop_graphql.catalogue.models import Offer
from shop_graphql.platform.columns import Choice, Country, Currency, Instant, Key, Minor, Str, currency_code, one_of
from shop_graphql.platform.db import Row


class Cart(Row):
    """Ordered at most once: `order_id` (an id from above) and the status change together."""

    __tablename__ = "carts"
    __table_args__ = (
        UniqueConstraint("guest_secret_hash", name="uq_carts_guest"),
        one_of("status", CartStatus),
        currency_code(),
        CheckConstraint("user_id is not null or guest_secret_hash is not null", name="owner"),
        CheckConstraint("(status = 'ordered') = (order_id is not null)", name="ordered"),
        CheckConstraint("(status = 'merged') = (merged_into_id is not null)", name="merged"),
        Index(
            "uq_carts_one_open",
            "user_id",
            unique=True,
            postgresql_where=text("status = 'open' and user_id is not null"),
        ),
        Index("uq_carts_order", "order_id", unique=True, postgresql_where=text("order_id is not null")),
        Index("ix_carts_user", "user_id", "id"),
        Index("ix_carts_merged_into", "merged_into_id", postgresql_where=text("merged_into_id is not null")),
        Index("ix_carts_idle", "updated_at", postgresql_where=text("status = 'open'")),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Key]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    guest_secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    currency: Mapped[Currency]
    country: Mapped[Country | None]
    status: Mapped[CartStatus] = mapped_column(Choice(CartStatus), server_default=CartStatus.OPEN)
    note: Mapped[Str | None]
    version: Mapped[int] = mapped_column(server_default="1")
    order_id: Mapped[UUID | None]
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("carts.id"))
    reminded_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    expires_at: Mapped[Instant]

    lines: Mapped[list["CartLine"]] = relationship(
        lazy="raise",
        order_by="CartLine.added_at, CartLine.offer_id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class CartLine(Row):
    __tablename__ = "cart_lines"
    __table_args__ = (
        CheckConstraint("quantity between 1 and 9999", name="quantity"),
        Index("ix_cart_lines_offer", "offer_id"),
        {"postgresql_with": {"fillfactor": 80}},
    )

    cart_id: Mapped[UUID] = mapped_column(ForeignKey(Cart.id, ondelete="CASCADE"), primary_key=True)
    offer_id: Mapped[UUID] = mapped_column(ForeignKey(Offer.id), primary_key=True)
    quantity: Mapped[int]
    seen_price_minor: Mapped[Minor]
    """The price shown when the line was added, in the cart's currency: to say that it changed."""
    is_saved_for_later: Mapped[bool] = mapped_column(server_default=text("false"))
    added_at: Mapped[Instant]
