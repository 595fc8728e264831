"""What becomes of a promise of units, and why levels move."""

from collections.abc import Mapping
from enum import StrEnum


class ReservationStatus(StrEnum):
    HELD = "held"
    """Promised until `expires_at`."""
    ALLOCATED = "allocated"
    """Paid for: firm until it is shipped or released."""
    FULFILLED = "fulfilled"
    RELEASED = "released"
    EXPIRED = "expired"


NEXT: Mapping[ReservationStatus, frozenset[ReservationStatus]] = {
    ReservationStatus.HELD: frozenset(
        {ReservationStatus.ALLOCATED, ReservationStatus.RELEASED, ReservationStatus.EXPIRED}
    ),
    ReservationStatus.ALLOCATED: frozenset({ReservationStatus.FULFILLED, ReservationStatus.RELEASED}),
    # A payment that came late takes the units again, if they are still there.
    ReservationStatus.EXPIRED: frozenset({ReservationStatus.ALLOCATED}),
    ReservationStatus.FULFILLED: frozenset(),
    ReservationStatus.RELEASED: frozenset(),
}
assert NEXT.keys() == set(ReservationStatus)


class MovementReason(StrEnum):
    INITIAL = "initial"
    RECEIPT = "receipt"
    ADJUST = "adjust"
    COUNT = "count"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    HOLD = "hold"
    EXPIRE = "expire"
    RELEASE = "release"
    SHIP = "ship"
    RETURN = "return"
    DAMAGE = "damage"
