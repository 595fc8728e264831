"""Reading stock: what shoppers may know of it."""

from typing import Annotated

import strawberry

from shop_graphql.api.catalogue.scene import scene_of
from shop_graphql.api.catalogue.types import Product
from shop_graphql.api.context import Info
from shop_graphql.api.ids import key_of
from shop_graphql.api.inventory.types import VariantInventory


@strawberry.type
class InventoryQueries:
    @strawberry.field(
        description="How much there is of each variant of a product; null where there is no product to see."
    )
    async def inventory(
        self,
        info: Info,
        product_id: Annotated[strawberry.ID, strawberry.argument(description="The product's global id.")],
    ) -> list[VariantInventory] | None:
        scene, loaders = scene_of(info), info.context.loaders
        row = await loaders.catalogue.product.load(key_of(product_id, "Product"))
        product = Product.visible(row, info.context.actor, scene)
        if product is None:
            return None
        variants = await product.variants(info)
        stock = await loaders.inventory.stock_of_variant.load_many([(one.row.id, scene) for one in variants])
        return [VariantInventory.of(variant, rows) for variant, rows in zip(variants, stock, strict=True)]
