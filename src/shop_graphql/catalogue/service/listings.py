"""Keeps what pages and searches read: featured offers, listings and search rows, in the change's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, any_, bindparam, delete, exists, select, tuple_, update
from sqlalchemy.dialects.postgresql import Insert, insert

from shop_graphql.catalogue.models import FeaturedOffer, Offer, ProductListing, ProductSearch, Variant
from shop_graphql.catalogue.queries import refresh
from shop_graphql.catalogue.queries.binds import IDS
from shop_graphql.catalogue.service.locking import lock_products
from shop_graphql.platform.db import WriteSession


def _upsert(
    table: Any, rows: Any, *, key: tuple[str, ...], kept: tuple[str, ...] = (), quiet: tuple[str, ...] = ()
) -> Insert:
    """`rows` into `table`: existing ones are overwritten but for `kept` columns, and only where they differ.

    `quiet` columns are overwritten too, but a difference in them alone is none.
    """
    names = [column.name for column in rows.selected_columns]
    new = insert(table.__table__).from_select(names, rows)
    changed = [name for name in names if name not in {*key, *kept}]
    compared = [name for name in changed if name not in quiet]
    differs: ColumnElement[bool] = tuple_(*(getattr(table, name) for name in compared)).is_distinct_from(
        tuple_(*(new.excluded[name] for name in compared))
    )
    return new.on_conflict_do_update(
        index_elements=list(key), set_={name: new.excluded[name] for name in changed}, where=differs
    )


BEST = refresh.BEST_OFFERS.subquery("best")
REFRESH_FEATURED = _upsert(
    FeaturedOffer, refresh.BEST_OFFERS, key=("variant_id", "currency"), quiet=("score", "computed_at")
)
DROP_FEATURED = delete(FeaturedOffer).where(
    FeaturedOffer.variant_id.in_(refresh.FEATURED_VARIANTS),
    ~exists().where(BEST.c.variant_id == FeaturedOffer.variant_id, BEST.c.currency == FeaturedOffer.currency),
)
LISTED = refresh.LISTINGS.subquery("listed")
DROP_LISTINGS = delete(ProductListing).where(
    ProductListing.product_id == any_(IDS),
    ~exists().where(LISTED.c.product_id == ProductListing.product_id, LISTED.c.currency == ProductListing.currency),
)
REFRESH_LISTINGS = _upsert(
    ProductListing,
    refresh.LISTINGS,
    key=("product_id", "currency"),
    kept=("number", "rating_score", "rating_count", "sold_30d"),
)
REFRESH_SEARCH = _upsert(ProductSearch, refresh.SEARCH_ROWS, key=("product_id", "locale"), kept=("number",))

PRODUCTS_OF_OFFERS = (
    select(Variant.product_id).join(Offer, Offer.variant_id == Variant.id).where(Offer.id == any_(IDS)).distinct()
)
SET_HINTS = (
    update(Offer)
    .where(Offer.id == any_(IDS), Offer.is_in_stock != bindparam("in_stock"))
    .values(is_in_stock=bindparam("in_stock"))
    .returning(Offer.variant_id)
    .execution_options(synchronize_session=False)
)
SET_RATING = (
    update(ProductListing)
    .where(ProductListing.product_id == bindparam("of"))
    .values(rating_score=bindparam("score"), rating_count=bindparam("count"))
)
PRODUCTS_OF_VARIANTS = select(Variant.product_id).where(Variant.id == any_(IDS)).distinct()


async def refresh_listing(session: WriteSession, *, product_ids: list[UUID], now: datetime) -> None:
    """Featured offers, listings and search rows of these products are what the other tables say at `now`.

    For what changes without a change of the product: prices that begin or end, a seller's standing.
    """
    await lock_products(session, product_ids=product_ids)
    await write_read_models(session, product_ids=product_ids, now=now)


async def write_read_models(session: WriteSession, *, product_ids: list[UUID], now: datetime) -> None:
    """As `refresh_listing`, for products that are locked or that nobody else can see yet."""
    params = {"ids": product_ids, "now": now}
    for statement in (REFRESH_FEATURED, DROP_FEATURED, DROP_LISTINGS, REFRESH_LISTINGS, REFRESH_SEARCH):
        await session.execute(statement, params, execution_options={"synchronize_session": False})


async def products_of_offers(session: WriteSession, *, offer_ids: list[UUID]) -> list[UUID]:
    """The products that these offers sell, to be locked before facts about them are gathered."""
    return list(await session.scalars(PRODUCTS_OF_OFFERS, {"ids": offer_ids}))


async def set_in_stock(session: WriteSession, *, in_stock: Mapping[UUID, bool], now: datetime) -> list[UUID]:
    """Pages show these offers as in stock or not.

    The flag is a hint for lists and for choosing featured offers; it never decides a sale.
    Shape: `in_stock` by offer id; gives the products whose flag changed.
    """
    await lock_products(session, product_ids=await products_of_offers(session, offer_ids=list(in_stock)))
    variants: list[UUID] = []
    for flag in (True, False):
        ids = [offer_id for offer_id, is_there in in_stock.items() if is_there is flag]
        if ids:
            variants += await session.scalars(SET_HINTS, {"ids": ids, "in_stock": flag})
    if not variants:
        return []
    products = list(await session.scalars(PRODUCTS_OF_VARIANTS, {"ids": variants}))
    await write_read_models(session, product_ids=products, now=now)
    return products


async def set_ratings(session: WriteSession, *, ratings: Mapping[UUID, tuple[int, int]]) -> None:
    """Lists show and sort these products by what their buyers say.

    Shape: by product id, the mean rating times 100 and the number of ratings. Facts from above, handed down.
    """
    await lock_products(session, product_ids=list(ratings))
    rows = [
        {"of": product_id, "score": score, "count": count} for product_id, (score, count) in sorted(ratings.items())
    ]
    if rows:
        # One round trip for any number; the session itself would look for entities to keep in step.
        await (await session.connection()).execute(SET_RATING, rows)
