"""Products: making them, changing them, and the addresses of their pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Text, any_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from shop_graphql.catalogue import queries
from shop_graphql.catalogue.access import check_editor
from shop_graphql.catalogue.codes import slug_of
from shop_graphql.catalogue.drafts import ProductChanges, ProductDraft, check_changes, check_product
from shop_graphql.catalogue.errors import GtinTaken, StatusUnreachable, VersionChanged
from shop_graphql.catalogue.events import ProductChanged
from shop_graphql.catalogue.models import Product, ProductOption, ProductSlug, Variant
from shop_graphql.catalogue.queries.binds import IDS
from shop_graphql.catalogue.rows import ProductRow
from shop_graphql.catalogue.service.listings import write_read_models
from shop_graphql.catalogue.service.locking import lock_products
from shop_graphql.catalogue.service.offers import NewOffer, PlacedOffer, insert_offers, team_of
from shop_graphql.catalogue.service.refusing import refusing
from shop_graphql.catalogue.service.taxonomy import brand_named, check_category
from shop_graphql.catalogue.states import PRODUCT_NEXT, ProductStatus, VariantStatus
from shop_graphql.events.outbox import publish
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import WriteSession
from shop_graphql.platform.errors import NotFound

TAKEN_GTINS = select(Variant.gtin).where(
    Variant.gtin == any_(bindparam("gtins", type_=ARRAY(Text))), Variant.status != VariantStatus.ARCHIVED
)
ADDRESSED = select(ProductSlug.product_id).where(ProductSlug.product_id == any_(IDS))


class NewProduct(msgspec.Struct, frozen=True):
    """A product that has just been made; `offers` for whoever puts their first units on the shelf."""

    product_id: UUID
    variant_ids: list[UUID]
    offers: list[NewOffer]


async def product_create(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, draft: ProductDraft, now: datetime
) -> NewProduct:
    """A product with its variants and the seller's own offers stands in the catalogue; published, it is findable.

    Shape: `variant_ids` in the order of the draft.
    Raises: GtinTaken, Invalid, NotFound (category, seller), RoleTooLow, SkuTaken, TooManyOptions, TooManyVariants.
    """
    return (await products_create(session, actor=actor, seller_id=seller_id, drafts=[draft], now=now))[0]


async def products_create(
    session: WriteSession, *, actor: Actor, seller_id: UUID | None, drafts: Sequence[ProductDraft], now: datetime
) -> list[NewProduct]:
    """As `product_create` for each of `drafts`, all of them or none, in about as many statements as one takes.

    A refusal points into the draft that is at fault and does not say which that is.
    Shape: in the order of the drafts.
    Raises: GtinTaken, Invalid, NotFound (category, seller), RoleTooLow, SkuTaken, TooManyOptions, TooManyVariants.
    """
    seller_id = team_of(actor, seller_id)
    for draft in drafts:
        check_product(draft)
    for category_id in dict.fromkeys(draft.category_id for draft in drafts):
        await check_category(session, category_id=category_id, field=("categoryId",))
    await _check_gtins(session, drafts)
    keys = [session.new_id(now) for _ in drafts]
    await _insert_products(session, seller_id=seller_id, drafts=dict(zip(keys, drafts, strict=True)), now=now)
    variants = [[session.new_id(now) for _ in draft.variants] for draft in drafts]
    await _insert_variants(session, keys=keys, drafts=drafts, variants=variants, now=now)
    placed = [
        (product_id, PlacedOffer(variant_id, variant.offer, at=("variants", str(place), "offer")))
        for product_id, draft, variant_ids in zip(keys, drafts, variants, strict=True)
        for place, (variant_id, variant) in enumerate(zip(variant_ids, draft.variants, strict=True))
        if variant.offer is not None
    ]
    offers: dict[UUID, list[NewOffer]] = {product_id: [] for product_id in keys}
    if placed:
        ids = await insert_offers(session, seller_id=seller_id, offers=[one for _, one in placed], now=now)
        for key, (product_id, one) in zip(ids, placed, strict=True):
            offers[product_id].append(NewOffer(key, one.variant_id, product_id, seller_id, one.draft.quantity))
    await write_read_models(session, product_ids=keys, now=now)
    facts = [
        ProductChanged(aggregate_id=product_id, seller_id=seller_id, status=_first_status(draft))
        for product_id, draft in zip(keys, drafts, strict=True)
    ]
    await publish(session, *facts, now=now)
    return [NewProduct(key, variant_ids, offers[key]) for key, variant_ids in zip(keys, variants, strict=True)]


async def product_update(
    session: WriteSession,
    *,
    actor: Actor,
    product_id: UUID,
    changes: ProductChanges,
    now: datetime,
    expected_version: int | None = None,
) -> None:
    """The product is as `changes` say, and lists and searches agree. Old addresses keep leading to it.

    Raises: Invalid, NotFound (also somebody else's), RoleTooLow, StatusUnreachable, VersionChanged.
    """
    check_changes(changes)
    await _editable(session, actor=actor, product_id=product_id)
    await lock_products(session, product_ids=[product_id])
    product = await _editable(session, actor=actor, product_id=product_id)
    if expected_version is not None and expected_version != product.version:
        raise VersionChanged(field=("expectedVersion",))
    values = await _values(session, product=product, changes=changes, now=now)
    await session.execute(
        update(Product)
        .where(Product.id == product_id)
        .values(**values, version=Product.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    if changes.title is not None:
        await _readdress(session, product_id=product_id, title=changes.title, current=product.slug, now=now)
    await write_read_models(session, product_ids=[product_id], now=now)
    status = changes.status or product.status
    fact = ProductChanged(aggregate_id=product_id, seller_id=product.owner_seller_id, status=status)
    await publish(session, fact, now=now)


async def product_publish(session: WriteSession, *, actor: Actor, product_id: UUID, now: datetime) -> None:
    """Everybody sees the product.

    Raises: NotFound (also somebody else's), RoleTooLow, StatusUnreachable.
    """
    changes = ProductChanges(status=ProductStatus.PUBLISHED)
    await product_update(session, actor=actor, product_id=product_id, changes=changes, now=now)


async def _editable(session: WriteSession, *, actor: Actor, product_id: UUID) -> ProductRow:
    product = (await queries.products_by_ids(session, [product_id])).get(product_id)
    if product is None:
        raise NotFound(field=("id",))
    check_editor(actor, product.owner_seller_id, field=("id",))
    return product


async def _values(
    session: WriteSession, *, product: ProductRow, changes: ProductChanges, now: datetime
) -> Mapping[str, object]:
    values: dict[str, object] = {}
    if changes.title is not None:
        values["title"] = changes.title.strip()
    if changes.description is not None:
        values["description"] = changes.description
    if changes.category_id is not None:
        await check_category(session, category_id=changes.category_id, field=("changes", "categoryId"))
        values["category_id"] = changes.category_id
    if changes.brand is not None:
        values["brand_id"] = await brand_named(session, name=changes.brand, now=now) if changes.brand else None
    if changes.status is not None and changes.status is not product.status:
        if changes.status not in PRODUCT_NEXT[product.status]:
            raise StatusUnreachable(field=("changes", "status"))
        values["status"] = changes.status
        if changes.status is ProductStatus.PUBLISHED:
            # The first time counts: taking a page back and showing it again does not make it new.
            values["published_at"] = product.published_at or now
    return values


def _first_status(draft: ProductDraft) -> ProductStatus:
    return ProductStatus.PUBLISHED if draft.publish else ProductStatus.DRAFT


async def _insert_products(
    session: WriteSession, *, seller_id: UUID, drafts: Mapping[UUID, ProductDraft], now: datetime
) -> None:
    names = dict.fromkeys(draft.brand for draft in drafts.values() if draft.brand)
    brands = {name: await brand_named(session, name=name, now=now) for name in names}
    rows = [
        {
            "id": product_id,
            "owner_seller_id": seller_id,
            "category_id": draft.category_id,
            "brand_id": brands[draft.brand] if draft.brand else None,
            "title": draft.title.strip(),
            "description": draft.description,
            "status": _first_status(draft),
            "published_at": now if draft.publish else None,
            "created_at": now,
            "updated_at": now,
        }
        for product_id, draft in drafts.items()
    ]
    await session.execute(insert(Product), rows)
    await _address(session, titles={product_id: draft.title for product_id, draft in drafts.items()}, now=now)
    options = [
        {"product_id": product_id, "position": place, "name": name.strip()}
        for product_id, draft in drafts.items()
        for place, name in enumerate(draft.options, start=1)
    ]
    if options:
        await session.execute(insert(ProductOption), options)


async def _insert_variants(
    session: WriteSession,
    *,
    keys: Sequence[UUID],
    drafts: Sequence[ProductDraft],
    variants: Sequence[Sequence[UUID]],
    now: datetime,
) -> None:
    rows = [
        {
            "id": variant_id,
            "product_id": product_id,
            "title": variant.title.strip() or " / ".join(variant.option_values),
            "gtin": variant.gtin,
            "option_values": list(variant.option_values),
            "position": place,
            "created_at": now,
        }
        for product_id, draft, variant_ids in zip(keys, drafts, variants, strict=True)
        for place, (variant_id, variant) in enumerate(zip(variant_ids, draft.variants, strict=True))
    ]
    with refusing({"uq_variants_gtin": GtinTaken(field=("variants",))}):
        await session.execute(insert(Variant), rows)


async def _check_gtins(session: WriteSession, drafts: Sequence[ProductDraft]) -> None:
    gtins = [variant.gtin for draft in drafts for variant in draft.variants if variant.gtin is not None]
    taken = set(await session.scalars(TAKEN_GTINS, {"gtins": gtins})) if gtins else set()
    for draft in drafts:
        for place, variant in enumerate(draft.variants):
            if variant.gtin in taken:
                raise GtinTaken(field=("variants", str(place), "gtin"))


async def _address(session: WriteSession, *, titles: Mapping[UUID, str], now: datetime) -> None:
    """New products have the addresses that their titles make, or where these are taken, longer ones."""
    rows = [
        {"slug": slug_of(title) or "product", "product_id": product_id, "is_current": True, "created_at": now}
        for product_id, title in titles.items()
    ]
    # In the order of the slugs, so that two sellers who want the same ones wait for each other in one direction only.
    new = upsert(ProductSlug).on_conflict_do_nothing(index_elements=["slug"])
    await session.execute(new, sorted(rows, key=lambda row: str(row["slug"])))
    addressed = set(await session.scalars(ADDRESSED, {"ids": list(titles)}))
    for product_id, title in titles.items():
        if product_id not in addressed:
            await _readdress(session, product_id=product_id, title=title, current=None, now=now)


async def _readdress(
    session: WriteSession, *, product_id: UUID, title: str, current: str | None, now: datetime
) -> None:
    plain = slug_of(title) or "product"
    # The end of the key tells products of one title apart; its last six bytes are random.
    for slug in (plain, f"{plain}-{product_id.hex[-6:]}", f"{plain}-{product_id.hex}"):
        if slug == current:
            return
        if await _take_address(session, product_id=product_id, slug=slug, now=now):
            return
    raise AssertionError("a slug with the whole key in it is nobody else's")


async def _take_address(session: WriteSession, *, product_id: UUID, slug: str, now: datetime) -> bool:
    new = upsert(ProductSlug).values(slug=slug, product_id=product_id, is_current=False, created_at=now)
    await session.execute(new.on_conflict_do_nothing(index_elements=["slug"]))
    owner = await session.scalar(select(ProductSlug.product_id).where(ProductSlug.slug == slug))
    if owner != product_id:
        return False
    mine = update(ProductSlug).where(ProductSlug.product_id == product_id)
    was = mine.where(ProductSlug.is_current).values(is_current=False)
    await session.execute(was.execution_options(synchronize_session=False))
    now_is = mine.where(ProductSlug.slug == slug).values(is_current=True)
    await session.execute(now_is.execution_options(synchronize_session=False))
    return True
