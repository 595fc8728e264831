"""The least rows that each table accepts, for tests that ask what it does not accept."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Executable, text
from sqlalchemy.exc import IntegrityError

from shop_graphql.accounts.models import User
from shop_graphql.catalogue.models import Category, Offer, Product, Variant
from shop_graphql.inventory.models import Location, StockItem
from shop_graphql.orders.models import Order, OrderLine, SubOrder
from shop_graphql.platform.db import Row, WriteSession
from shop_graphql.platform.errors import violated_constraint
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.sellers.models import Seller

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
_ids = TimeOrderedIds()


def new_id(at: datetime = NOW) -> UUID:
    return _ids.new(at)


def some_hash(of: str) -> bytes:
    return hashlib.sha256(of.encode()).digest()


async def refusal(session: WriteSession, *asked: Row | Executable) -> str | None:
    """The name of the constraint that refuses the rows or statements; None if all are accepted."""
    try:
        async with session.begin_nested():
            for one in asked:
                if isinstance(one, Row):
                    session.add(one)
                    await session.flush()
                else:
                    await session.execute(one)
    except IntegrityError as error:
        return violated_constraint(error)
    return None


def sql(statement: str, **params: Any) -> Executable:
    return text(statement).bindparams(**params)


def a_user(email: str | None = None, **values: Any) -> User:
    key = new_id()
    return User(id=key, **{"email": email or f"{key}@example.com", "created_at": NOW, **values})


def a_seller(**values: Any) -> Seller:
    key = new_id()
    given = {"slug": f"s-{key}", "name": "Kettles & Co", "country": "DE", "payout_currency": "EUR", **values}
    return Seller(id=key, created_at=NOW, **given)


def a_category(**values: Any) -> Category:
    key = new_id()
    return Category(id=key, **{"name": "Kettles", "slug": f"c-{key}", **values})


def a_product(seller: Seller, category: Category, **values: Any) -> Product:
    given = {"title": "Kettle", "created_at": NOW, "updated_at": NOW, **values}
    return Product(id=new_id(), owner_seller_id=seller.id, category_id=category.id, **given)


def a_variant(product: Product, **values: Any) -> Variant:
    return Variant(id=new_id(), product_id=product.id, **{"created_at": NOW, **values})


def an_offer(variant: Variant, seller: Seller, **values: Any) -> Offer:
    key = new_id()
    return Offer(id=key, variant_id=variant.id, seller_id=seller.id, **{"sku": f"K-{key}", "created_at": NOW, **values})


def a_location(seller: Seller, **values: Any) -> Location:
    key = new_id()
    return Location(id=key, seller_id=seller.id, **{"name": f"L-{key}", "country": "DE", **values})


def a_stock_item(offer: Offer, location: Location, **values: Any) -> StockItem:
    given = {"seller_id": offer.seller_id, "on_hand": 5, "updated_at": NOW, **values}
    return StockItem(id=new_id(), offer_id=offer.id, location_id=location.id, **given)


def an_order(buyer: User, *, at: datetime = NOW, digits: int = 1, **values: Any) -> Order:
    """An order of one line of 20.00 whose number agrees with its day, unless `values` say otherwise."""
    number = int(f"{at:%y%m%d}") * 10**10 + digits
    given = {"number": number, "currency": "EUR", "items_minor": 2000, "total_minor": 2000, "placed_at": at, **values}
    return Order(id=new_id(at), buyer_id=buyer.id, **given)


def a_sub_order(order: Order, seller: Seller, **values: Any) -> SubOrder:
    given = {"sub_no": 1, "items_minor": 2000, "total_minor": 2000, **values}
    return SubOrder(order_id=order.id, seller_id=seller.id, **given)


def an_order_line(part: SubOrder, offer: Offer, product: Product, **values: Any) -> OrderLine:
    given = {
        "line_no": 1,
        "title": "Kettle",
        "variant_title": "",
        "sku": offer.sku,
        "quantity": 2,
        "unit_price_minor": 1000,
        "total_minor": 2000,
        **values,
    }
    return OrderLine(
        order_id=part.order_id,
        sub_no=part.sub_no,
        seller_id=part.seller_id,
        offer_id=offer.id,
        variant_id=offer.variant_id,
        product_id=product.id,
        **given,
    )


@dataclass(frozen=True)
class World:
    """One of everything that other rows need."""

    buyer: User
    seller: Seller
    other_seller: Seller
    category: Category
    product: Product
    variant: Variant
    offer: Offer
    location: Location
    stock: StockItem


async def a_world(session: WriteSession) -> World:
    buyer, seller, other_seller, category = a_user(), a_seller(), a_seller(), a_category()
    product = a_product(seller, category)
    variant = a_variant(product)
    offer, location = an_offer(variant, seller), a_location(seller)
    stock = a_stock_item(offer, location)
    for row in (buyer, seller, other_seller, category, product, variant, offer, location, stock):
        session.add(row)
        await session.flush()
    return World(buyer, seller, other_seller, category, product, variant, offer, location, stock)


def in_days(days: float) -> datetime:
    return NOW + timedelta(days=days)
