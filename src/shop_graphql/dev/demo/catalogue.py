"""What `catalogue.toml` says, as structs."""

from decimal import Decimal
from functools import cache
from importlib import resources

import msgspec

from shop_graphql.catalogue.states import OfferCondition


class Person(msgspec.Struct, frozen=True):
    email: str
    name: str
    password: str
    """Known to everybody who reads this repository: never for production."""
    staff: str | None = None


class Seller(msgspec.Struct, frozen=True):
    slug: str
    name: str
    owner: str
    country: str
    about: str


class Category(msgspec.Struct, frozen=True):
    slug: str
    name: str
    parent: str | None = None


class Variant(msgspec.Struct, frozen=True):
    name: str
    sku: str
    price: Decimal
    stock: int
    gtin: str | None = None


class Product(msgspec.Struct, frozen=True):
    seller: str
    brand: str
    category: str
    title: str
    description: str
    option: str
    variants: list[Variant]


class Offer(msgspec.Struct, frozen=True):
    """One seller's own terms for what another has put into the catalogue."""

    seller: str
    of: str
    sku: str
    price: Decimal
    stock: int
    condition: OfferCondition = OfferCondition.NEW


class Catalogue(msgspec.Struct, frozen=True):
    people: list[Person]
    sellers: list[Seller]
    categories: list[Category]
    products: list[Product]
    offers: list[Offer]

    @property
    def skus(self) -> list[str]:
        own = [variant.sku for product in self.products for variant in product.variants]
        return own + [offer.sku for offer in self.offers]


@cache
def catalogue() -> Catalogue:
    """The demo shop as it is written down."""
    text = resources.files(__package__).joinpath("catalogue.toml").read_bytes()
    return msgspec.toml.decode(text, type=Catalogue)


def people() -> list[Person]:
    """Who can log in to the demo shop."""
    return catalogue().people
