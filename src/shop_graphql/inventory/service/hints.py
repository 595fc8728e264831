"""Telling the catalogue below, and everybody else, whether offers are in stock."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shop_graphql.catalogue.queries import offers_by_ids
from shop_graphql.catalogue.rows import OfferRow
from shop_graphql.catalogue.service import lock_products, set_in_stock
from shop_graphql.events.outbox import publish
from shop_graphql.inventory.events import StockChanged
from shop_graphql.inventory.queries import available_by_offer_ids
from shop_graphql.platform.db import WriteSession


async def refresh_stock_hints(session: WriteSession, *, offer_ids: list[UUID], now: datetime) -> list[UUID]:
    """Pages show these offers as what they are at `now`. For reactions to sales; safe to repeat and to be late.

    Shape: the products whose flag changed.
    """
    offers = await offers_by_ids(session, offer_ids)
    # Read under the lock: of two that run at once, the later one sees what the earlier one saw or more.
    await lock_products(session, product_ids=[offer.product_id for offer in offers.values()])
    available = await available_by_offer_ids(session, list(offers), now)
    in_stock = {offer_id: units > 0 for offer_id, units in available.items()}
    return await set_in_stock(session, in_stock=in_stock, now=now)


async def announce(
    session: WriteSession, *, offers: Sequence[OfferRow], in_stock: Mapping[UUID, bool], now: datetime
) -> None:
    """Pages show it and the fact is published. The caller has locked the offers' stock rows."""
    await set_in_stock(session, in_stock=in_stock, now=now)
    facts = [
        StockChanged(
            aggregate_id=offer.id,
            seller_id=offer.seller_id,
            product_id=offer.product_id,
            is_in_stock=in_stock[offer.id],
        )
        for offer in offers
    ]
    await publish(session, *facts, now=now)
