"""What an account can be, what staff may do, why a sign-in ended."""

from enum import StrEnum


class UserStatus(StrEnum):
    ACTIVE = "active"
    LOCKED = "locked"
    ERASED = "erased"


class StaffRole(StrEnum):
    SUPPORT = "support"
    MODERATOR = "moderator"
    FINANCE = "finance"
    ADMIN = "admin"


class RevokeReason(StrEnum):
    LOGOUT = "logout"
    REUSE = "reuse"
    PASSWORD = "password"  # noqa: S105  # a reason, not a password
    ADMIN = "admin"
    ERASED = "erased"
    EXPIRED = "expired"
