"""Reading stock. What is shown here may be sold a moment later; only taking a hold decides a sale."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Integer, Uuid, any_, bindparam, func, literal_column, select

from shop_graphql.catalogue.models import Offer
from shop_graphql.catalogue.states import OfferStatus
from shop_graphql.inventory.models import Location, StockItem, StockReservation
from shop_graphql.inventory.rows import LevelRow, LocationRow, OfferStock
from shop_graphql.platform.db import Reader
from shop_graphql.sellers.models import Seller
from shop_graphql.sellers.states import SellerStatus

IDS = bindparam("ids", type_=ARRAY(Uuid))
NOW = bindparam("now", type_=DateTime(timezone=True))

# A hold that has run out is free again, although its row is only tidied up when somebody needs the units.
RUN_OUT = (
    select(func.coalesce(func.sum(StockReservation.quantity), 0))
    .where(
        StockReservation.stock_item_id == StockItem.id,
        # Spelled out, because a plan made for any status could not use the index on held ones.
        StockReservation.status == literal_column("'held'"),
        StockReservation.expires_at <= NOW,
    )
    .correlate(StockItem)
    .scalar_subquery()
)
ON_SHELF = func.greatest(StockItem.on_hand - StockItem.reserved + RUN_OUT, 0).cast(Integer)
AVAILABLE = func.greatest(StockItem.on_hand + StockItem.backorder_limit - StockItem.reserved + RUN_OUT, 0).cast(Integer)

STOCK_BY_OFFERS = (
    select(
        Offer.id,
        Offer.stock_policy,
        func.sum(AVAILABLE).cast(Integer),
        func.sum(ON_SHELF).cast(Integer),
        func.max(StockItem.low_stock_at),
    )
    .join(StockItem, StockItem.offer_id == Offer.id)
    .where(Offer.id == any_(IDS))
    .group_by(Offer.id)
)
# What shoppers may buy of a variant, whoever sells it.
STOCK_BY_VARIANTS = (
    select(
        Offer.variant_id,
        Offer.id,
        Offer.stock_policy,
        func.sum(AVAILABLE).cast(Integer),
        func.sum(ON_SHELF).cast(Integer),
        func.max(StockItem.low_stock_at),
    )
    .join(StockItem, StockItem.offer_id == Offer.id)
    .join(Seller, Seller.id == Offer.seller_id)
    .where(Offer.variant_id == any_(IDS), Offer.status == OfferStatus.ACTIVE, Seller.status == SellerStatus.ACTIVE)
    .group_by(Offer.id)
)
LEVELS_BY_OFFERS = (
    select(
        StockItem.id,
        StockItem.offer_id,
        StockItem.seller_id,
        StockItem.location_id,
        StockItem.on_hand,
        StockItem.reserved,
        AVAILABLE,
    )
    .join(Location, Location.id == StockItem.location_id)
    .where(StockItem.offer_id == any_(IDS))
    .order_by(StockItem.offer_id, Location.priority, Location.id)
)
LOCATION_COLUMNS = (Location.id, Location.seller_id, Location.name, Location.country, Location.is_active)
LOCATIONS_BY_IDS = select(*LOCATION_COLUMNS).where(Location.id == any_(IDS))


async def stock_by_offer_ids(reader: Reader, ids: list[UUID], now: datetime) -> dict[UUID, OfferStock]:
    """Each offer's units over all places as of `now`; offers that never had stock are absent."""
    rows = await reader.fetch(STOCK_BY_OFFERS, {"ids": ids, "now": now}, into=OfferStock)
    return {row.offer_id: row for row in rows}


async def stock_by_variant_ids(reader: Reader, ids: list[UUID], now: datetime) -> dict[UUID, list[OfferStock]]:
    """What each variant's offers on sale have in stock as of `now`; variants that nobody sells are absent."""
    found: dict[UUID, list[OfferStock]] = defaultdict(list)
    pairs = await reader.fetch(
        STOCK_BY_VARIANTS, {"ids": ids, "now": now}, into=lambda variant_id, *stock: (variant_id, OfferStock(*stock))
    )
    for variant_id, stock in pairs:
        found[variant_id].append(stock)
    return found


async def available_by_offer_ids(reader: Reader, ids: list[UUID], now: datetime) -> dict[UUID, int]:
    """How many units of each offer can be ordered at `now`: on hand plus allowed backorders less what is promised.

    Shape: every id is there; an unknown offer or one without stock has 0.
    """
    stock = await stock_by_offer_ids(reader, ids, now)
    return {key: stock[key].available if key in stock else 0 for key in ids}


async def levels_by_offer_ids(reader: Reader, ids: list[UUID], now: datetime) -> dict[UUID, list[LevelRow]]:
    """Each offer's units place by place, for its seller and staff; offers that never had stock are absent."""
    found: dict[UUID, list[LevelRow]] = defaultdict(list)
    for row in await reader.fetch(LEVELS_BY_OFFERS, {"ids": ids, "now": now}, into=LevelRow):
        found[row.offer_id].append(row)
    return found


async def locations_by_ids(reader: Reader, ids: list[UUID]) -> dict[UUID, LocationRow]:
    """Places keyed by id; unknown ids are absent."""
    rows = await reader.fetch(LOCATIONS_BY_IDS, {"ids": ids}, into=LocationRow)
    return {row.id: row for row in rows}
