"""A cart's life: open, then one of three ends."""

from enum import StrEnum


class CartStatus(StrEnum):
    OPEN = "open"
    ORDERED = "ordered"
    MERGED = "merged"
    EXPIRED = "expired"
