"""Offers: one seller's terms and prices for one variant. Any seller may join any public product with an offer."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import ARRAY, Executable, Text, any_, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range

from shop_graphql.catalogue import queries
from shop_graphql.catalogue.access import check_editor, may_see
from shop_graphql.catalogue.drafts import OfferChanges, OfferDraft, check_offer, check_price, check_terms
from shop_graphql.catalogue.errors import OfferExists, SkuTaken
from shop_graphql.catalogue.events import OfferChanged
from shop_graphql.catalogue.models import Offer, OfferPrice
from shop_graphql.catalogue.queries.binds import IDS
from shop_graphql.catalogue.rows import OfferRow
from shop_graphql.catalogue.service.listings import write_read_models
from shop_graphql.catalogue.service.locking import lock_products
from shop_graphql.catalogue.service.refusing import refusing
from shop_graphql.catalogue.states import OfferStatus, PriceKind, VariantStatus
from shop_graphql.events.outbox import publish
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import Invalid, NotFound

SKUS = bindparam("skus", type_=ARRAY(Text))

Statement = TypeVar("Statement", bound=Executable)


class NewOffer(msgspec.Struct, frozen=True):
    """An offer that has just been made, for whoever puts its first units on the shelf."""

    offer_id: UUID
    variant_id: UUID
    product_id: UUID
    seller_id: UUID
    quantity: int


class PlacedOffer(msgspec.Struct, frozen=True):
    """A draft, the variant it is for and where in the input it stands."""

    variant_id: UUID
    draft: OfferDraft
    at: tuple[str, ...] = ()


def team_of(actor: Actor, seller_id: UUID | None) -> UUID:
    """The seller for whom `actor` acts: the one named, else the only one it belongs to.

    Raises: Invalid when it has to be named, NotFound, RoleTooLow.
    """
    if seller_id is None and len(actor.seller_roles) != 1:
        raise Invalid(field=("sellerId",), message="You belong to several sellers or none; name the one you act for.")
    seller_id = seller_id or next(iter(actor.seller_roles))
    check_editor(actor, seller_id, field=("sellerId",))
    return seller_id


async def offer_create(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, variant_id: UUID, draft: OfferDraft, now: datetime
) -> NewOffer:
    """The variant is for sale on these terms, and pages show it when it is public.

    Raises: Invalid, NotFound (a variant that `actor` cannot see), OfferExists, RoleTooLow, SkuTaken.
    """
    placed = PlacedOffer(variant_id=variant_id, draft=draft)
    return (await offers_create(session, actor=actor, seller_id=seller_id, offers=[placed], now=now))[0]


async def offers_create(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, offers: Sequence[PlacedOffer], now: datetime
) -> list[NewOffer]:
    """As `offer_create` for each of `offers`, all of them or none, in about as many statements as one takes.

    Shape: in the order of the offers.
    Raises: Invalid, NotFound (a variant that `actor` cannot see), OfferExists, RoleTooLow, SkuTaken.
    """
    seller_id = team_of(actor, seller_id)
    for one in offers:
        check_offer(one.draft)
    variants = await queries.variants_by_ids(session, [one.variant_id for one in offers])
    for one in offers:
        variant = variants.get(one.variant_id)
        if variant is None or not may_see(actor, variant, variant.owner_seller_id):
            raise NotFound(field=("variantId",))
        if variant.status is VariantStatus.ARCHIVED:
            raise Invalid(field=("variantId",), message="This variant is archived.")
    product_ids = list({variants[one.variant_id].product_id for one in offers})
    await lock_products(session, product_ids=product_ids)
    keys = await insert_offers(session, seller_id=seller_id, offers=offers, now=now)
    await write_read_models(session, product_ids=product_ids, now=now)
    made = [
        NewOffer(key, one.variant_id, variants[one.variant_id].product_id, seller_id, one.draft.quantity)
        for key, one in zip(keys, offers, strict=True)
    ]
    facts = [
        OfferChanged(
            aggregate_id=new.offer_id, seller_id=seller_id, product_id=new.product_id, variant_id=new.variant_id
        )
        for new in made
    ]
    await publish(session, *facts, now=now)
    return made


async def insert_offers(
    session: WriteSession, *, seller_id: UUID, offers: Sequence[PlacedOffer], now: datetime
) -> list[UUID]:
    """These offers and their list prices are there; the caller refreshes the read models.

    Raises: OfferExists, SkuTaken.
    """
    await _check_free(session, seller_id=seller_id, offers=offers)
    keys = [session.new_id(now) for _ in offers]
    rows = [
        {
            "id": key,
            "variant_id": placed.variant_id,
            "seller_id": seller_id,
            "sku": placed.draft.sku,
            "condition": placed.draft.condition,
            "stock_policy": placed.draft.stock_policy,
            "handling_days": placed.draft.handling_days,
            "max_per_order": placed.draft.max_per_order,
            # A hint only; whoever puts the units on the shelf does so in this same transaction.
            "is_in_stock": placed.draft.quantity > 0,
            "created_at": now,
        }
        for key, placed in zip(keys, offers, strict=True)
    ]
    at = offers[0].at
    taken = {
        "uq_offers_seller_sku": SkuTaken(field=(*at, "sku")),
        "uq_offers_one_per_condition": OfferExists(field=(*at, "condition")),
    }
    with refusing(taken):
        await session.execute(insert(Offer), sorted(rows, key=lambda row: str(row["sku"])))
    prices = [_price_row(session, key, placed.draft, now) for key, placed in zip(keys, offers, strict=True)]
    await session.execute(insert(OfferPrice), prices)
    return keys


async def offer_update(
    session: WriteSession,
    *,
    actor: Actor,
    offer_id: UUID,
    changes: OfferChanges,
    now: datetime,
) -> None:
    """The offer has these terms and this price; orders placed before keep theirs.

    Raises: Invalid, NotFound (also somebody else's), RoleTooLow.
    """
    offer = await _editable(session, actor=actor, offer_id=offer_id)
    check_terms(handling_days=changes.handling_days, max_per_order=changes.max_per_order, at=("changes",))
    if changes.price_minor is not None:
        check_price(changes.price_minor, ("changes", "price"))
    await lock_products(session, product_ids=[offer.product_id])
    values: dict[str, object] = {"version": Offer.version + 1}
    if changes.handling_days is not None:
        values["handling_days"] = changes.handling_days
    if changes.max_per_order is not None:
        values["max_per_order"] = changes.max_per_order
    if changes.is_active is not None:
        values["status"] = OfferStatus.ACTIVE if changes.is_active else OfferStatus.PAUSED
    await session.execute(_quietly(update(Offer).where(Offer.id == offer_id).values(values)))
    if changes.price_minor is not None and changes.currency is not None:
        await _replace_price(session, offer_id=offer_id, price=changes.price_minor, currency=changes.currency, now=now)
    await write_read_models(session, product_ids=[offer.product_id], now=now)
    await publish(
        session,
        OfferChanged(
            aggregate_id=offer_id,
            seller_id=offer.seller_id,
            product_id=offer.product_id,
            variant_id=offer.variant_id,
        ),
        now=now,
    )


async def set_price(
    session: WriteSession, *, actor: Actor, offer_id: UUID, price_minor: int, currency: str, now: datetime
) -> None:
    """From `now` on the offer's list price in `currency` is `price_minor`, until it is set again.

    Raises: Invalid, NotFound (also somebody else's), RoleTooLow.
    """
    changes = OfferChanges(price_minor=price_minor, currency=currency)
    await offer_update(session, actor=actor, offer_id=offer_id, changes=changes, now=now)


async def _editable(session: WriteSession, *, actor: Actor, offer_id: UUID) -> OfferRow:
    offer = (await queries.offers_by_ids(session, [offer_id])).get(offer_id)
    if offer is None:
        raise NotFound(field=("id",))
    check_editor(actor, offer.seller_id, field=("id",))
    return offer


async def _check_free(session: WriteSession, *, seller_id: UUID, offers: Sequence[PlacedOffer]) -> None:
    mine = select(Offer.sku, Offer.variant_id, Offer.condition).where(Offer.seller_id == seller_id)
    wanted = [placed.draft.sku for placed in offers]
    taken = {row.sku for row in await session.execute(mine.where(Offer.sku == any_(SKUS)), {"skus": wanted})}
    for placed in offers:
        if placed.draft.sku in taken:
            raise SkuTaken(field=(*placed.at, "sku"))
    there = await session.execute(
        mine.where(Offer.variant_id == any_(IDS)), {"ids": [placed.variant_id for placed in offers]}
    )
    sold = {(row.variant_id, row.condition) for row in there}
    for placed in offers:
        if (placed.variant_id, placed.draft.condition) in sold:
            raise OfferExists(field=(*placed.at, "condition"))


async def _replace_price(session: WriteSession, *, offer_id: UUID, price: int, currency: str, now: datetime) -> None:
    listed = (OfferPrice.offer_id == offer_id, OfferPrice.currency == currency, OfferPrice.kind == PriceKind.LIST)
    starts = func.lower(OfferPrice.valid)
    # A price set twice in one instant, or planned for later, has never held.
    await session.execute(_quietly(delete(OfferPrice).where(*listed, starts >= now)))
    ends = update(OfferPrice).where(*listed, OfferPrice.valid.contains(now)).values(valid=func.tstzrange(starts, now))
    await session.execute(_quietly(ends))
    # The first price has no beginning, so that a clock a moment behind finds it too.
    is_first = await session.scalar(select(OfferPrice.id).where(*listed).limit(1)) is None
    await session.execute(
        insert(OfferPrice).values(
            id=session.new_id(now),
            offer_id=offer_id,
            currency=currency,
            price_minor=price,
            valid=Range(None if is_first else now, None),
        )
    )


def _price_row(session: WriteSession, offer_id: UUID, draft: OfferDraft, now: datetime) -> dict[str, object]:
    return {
        "id": session.new_id(now),
        "offer_id": offer_id,
        "currency": draft.currency,
        "kind": PriceKind.LIST,
        "price_minor": draft.price_minor,
        "valid": Range(None, None),
    }


def _quietly(statement: Statement) -> Statement:
    # Nothing of this is loaded as an entity, so there is nothing to keep in step.
    return statement.execution_options(synchronize_session=False)
