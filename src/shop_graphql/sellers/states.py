"""A seller's standing, and what its members may do."""

from enum import StrEnum


class SellerStatus(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    REJECTED = "rejected"
    CLOSED = "closed"


class MemberRole(StrEnum):
    OWNER = "owner"
    MANAGER = "manager"
    FULFILLER = "fulfiller"
