"""The locks under which a product, its variants, offers and read models change."""

from uuid import UUID

from sqlalchemy import any_, select

from shop_graphql.catalogue.models import Product, Variant
from shop_graphql.catalogue.queries.binds import IDS
from shop_graphql.platform.db import Lock, WriteSession

VARIANTS_TO_LOCK = (
    select(Variant.id).where(Variant.product_id == any_(IDS)).order_by(Variant.id).with_for_update(key_share=True)
)
PRODUCTS_TO_LOCK = (
    select(Product.id).where(Product.id == any_(IDS)).order_by(Product.id).with_for_update(key_share=True)
)
LOCKED = "locked_products"


async def lock_products(session: WriteSession, *, product_ids: list[UUID]) -> None:
    """Nobody else changes these products, their variants or offers until the transaction ends.

    Shape: variants before products, each in key order. Locking the same products again does nothing.
    """
    held: set[UUID] = session.info.setdefault(LOCKED, set())
    wanted = sorted(set(product_ids) - held)
    if not wanted:
        return
    session.taking(Lock.VARIANT)
    await session.execute(VARIANTS_TO_LOCK, {"ids": wanted})
    session.taking(Lock.PRODUCT)
    await session.execute(PRODUCTS_TO_LOCK, {"ids": wanted})
    held.update(wanted)
