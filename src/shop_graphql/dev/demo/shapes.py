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


class Look(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How goods are drawn, see `pictures`. Shape: paints by the name of a make, a variant or a line; "" is any other.

    `alt` is what the picture shows in words, filled with line, make and value.
    """

    shape: str
    alt: str
    body: dict[str, str]
    accent: dict[str, str] = {}
    form: int = 0


class Picture(msgspec.Struct, frozen=True):
    """One picture of a product; `variant` is the place of the variant that it shows, None where it shows them all."""

    name: str
    shape: str
    body: str
    accent: str
    form: int
    brand: str
    label: str
    alt: str
    is_near: bool = False
    variant: int | None = None


class Product(msgspec.Struct, frozen=True):
    seller: str
    brand: str
    category: str
    title: str
    description: str
    option: str
    variants: list[Variant]
    voices: list[Voice] = []
    look: Look | None = None
    """Of what is written down singly; families make `pictures`."""
    pictures: list[Picture] = []

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
