"""Offers that can be bought, written straight into the tables; every level comes with its movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from shop_graphql.catalogue.models import Category, Offer, OfferPrice, Product, ProductSlug
from shop_graphql.catalogue.states import ProductStatus
from shop_graphql.inventory.models import StockMovement
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database, WriteSession
from shop_graphql.sellers.models import Seller
from shop_graphql.sellers.states import SellerStatus
from tests.clock import NOON
from tests.database.rows import (
    a_category,
    a_location,
    a_product,
    a_seller,
    a_stock_item,
    a_user,
    a_variant,
    an_offer,
    new_id,
)


@dataclass(frozen=True)
class Shelf:
    """An offer, and the stock rows that hold its units."""

    offer_id: UUID
    seller_id: UUID
    product_id: UUID
    variant_id: UUID
    stock_ids: tuple[UUID, ...]


async def make_shelf(
    db: Database,
    *,
    units: Sequence[int] = (5,),
    prices: dict[str, int] | None = None,
    seller_id: UUID | None = None,
    title: str = "Kettle",
    max_per_order: int | None = None,
    backorder_limit: int = 0,
) -> Shelf:
    """A committed public offer with `units` at one place each, 10.00 EUR a piece unless `prices` say otherwise."""
    async with db.write() as session:
        seller = await _seller(session, seller_id)
        category = a_category()
        await _add(session, category)
        product, offer = await _offer(session, seller, category, title=title, max_per_order=max_per_order)
        for currency, minor in (prices if prices is not None else {"EUR": 1000}).items():
            session.add(OfferPrice(id=new_id(), offer_id=offer.id, currency=currency, price_minor=minor))
        stock_ids = []
        for place, quantity in enumerate(units):
            location = a_location(seller)
            await _add(session, location)
            item = a_stock_item(
                offer, location, on_hand=quantity, priority=place, backorder_limit=backorder_limit, updated_at=NOON
            )
            await _add(session, item)
            stock_ids.append(item.id)
            if quantity:
                session.add(_first_units(item.id, quantity))
    return Shelf(offer.id, seller.id, product.id, offer.variant_id, tuple(stock_ids))


async def _seller(session: WriteSession, seller_id: UUID | None) -> Seller:
    if seller_id is not None:
        return await session.get_one(Seller, seller_id)
    seller = a_seller(status=SellerStatus.ACTIVE)
    await _add(session, seller)
    return seller


async def _offer(session: WriteSession, seller: Seller, category: Category, **values: Any) -> tuple[Product, Offer]:
    product = a_product(seller, category, status=ProductStatus.PUBLISHED, published_at=NOON, title=values.pop("title"))
    await _add(session, product)
    session.add(ProductSlug(slug=f"p-{product.id}", product_id=product.id, created_at=NOON))
    variant = a_variant(product, title="Steel")
    await _add(session, variant)
    offer = an_offer(variant, seller, **values)
    await _add(session, offer)
    return product, offer


def _first_units(stock_id: UUID, quantity: int) -> StockMovement:
    return StockMovement(
        id=new_id(NOON), stock_item_id=stock_id, on_hand_delta=quantity, reason=MovementReason.INITIAL, at=NOON
    )


async def _add(session: WriteSession, row: Any) -> None:
    session.add(row)
    await session.flush()


async def make_buyer(db: Database, *, email: str | None = None) -> Actor:
    """A committed member."""
    async with db.write() as session:
        user = a_user(email)
        session.add(user)
    return Actor(user_id=user.id)


async def set_price(db: Database, shelf: Shelf, minor: int, *, currency: str = "EUR") -> None:
    """The offer costs another price from now on."""
    await run(
        db,
        "update offer_prices set price_minor = :minor where offer_id = :offer and currency = :currency",
        minor=minor,
        offer=shelf.offer_id,
        currency=currency,
    )


async def run(db: Database, statement: str, **params: Any) -> None:
    """One statement, committed."""
    async with db.write() as session:
        await session.execute(text(statement), params)


async def rows(db: Database, statement: str, **params: Any) -> list[tuple[Any, ...]]:
    """What a statement gives."""
    return await db.reader.fetch(text(statement), params, into=lambda *row: tuple(row))


async def levels(db: Database, shelf: Shelf) -> list[tuple[int, int]]:
    """On hand and reserved at each place, in the places' order."""
    statement = "select on_hand, reserved from stock_items where offer_id = :offer order by priority"
    return await rows(db, statement, offer=shelf.offer_id)


async def assert_books_balance(db: Database, *, at: datetime | None = None) -> None:
    """Levels equal the sums of movements, and `reserved` the promises that are still counted."""
    wrong = """
        select s.id from stock_items s
        where s.on_hand is distinct from
              (select coalesce(sum(m.on_hand_delta), 0) from stock_movements m where m.stock_item_id = s.id)
           or s.reserved is distinct from
              (select coalesce(sum(m.reserved_delta), 0) from stock_movements m where m.stock_item_id = s.id)
           or s.reserved is distinct from
              (select coalesce(sum(r.quantity), 0) from stock_reservations r
               where r.stock_item_id = s.id and r.status in ('held', 'allocated'))
           or s.reserved > s.on_hand + s.backorder_limit
    """
    assert await rows(db, wrong) == []
