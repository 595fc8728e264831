"""Which places give which units. Pure: no database, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Units of one offer that one line of an order wants. `field` is where a refusal points inside `input`."""

    line_no: int
    offer_id: UUID
    quantity: int
    field: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """What one stock row can still give; the rows of one offer come in the order in which they are used up."""

    stock_item_id: UUID
    offer_id: UUID
    free: int


@dataclass(frozen=True, slots=True)
class Taking:
    """Units of one stock row promised to one line."""

    line_no: int
    stock_item_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Shortage:
    """The first line that cannot be had whole; `available` counts what all lines of its offer may share."""

    line: HoldLine
    available: int


def wanted_by_offer(lines: Sequence[HoldLine]) -> dict[UUID, int]:
    """Units wanted per offer, all lines of it added up."""
    wanted: dict[UUID, int] = {}
    for line in lines:
        wanted[line.offer_id] = wanted.get(line.offer_id, 0) + line.quantity
    return wanted


def free_by_offer(places: Sequence[Place]) -> dict[UUID, int]:
    """Units free per offer over all its places; a place that owes units (a backorder withdrawn) counts as empty."""
    free: dict[UUID, int] = {}
    for place in places:
        free[place.offer_id] = free.get(place.offer_id, 0) + max(0, place.free)
    return free


def allot(lines: Sequence[HoldLine], places: Sequence[Place]) -> list[Taking] | Shortage:
    """Every line's units, each from one place if one has enough, else from several in the places' order.

    All or nothing: demand is added up per offer first, so two lines of one offer never share a unit.
    """
    free = free_by_offer(places)
    wanted = wanted_by_offer(lines)
    for line in lines:
        if wanted[line.offer_id] > free.get(line.offer_id, 0):
            return Shortage(line=line, available=free.get(line.offer_id, 0))

    left = {place.stock_item_id: max(0, place.free) for place in places}
    at: dict[UUID, list[UUID]] = {}
    for place in places:
        at.setdefault(place.offer_id, []).append(place.stock_item_id)
    return [taking for line in lines for taking in _from_places(line, at[line.offer_id], left)]


def _from_places(line: HoldLine, places: Sequence[UUID], left: dict[UUID, int]) -> list[Taking]:
    whole = next((place for place in places if left[place] >= line.quantity), None)
    takings, need = [], line.quantity
    for place in [whole] if whole else places:
        given = min(need, left[place])
        if given:
            left[place] -= given
            need -= given
            takings.append(Taking(line.line_no, place, given))
    return takings
