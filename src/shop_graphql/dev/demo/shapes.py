"""What the demo shop is made of, as structs. `catalogue` reads them from what is written down."""

from decimal import Decimal

import msgspec

from shop_graphql.catalogue.states import OfferCondition


class Person(msgspec.Struct, frozen=True):
    email: str
    name: str
    password: str
    """Known to everybody who reads this repository: never for production."""
    staff: str | None = None


class Resident(msgspec.Struct, frozen=True):
    """Somebody who has no password and so can never log in: reviewers, and owners who keep to themselves."""

    email: str
    name: str


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


class Voice(msgspec.Struct, frozen=True, array_like=True):
    """What one buyer had to say."""

    rating: int
    title: str
    body: str


class Product(msgspec.Struct, frozen=True):
    seller: str
    brand: str
    category: str
    title: str
    description: str
    option: str
    variants: list[Variant]
    voices: list[Voice] = []

    @property
    def sku(self) -> str:
        """The first variant's: names the product among all."""
        return self.variants[0].sku


class Offer(msgspec.Struct, frozen=True):
    """One seller's own terms for what another has put into the catalogue."""

    seller: str
    of: str
    sku: str
    price: Decimal
    stock: int
    condition: OfferCondition = OfferCondition.NEW


class Order(msgspec.Struct, frozen=True):
    """One that somebody placed before the shop opened for us. `ends`: what became of it, see `ordering`."""

    buyer: str
    hours_ago: int
    ends: str
    units: dict[str, int]
    """By SKU."""
    said: Voice | None = None
    """The buyer's review of the first thing in it."""


class Catalogue(msgspec.Struct, frozen=True):
    people: list[Person]
    residents: list[Resident]
    sellers: list[Seller]
    categories: list[Category]
    products: list[Product]
    offers: list[Offer]
    orders: list[Order]

    @property
    def skus(self) -> list[str]:
        own = [variant.sku for product in self.products for variant in product.variants]
        return own + [offer.sku for offer in self.offers]
