"""Changing the catalogue: for members of sellers' teams, each within its own."""

from typing import Annotated
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.inputs import OfferCreateInput, OfferUpdateInput, ProductCreateInput, ProductUpdateInput
from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.catalogue.types import Offer, Product
from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload
from shop_graphql.api.ids import key_of
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.catalogue import queries as catalogue
from shop_graphql.catalogue import service
from shop_graphql.inventory.service import launch
from shop_graphql.platform.db import Reader


@strawberry.type(description="What came of `productCreate`.")
class ProductCreatePayload(Payload):
    product: Product | None = strawberry.field(default=None, description="The new product; null when refused.")


@strawberry.type(description="What came of `productUpdate`.")
class ProductUpdatePayload(Payload):
    product: Product | None = strawberry.field(default=None, description="The product as it is now; null when refused.")


@strawberry.type(description="What came of `offerCreate`.")
class OfferCreatePayload(Payload):
    offer: Offer | None = strawberry.field(default=None, description="The new offer; null when refused.")


@strawberry.type(description="What came of `offerUpdate`.")
class OfferUpdatePayload(Payload):
    offer: Offer | None = strawberry.field(default=None, description="The offer as it is now; null when refused.")


def seller_key(value: strawberry.ID | None) -> UUID | None:
    return key_of(value, "Seller") if value is not None else None


async def product_now(info: Info, reader: Reader, key: UUID) -> Product:
    """The product as the transaction leaves it."""
    return Product.from_row((await catalogue.products_by_ids(reader, [key]))[key], scene_of(info))


async def offer_now(info: Info, reader: Reader, key: UUID, currency: str | None) -> Offer:
    """The offer as the transaction leaves it, its price in `currency`."""
    return Offer.from_row((await catalogue.offers_by_ids(reader, [key]))[key], scene_of(info, currency))


@strawberry.type
class CatalogueMutations:
    @strawberry.mutation(
        description="Makes a product with its variants and, if given, the seller's own offers and stock. For owners "
        "and managers of a seller. Refusals: INVALID, ALREADY_EXISTS (SKU, GTIN), NOT_FOUND, NOT_ALLOWED, TOO_MANY.",
        extensions=[Needs(Access.SELLER)],
    )
    async def product_create(
        self, info: Info, input: Annotated[ProductCreateInput, strawberry.argument(description="What to make.")]
    ) -> ProductCreatePayload | None:
        seller_id, draft = seller_key(input.seller_id), input.to_draft()
        async with info.context.transaction() as tx:
            made = await launch.launch_product(
                tx.session, actor=info.context.actor, seller_id=seller_id, draft=draft, now=tx.now
            )
            return ProductCreatePayload(product=await product_now(info, tx.session, made.product_id))
        return ProductCreatePayload(user_errors=tx.errors)

    @strawberry.mutation(
        description="Changes a product's page or standing. For owners and managers of the seller that keeps it. "
        "Refusals: INVALID, NOT_FOUND, NOT_ALLOWED, STATE_CONFLICT.",
        extensions=[Needs(Access.SELLER)],
    )
    async def product_update(
        self,
        info: Info,
        input: Annotated[ProductUpdateInput, strawberry.argument(description="Which product, and what to change.")],
    ) -> ProductUpdatePayload | None:
        key, changes = key_of(input.id, "Product"), input.changes.to_changes()
        async with info.context.transaction() as tx:
            await service.product_update(
                tx.session,
                actor=info.context.actor,
                product_id=key,
                changes=changes,
                expected_version=input.expected_version,
                now=tx.now,
            )
            return ProductUpdatePayload(product=await product_now(info, tx.session, key))
        return ProductUpdatePayload(user_errors=tx.errors)

    @strawberry.mutation(
        description="Puts a variant up for sale, also one of another seller's public product. For owners and managers. "
        "Refusals: INVALID, ALREADY_EXISTS (SKU, or an offer in this condition), NOT_FOUND, NOT_ALLOWED.",
        extensions=[Needs(Access.SELLER)],
    )
    async def offer_create(
        self,
        info: Info,
        input: Annotated[OfferCreateInput, strawberry.argument(description="What to sell, and on which terms.")],
    ) -> OfferCreatePayload | None:
        seller_id, key, draft = (
            seller_key(input.seller_id),
            key_of(input.variant_id, "ProductVariant"),
            input.to_draft(),
        )
        async with info.context.transaction() as tx:
            made = await launch.launch_offer(
                tx.session, actor=info.context.actor, seller_id=seller_id, variant_id=key, draft=draft, now=tx.now
            )
            return OfferCreatePayload(offer=await offer_now(info, tx.session, made.offer_id, draft.currency))
        return OfferCreatePayload(user_errors=tx.errors)

    @strawberry.mutation(
        description="Changes an offer's terms or price; orders placed before keep theirs. For owners and managers of "
        "its seller. Refusals: INVALID, NOT_FOUND, NOT_ALLOWED.",
        extensions=[Needs(Access.SELLER)],
    )
    async def offer_update(
        self,
        info: Info,
        input: Annotated[OfferUpdateInput, strawberry.argument(description="Which offer, and what to change.")],
    ) -> OfferUpdatePayload | None:
        key, changes = key_of(input.id, "Offer"), input.changes.to_changes()
        async with info.context.transaction() as tx:
            await service.offer_update(tx.session, actor=info.context.actor, offer_id=key, changes=changes, now=tx.now)
            return OfferUpdatePayload(offer=await offer_now(info, tx.session, key, changes.currency))
        return OfferUpdatePayload(user_errors=tx.errors)
