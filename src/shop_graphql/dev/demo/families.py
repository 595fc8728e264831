"""Families of products: each line of one, in each of its makes, is a product with variants, prices and stock.

Everything is drawn from a generator seeded by the product's own name, so that a family that is added or changed leaves
the others as they were.
"""

from decimal import Decimal
from importlib import resources
from random import Random

import msgspec

from shop_graphql.catalogue.states import OfferCondition
from shop_graphql.dev.demo.looks import pictures_of
from shop_graphql.dev.demo.shapes import Look, Offer, Product, Variant, Voice

SOLD_OUT, RARE = 0.05, 0.2
"""Up to which draw a product is sold out everywhere, or there are only a few of it."""
SHORTER_CHOICE = 0.3
SECOND_HAND = "second-shelf"


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`title` is filled with the name of a line and of a make; `price` spans the first variant, `step` adds per value.

    Units: euros. Shape: lines and makes are name -> the sentence that tells it apart.
    """

    code: str
    seller: str
    brand: str
    category: str
    title: str
    about: str
    option: str
    values: list[str]
    price: tuple[float, float]
    step: float
    lines: dict[str, str]
    makes: dict[str, str]
    voices: list[Voice]
    look: Look
    resellers: list[str] = []
    stocked: bool = False
    """Always there in numbers: what the first steps in the README buy."""


class Department(msgspec.Struct, frozen=True):
    families: list[Family]


def grown() -> tuple[list[Product], list[Offer]]:
    """Every product of every family, and what other sellers offer of them."""
    products: list[Product] = []
    offers: list[Offer] = []
    for family in families():
        for line in family.lines:
            for make in family.makes:
                rng = Random(f"{family.code}/{line}/{make}")
                product = _product(family, line, make, rng)
                products.append(product)
                offers += _offers(family, product, rng)
    return products, offers


def families() -> list[Family]:
    """All departments' families, by file and place in it."""
    files = [one for one in resources.files(__package__).joinpath("families").iterdir() if one.name.endswith(".toml")]
    departments = [
        msgspec.toml.decode(one.read_bytes(), type=Department) for one in sorted(files, key=lambda one: one.name)
    ]
    return [family for department in departments for family in department.families]


def _product(family: Family, line: str, make: str, rng: Random) -> Product:
    low, high = family.price
    first = rng.uniform(low, high)
    values = family.values
    if len(values) > 2 and rng.random() < SHORTER_CHOICE:
        values = values[:-1]
    plenty = rng.random()
    cents = rng.choice(("0.00", "0.50", "0.90"))
    initials = f"{_letters(line)}-{_letters(make)}"
    variants = [
        Variant(
            name=value,
            sku=f"{family.code}-{initials}-{place + 1}",
            price=_price(first + place * family.step, cents),
            stock=_stock(family, plenty, rng),
        )
        for place, value in enumerate(values)
    ]
    return Product(
        seller=family.seller,
        brand=family.brand,
        category=family.category,
        title=family.title.format(line=line, make=make),
        description=f"{family.lines[line]} {family.makes[make]} {family.about}",
        option=family.option,
        variants=variants,
        voices=family.voices,
        pictures=pictures_of(
            family.look,
            brand=family.brand,
            line=line,
            make=make,
            variants=variants,
            form=list(family.lines).index(line),
        ),
    )


def _letters(name: str) -> str:
    """The start of each word, for a SKU."""
    return "".join(word[:3] for word in name.replace("-", " ").split()).upper()


def _price(euros: float, cents: str) -> Decimal:
    return Decimal(int(euros)) + Decimal(cents)


def _stock(family: Family, plenty: float, rng: Random) -> int:
    if family.stocked:
        return rng.randint(20, 60)
    if plenty < SOLD_OUT:
        return 0
    if plenty < RARE:
        return rng.randint(1, 4)
    # A size or colour that everybody wanted.
    return 0 if rng.random() < SOLD_OUT else rng.randint(8, 90)


def _offers(family: Family, product: Product, rng: Random) -> list[Offer]:
    offers = []
    for reseller in family.resellers:
        for variant in product.variants:
            if rng.random() < 0.6:
                continue
            is_used = reseller == SECOND_HAND
            share = rng.uniform(0.5, 0.8) if is_used else rng.uniform(0.95, 1.08)
            condition = OfferCondition.NEW
            if is_used:
                condition = rng.choice((OfferCondition.USED, OfferCondition.REFURBISHED))
            offers.append(
                Offer(
                    seller=reseller,
                    of=variant.sku,
                    sku=f"{'2ND' if is_used else _letters(reseller)}-{variant.sku}",
                    price=_price(float(variant.price) * share, "0.50"),
                    stock=rng.randint(1, 3) if is_used else rng.randint(4, 20),
                    condition=condition,
                )
            )
    return offers
