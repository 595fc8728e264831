"""The small things that products are described with: brands, pictures, ratings, price ranges, options."""

from typing import Self
from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.ids import global_id
from shop_graphql.api.node import Node
from shop_graphql.api.scalars import URL, Money
from shop_graphql.catalogue.rows import BrandRow, MediaRow, PriceRange, RatingRow


@strawberry.type(description="A maker's name.")
class Brand(Node):
    name: str = strawberry.field(description="As its first seller spelled it.")
    slug: str = strawberry.field(description="The brand's name in URLs.")
    key: strawberry.Private[UUID]

    @classmethod
    def from_row(cls, row: BrandRow) -> Self:
        return cls(id=global_id("Brand", row.id), name=row.name, slug=row.slug, key=row.id)


@strawberry.type(description="A picture or film.")
class Media:
    url: URL = strawberry.field(description="Where the file is.")
    alt: str = strawberry.field(description="What it shows, in words, for those who cannot see it; may be empty.")
    width: int | None = strawberry.field(description="Pixels; null where unknown.")
    height: int | None = strawberry.field(description="Pixels; null where unknown.")

    @classmethod
    def from_row(cls, row: MediaRow, info: Info) -> Self:
        base = f"{info.context.services.settings.shop_public_url}/media/"
        url = row.file_key if row.file_key.startswith(("https://", "http://")) else base + row.file_key
        return cls(url=URL(url), alt=row.alt_text, width=row.width, height=row.height)


@strawberry.type(description="What buyers think of a product.")
class ProductRating:
    average: float = strawberry.field(description="Stars, 1 to 5, rounded to two digits.")
    count: int = strawberry.field(description="How many ratings this is the mean of; at least 1.")

    @classmethod
    def from_row(cls, row: RatingRow) -> Self:
        return cls(average=row.score / 100, count=row.count)


@strawberry.type(name="PriceRange", description="From the cheapest to the dearest variant.")
class ProductPriceRange:
    min: Money = strawberry.field(description="The lowest price of a variant's featured offer.")
    max: Money = strawberry.field(description="The highest price of a variant's featured offer.")

    @classmethod
    def from_row(cls, row: PriceRange) -> Self:
        return cls(min=Money.of(row.min_minor, row.currency), max=Money.of(row.max_minor, row.currency))


@strawberry.type(description="What a product's variants differ by.")
class ProductOption:
    name: str = strawberry.field(description="Such as Size or Colour.")


@strawberry.type(description="One choice that makes a variant.")
class SelectedOption:
    name: str = strawberry.field(description="The option: Size.")
    value: str = strawberry.field(description="The choice: Large.")
