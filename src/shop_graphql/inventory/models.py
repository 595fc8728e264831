"""How many units of an offer lie where, what is promised, and every movement of both numbers."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.catalogue.models import Offer
from shop_graphql.inventory.states import MovementReason, ReservationStatus
from shop_graphql.platform.columns import Choice, Country, Instant, Key, Small, Str, one_of
from shop_graphql.platform.db import Row
from shop_graphql.sellers.models import Seller


class Location(Row):
    __tablename__ = "locations"
    __table_args__ = (
        UniqueConstraint("seller_id", "name", name="uq_locations_name"),
        UniqueConstraint("id", "seller_id", name="uq_locations_id_seller"),
    )

    id: Mapped[Key]
    seller_id: Mapped[UUID] = mapped_column(ForeignKey(Seller.id))
    name: Mapped[Str]
    country: Mapped[Country]
    priority: Mapped[Small] = mapped_column(server_default="0")
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class StockItem(Row):
    """An offer's units at one place. `reserved` counts what is held or allocated; paying does not touch this row."""

    __tablename__ = "stock_items"
    __table_args__ = (
        UniqueConstraint("offer_id", "location_id", name="uq_stock_items_place"),
        ForeignKeyConstraint(["offer_id", "seller_id"], [Offer.id, Offer.seller_id], name="fk_stock_items_offer"),
        ForeignKeyConstraint(
            ["location_id", "seller_id"], [Location.id, Location.seller_id], name="fk_stock_items_location"
        ),
        CheckConstraint("on_hand >= 0", name="on_hand"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("backorder_limit >= 0", name="backorder"),
        CheckConstraint("reserved <= on_hand + backorder_limit", name="never_oversold"),
        Index("ix_stock_items_location", "location_id"),
        {"postgresql_with": {"fillfactor": 60, "autovacuum_vacuum_scale_factor": 0.05}},
    )

    id: Mapped[Key]
    offer_id: Mapped[UUID]
    seller_id: Mapped[UUID]
    location_id: Mapped[UUID]
    on_hand: Mapped[int] = mapped_column(server_default="0")
    reserved: Mapped[int] = mapped_column(server_default="0")
    backorder_limit: Mapped[int] = mapped_column(server_default="0")
    low_stock_at: Mapped[int | None]
    priority: Mapped[Small] = mapped_column(server_default="0")
    updated_at: Mapped[Instant]


class StockReservation(Row):
    """Units promised to a line of an order, and what became of the promise.

    `order_id` is an id from above, or the id of a hold without an order.
    """

    __tablename__ = "stock_reservations"
    __table_args__ = (
        UniqueConstraint("order_id", "line_no", "stock_item_id", name="uq_stock_reservations_line"),
        one_of("status", ReservationStatus),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("(status in ('held', 'allocated')) = (ended_at is null)", name="ended"),
        CheckConstraint("status <> 'held' or expires_at is not null", name="hold_expires"),
        CheckConstraint("status <> 'allocated' or expires_at is null", name="allocated_is_firm"),
        Index(
            "ix_stock_reservations_expiring",
            "stock_item_id",
            "expires_at",
            postgresql_include=["quantity"],
            postgresql_where=text("status = 'held'"),
        ),
        Index("ix_stock_reservations_sweep", "expires_at", postgresql_where=text("status = 'held'")),
        {"postgresql_with": {"fillfactor": 85, "autovacuum_vacuum_scale_factor": 0.02}},
    )

    id: Mapped[Key]
    stock_item_id: Mapped[UUID] = mapped_column(ForeignKey(StockItem.id))
    order_id: Mapped[UUID]
    line_no: Mapped[Small]
    quantity: Mapped[int]
    status: Mapped[ReservationStatus] = mapped_column(Choice(ReservationStatus), server_default=ReservationStatus.HELD)
    expires_at: Mapped[Instant | None]
    """The first instant at which the units are free again; none once paid for."""
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class StockMovement(Row):
    """Append-only. The sums per stock item equal its `on_hand` and `reserved`. Partitioned by the time in `id`."""

    __tablename__ = "stock_movements"
    __table_args__ = (
        one_of("reason", MovementReason),
        CheckConstraint("on_hand_delta <> 0 or reserved_delta <> 0", name="moves"),
        Index(
            "ix_stock_movements_item",
            "stock_item_id",
            "at",
            postgresql_include=["on_hand_delta", "reserved_delta"],
        ),
        {"postgresql_partition_by": "range (id)"},
    )

    id: Mapped[Key]
    stock_item_id: Mapped[UUID]
    on_hand_delta: Mapped[int] = mapped_column(server_default="0")
    reserved_delta: Mapped[int] = mapped_column(server_default="0")
    reason: Mapped[MovementReason] = mapped_column(Choice(MovementReason))
    order_id: Mapped[UUID | None]
    line_no: Mapped[Small | None]
    actor_id: Mapped[UUID | None]
    note: Mapped[Str | None]
    at: Mapped[Instant]
    """When the level changed; for an expired hold the instant of expiry, not of the tidying up."""
