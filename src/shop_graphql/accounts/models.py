"""Users, what they may do, where they are signed in, where they live."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.accounts.states import RevokeReason, StaffRole, UserStatus
from shop_graphql.platform.columns import Choice, Country, Instant, Key, Str, one_of
from shop_graphql.platform.db import Row


class User(Row):
    """A member or a guest. Never deleted: erasure blanks the row, because orders point at it."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("status", UserStatus),
        CheckConstraint(
            "email is null or (email = lower(email) and length(email) between 3 and 254 and email like '_%@_%')",
            name="email_shape",
        ),
        CheckConstraint(
            "status <> 'erased' or (email is null and phone is null and display_name is null"
            " and password_hash is null and erased_at is not null)",
            name="erased_is_blank",
        ),
        CheckConstraint("is_guest or status = 'erased' or email is not null", name="member_has_email"),
        Index("uq_users_email", "email", unique=True, postgresql_where=text("not is_guest and email is not null")),
    )

    id: Mapped[Key]
    email: Mapped[Str | None]
    """Lower case. A guest's address may be a member's too."""
    phone: Mapped[Str | None]
    display_name: Mapped[Str | None]
    password_hash: Mapped[Str | None]
    password_changed_at: Mapped[Instant | None]
    email_verified_at: Mapped[Instant | None]
    locale: Mapped[Str] = mapped_column(server_default="en")
    country: Mapped[Country | None]
    status: Mapped[UserStatus] = mapped_column(Choice(UserStatus), server_default=UserStatus.ACTIVE)
    is_guest: Mapped[bool] = mapped_column(server_default=text("false"))
    credentials_version: Mapped[int] = mapped_column(server_default="1")
    """Raised when every older access token must die."""
    created_at: Mapped[Instant]
    erased_at: Mapped[Instant | None]

    roles: Mapped[list["UserRole"]] = relationship(lazy="raise", foreign_keys="UserRole.user_id")
    sessions: Mapped[list["UserSession"]] = relationship(lazy="raise")
    addresses: Mapped[list["Address"]] = relationship(lazy="raise", order_by="Address.id")


class UserRole(Row):
    __tablename__ = "user_roles"
    __table_args__ = (one_of("role", StaffRole),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id), primary_key=True)
    role: Mapped[StaffRole] = mapped_column(Choice(StaffRole), primary_key=True)
    granted_by: Mapped[UUID | None] = mapped_column(ForeignKey(User.id))
    granted_at: Mapped[Instant]


class UserSession(Row):
    """One sign-in on one device, until it is revoked or expires."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(revoked_at is null) = (revoke_reason is null)", name="reason"),
        one_of("revoke_reason", RevokeReason, name="reason_known"),
        Index("ix_sessions_user", "user_id", postgresql_where=text("revoked_at is null")),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id))
    device_label: Mapped[Str | None]
    ip_prefix: Mapped[str | None] = mapped_column(INET)
    """Never a whole address: a /24 or a /48."""
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]
    revoke_reason: Mapped[RevokeReason | None] = mapped_column(Choice(RevokeReason))


class Address(Row):
    __tablename__ = "addresses"
    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        Index("ix_addresses_user", "user_id"),
        Index("uq_addresses_default_shipping", "user_id", unique=True, postgresql_where=text("is_default_shipping")),
        Index("uq_addresses_default_billing", "user_id", unique=True, postgresql_where=text("is_default_billing")),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    label: Mapped[Str | None]
    full_name: Mapped[Str]
    line1: Mapped[Str]
    line2: Mapped[Str | None]
    city: Mapped[Str]
    region: Mapped[Str | None]
    postal_code: Mapped[Str | None]
    country: Mapped[Country]
    phone: Mapped[Str | None]
    is_default_shipping: Mapped[bool] = mapped_column(server_default=text("false"))
    is_default_billing: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Instant]
