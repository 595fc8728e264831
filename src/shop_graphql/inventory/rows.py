"""What reading stock gives. Fields stand in the order of their statement's columns."""

from uuid import UUID

import msgspec

from shop_graphql.catalogue.states import StockPolicy


class OfferStock(msgspec.Struct, frozen=True):
    """An offer's units over all places, as a shopper may buy them."""

    offer_id: UUID
    policy: StockPolicy
    available: int
    """What can be ordered now, later deliveries that the seller allows included; never below 0."""
    on_shelf: int
    """What of it lies ready; never below 0."""
    low_at: int | None
    """The seller's own warning level: the highest of all places."""


class LevelRow(msgspec.Struct, frozen=True):
    """An offer's units at one place."""

    id: UUID
    offer_id: UUID
    seller_id: UUID
    location_id: UUID
    on_hand: int
    reserved: int
    """Held for unpaid orders or allocated to paid ones; holds that have run out count until they are tidied up."""
    available: int


class LocationRow(msgspec.Struct, frozen=True):
    id: UUID
    seller_id: UUID
    name: str
    country: str
    is_active: bool
