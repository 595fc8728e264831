"""Products, variants and offers as clients see them.

A type copies its scalars from a row once; whatever needs the database again is a field that asks a loader.
`scene` says for which currency and instant prices and stock are shown. No rules and no SQL live here.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Self
from uuid import UUID

import strawberry

from shop_graphql.api.catalogue.categories import Category, category_of, load_categories
from shop_graphql.api.catalogue.enums import OfferCondition, OfferStatus, ProductStatus
from shop_graphql.api.catalogue.parts import (
    Brand,
    Media,
    ProductOption,
    ProductPriceRange,
    ProductRating,
    SelectedOption,
)
from shop_graphql.api.catalogue.scene import Scene, scene_of
from shop_graphql.api.context import Info
from shop_graphql.api.ids import global_id
from shop_graphql.api.inventory.enums import Availability
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import Money
from shop_graphql.api.sellers.types import Seller
from shop_graphql.catalogue.access import belongs_to, may_see
from shop_graphql.catalogue.rows import OfferRow, ProductRow, VariantRow
from shop_graphql.inventory.availability import availability_of, best_of
from shop_graphql.platform.auth import Actor

if TYPE_CHECKING:
    from shop_graphql.api.inventory.types import StockLevel

LazyStockLevel = Annotated["StockLevel", strawberry.lazy("shop_graphql.api.inventory.types")]


async def seller_of(info: Info, key: UUID) -> Seller:
    """The seller of something that the caller may see."""
    row = await info.context.loaders.sellers.seller.load(key)
    assert row is not None, "products and offers refer to sellers by foreign key"
    return Seller.from_row(row)


@strawberry.type(description="One seller's terms for one variant. Public while it is for sale; else its seller's only.")
class Offer(Node):
    sku: str = strawberry.field(description="The seller's own name for it, unique among the seller's offers.")
    condition: OfferCondition = strawberry.field(description="What state the goods are in.")
    status: OfferStatus = strawberry.field(description="Where the offer stands; ACTIVE is for sale.")
    handling_days: int = strawberry.field(description="Working days until the parcel leaves, 0 to 60.")
    max_per_order: int | None = strawberry.field(description="Units that one order may hold; null for no limit.")
    version: int = strawberry.field(description="Rises with each change of the terms.")
    row: strawberry.Private[OfferRow]
    scene: strawberry.Private[Scene | None]

    @classmethod
    def from_row(cls, row: OfferRow, scene: Scene | None = None) -> Self:
        return cls(
            id=global_id("Offer", row.id),
            sku=row.sku,
            condition=row.condition,
            status=row.status,
            handling_days=row.handling_days,
            max_per_order=row.max_per_order,
            version=row.version,
            row=row,
            scene=scene,
        )

    @classmethod
    def visible(cls, row: OfferRow | None, actor: Actor, scene: Scene | None = None) -> Self | None:
        """The offer, or None where there is none that `actor` may see."""
        return cls.from_row(row, scene) if row and may_see(actor, row, row.seller_id) else None

    @strawberry.field(description="What one unit costs now; null where it is not sold in the currency asked for.")
    async def price(self, info: Info) -> Money | None:
        scene = self.scene or scene_of(info)
        row = await info.context.loaders.catalogue.price.load((self.row.id, scene))
        return Money.of(row.price_minor, row.currency) if row else None

    @strawberry.field(description="The list price while a lower sale price holds, else null.")
    async def compare_at_price(self, info: Info) -> Money | None:
        scene = self.scene or scene_of(info)
        row = await info.context.loaders.catalogue.price.load((self.row.id, scene))
        is_sale = row is not None and row.list_minor is not None and row.list_minor > row.price_minor
        return Money.of(row.list_minor, row.currency) if row and is_sale and row.list_minor else None

    @strawberry.field(description="Whether it can be bought now.")
    async def availability(self, info: Info) -> Availability:
        key = (self.row.id, self.scene or scene_of(info))
        return availability_of(await info.context.loaders.inventory.stock_of_offer.load(key))

    @strawberry.field(description="Its units place by place, for its seller and staff; null for everybody else.")
    async def stock(self, info: Info) -> list[LazyStockLevel] | None:
        # A back edge: stock levels lead to offers, too.
        from shop_graphql.api.inventory.types import StockLevel

        if not belongs_to(info.context.actor, self.row.seller_id):
            return None
        rows = await info.context.loaders.inventory.levels_of_offer.load((self.row.id, self.scene or scene_of(info)))
        return [StockLevel.from_row(row) for row in rows]

    @strawberry.field(description="Who sells it.")
    async def seller(self, info: Info) -> Seller:
        return await seller_of(info, self.row.seller_id)

    @strawberry.field(description="What is sold; null once its page is not public any more.")
    async def variant(self, info: Info) -> "ProductVariant | None":
        row = await info.context.loaders.catalogue.variant.load(self.row.variant_id)
        return ProductVariant.visible(row, info.context.actor, self.scene)


@strawberry.type(description="One buyable version of a product, such as a size or a colour. Offers sell it.")
class ProductVariant(Node):
    title: str = strawberry.field(description="What tells it from its siblings; empty for a product's only variant.")
    gtin: str | None = strawberry.field(description="The number under its bar code, 8, 12, 13 or 14 digits.")
    row: strawberry.Private[VariantRow]
    scene: strawberry.Private[Scene | None]

    @classmethod
    def from_row(cls, row: VariantRow, scene: Scene | None = None) -> Self:
        return cls(id=global_id("ProductVariant", row.id), title=row.title, gtin=row.gtin, row=row, scene=scene)

    @classmethod
    def visible(cls, row: VariantRow | None, actor: Actor, scene: Scene | None = None) -> Self | None:
        """The variant, or None where there is none that `actor` may see."""
        return cls.from_row(row, scene) if row and may_see(actor, row, row.owner_seller_id) else None

    @strawberry.field(description="The choices that make this variant, in the order of the product's options.")
    async def options(self, info: Info) -> list[SelectedOption]:
        names = await info.context.loaders.catalogue.options_of_product.load(self.row.product_id)
        values = self.row.option_values
        return [SelectedOption(name=option.name, value=value) for option, value in zip(names, values, strict=False)]

    @strawberry.field(
        description="Who sells it, at most 50: in stock first, then the cheapest. A seller sees its paused ones too."
    )
    async def offers(self, info: Info) -> list[Offer]:
        scene = self.scene or scene_of(info)
        rows = await info.context.loaders.catalogue.offers_of_variant.load((self.row.id, scene))
        return [offer for row in rows if (offer := Offer.visible(row, info.context.actor, scene))]

    @strawberry.field(
        description="The offer sold by default: in stock, then price, handling time and the seller's rating decide."
    )
    async def featured_offer(self, info: Info) -> Offer | None:
        scene = self.scene or scene_of(info)
        row = await info.context.loaders.catalogue.featured_offer.load((self.row.id, scene))
        return Offer.visible(row, info.context.actor, scene)

    @strawberry.field(description="Whether anybody has it, whoever sells it.")
    async def availability(self, info: Info) -> Availability:
        key = (self.row.id, self.scene or scene_of(info))
        stock = await info.context.loaders.inventory.stock_of_variant.load(key)
        return best_of(availability_of(one) for one in stock)

    @strawberry.field(description="The page it is shown on; null once that is not public any more.")
    async def product(self, info: Info) -> "Product | None":
        row = await info.context.loaders.catalogue.product.load(self.row.product_id)
        return Product.visible(row, info.context.actor, self.scene)


@strawberry.type(
    description="A page of the catalogue. Public while published and its owner in business; else its owner's only."
)
class Product(Node):
    slug: str = strawberry.field(description="The product's name in URLs; old ones keep leading here.")
    title: str = strawberry.field(description="1 to 500 characters.")
    description: str = strawberry.field(description="Plain text, at most 20,000 characters.")
    status: ProductStatus = strawberry.field(description="Where the product stands.")
    published_at: datetime | None = strawberry.field(description="When everybody first saw it; null before that.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When the page last changed.")
    version: int = strawberry.field(description="Rises with each change of the page; see `expectedVersion`.")
    row: strawberry.Private[ProductRow]
    scene: strawberry.Private[Scene | None]

    @classmethod
    def from_row(cls, row: ProductRow, scene: Scene | None = None) -> Self:
        names = ("slug", "title", "description", "status", "published_at", "created_at", "updated_at", "version")
        scalars: dict[str, Any] = {name: getattr(row, name) for name in names}
        return cls(id=global_id("Product", row.id), row=row, scene=scene, **scalars)

    @classmethod
    def visible(cls, row: ProductRow | None, actor: Actor, scene: Scene | None = None) -> Self | None:
        """The product, or None where there is none that `actor` may see."""
        return cls.from_row(row, scene) if row and may_see(actor, row, row.owner_seller_id) else None

    @strawberry.field(description="The seller who keeps this page; see offers for who sells it.")
    async def seller(self, info: Info) -> Seller:
        return await seller_of(info, self.row.owner_seller_id)

    @strawberry.field(description="Where it stands in the tree.")
    async def category(self, info: Info) -> Category:
        return await category_of(info, self.row.category_id)

    @strawberry.field(description="Who makes it; null where the seller named nobody.")
    async def brand(self, info: Info) -> Brand | None:
        row = await info.context.loaders.catalogue.brand.load(self.row.brand_id) if self.row.brand_id else None
        return Brand.from_row(row) if row else None

    @strawberry.field(description="What its variants differ by, at most 5.")
    async def options(self, info: Info) -> list[ProductOption]:
        rows = await info.context.loaders.catalogue.options_of_product.load(self.row.id)
        return [ProductOption(name=row.name) for row in rows]

    @strawberry.field(description="Its variants in the seller's order, at most 100; archived ones for the owner only.")
    async def variants(self, info: Info) -> list[ProductVariant]:
        scene = self.scene or scene_of(info)
        rows = await info.context.loaders.catalogue.variants_of_product.load(self.row.id)
        return [variant for row in rows if (variant := ProductVariant.visible(row, info.context.actor, scene))]

    @strawberry.field(description="Its pictures and films in the seller's order, at most 20.")
    async def media(self, info: Info) -> list[Media]:
        rows = await info.context.loaders.catalogue.media_of_product.load(self.row.id)
        return [Media.from_row(row, info) for row in rows]

    @strawberry.field(description="What its variants cost; null where nobody sells it in the currency asked for.")
    async def price_range(self, info: Info) -> ProductPriceRange | None:
        key = (self.row.id, self.scene or scene_of(info))
        row = await info.context.loaders.catalogue.price_range.load(key)
        return ProductPriceRange.from_row(row) if row else None

    @strawberry.field(description="The best of its variants' featured offers; null where nobody sells it.")
    async def featured_offer(self, info: Info) -> Offer | None:
        scene = self.scene or scene_of(info)
        row = await info.context.loaders.catalogue.featured_offer_of_product.load((self.row.id, scene))
        return Offer.visible(row, info.context.actor, scene)

    @strawberry.field(description="What buyers think of it; null until the first rating.")
    async def rating(self, info: Info) -> ProductRating | None:
        row = await info.context.loaders.catalogue.rating_of_product.load(self.row.id)
        return ProductRating.from_row(row) if row else None


Keys = list[tuple[UUID, int | None]]


async def _load(info: Info, keys: Keys, loader: Any, show: Any) -> list[Any]:
    rows = await loader.load_many([key for key, _ in keys])
    scene = scene_of(info)
    return [
        None if number is not None else show(row, info.context.actor, scene)
        for row, (_, number) in zip(rows, keys, strict=True)
    ]


async def load_products(info: Info, keys: Keys) -> list[Any]:
    """Products for `node` and `nodes`, in the order asked; None where there is none to see."""
    return await _load(info, keys, info.context.loaders.catalogue.product, Product.visible)


async def load_variants(info: Info, keys: Keys) -> list[Any]:
    """Variants for `node` and `nodes`, in the order asked; None where there is none to see."""
    return await _load(info, keys, info.context.loaders.catalogue.variant, ProductVariant.visible)


async def load_offers(info: Info, keys: Keys) -> list[Any]:
    """Offers for `node` and `nodes`, in the order asked; None where there is none to see."""
    return await _load(info, keys, info.context.loaders.catalogue.offer, Offer.visible)


async def load_brands(info: Info, keys: Keys) -> list[Any]:
    """Brands for `node` and `nodes`, in the order asked; None where there is none."""
    loader = info.context.loaders.catalogue.brand
    return await _load(info, keys, loader, lambda row, *_: Brand.from_row(row) if row else None)


NODES = {
    "Brand": load_brands,
    "Category": load_categories,
    "Offer": load_offers,
    "Product": load_products,
    "ProductVariant": load_variants,
}
