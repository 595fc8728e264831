"""One product with its variants, offers, prices, units and reviews, as rows. Pure but for the chance it is given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from asyncpg import Range

from shop_graphql.catalogue.codes import slug_of
from shop_graphql.catalogue.states import OfferCondition, PriceKind
from shop_graphql.dev.seed.names import Naming, description_of, naming_of, opinion_of
from shop_graphql.dev.seed.tables import Rows
from shop_graphql.inventory.states import MovementReason
from shop_graphql.platform.ids import Ids

CURRENCY = "EUR"
GTIN_PREFIX = "28"
"""Numbers that begin with 20 to 29 are a shop's own. Source: GS1 General Specifications, 1.4.2."""
SALE_BEGAN = timedelta(days=3)
SALE_ENDS = timedelta(days=11)
NEWEST, OLDEST = timedelta(days=200), timedelta(days=700)
REVIEWS_MAX = 12


@dataclass(frozen=True, slots=True)
class Seat:
    """A seller and the places where its units lie."""

    id: UUID
    location_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What all products stand on."""

    seats: tuple[Seat, ...]
    categories: dict[str, UUID]
    brands: dict[str, UUID]


@dataclass(slots=True)
class Shelved:
    """Units of an offer at one place; written down once all that moves them is known."""

    id: UUID
    location_id: UUID
    since: datetime
    on_hand: int
    reserved: int = 0

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class Offered:
    """An offer and what an order copies from it. Units: minor units of `CURRENCY`."""

    id: UUID
    product_id: UUID
    variant_id: UUID
    seller_id: UUID
    naming: Naming
    variant_title: str
    sku: str
    condition: OfferCondition
    handling_days: int
    list_minor: int
    sale_minor: int | None
    shelves: tuple[Shelved, ...]

    def price_minor(self, age: timedelta) -> int:
        """What it cost so long before the load."""
        return self.sale_minor if self.sale_minor and age < SALE_BEGAN else self.list_minor


@dataclass(frozen=True, slots=True)
class Buyer:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes rows of one batch. `now` is the load's instant: everything has happened before it."""

    seed: int
    ground: Ground
    ids: Ids
    random: Random
    now: datetime
    rows: Rows
    reviewed: set[tuple[UUID, UUID]] = field(default_factory=set)
    """Products and who has reviewed them: nobody does so twice."""


def sku_of(seed: int, number: int, part: str) -> str:
    """`S1-000042-A2`: seed, product, variant and seller. `number_of` reads it back."""
    return f"S{seed}-{number:06d}-{part}"


def number_of(sku: str) -> tuple[int, int]:
    """The seed and the product's number that a SKU of the large shop was made from."""
    seed, number, _ = sku.split("-")
    return int(seed[1:]), int(number)


def add_product(make: Maker, number: int, buyers: Sequence[Buyer]) -> list[Offered]:
    """The rows of product `number` are in `make.rows`, but for its offers' units. Shape: its offers."""
    naming, random, rows = naming_of(number, make.seed), make.random, make.rows
    since = make.now - NEWEST - random.random() * (OLDEST - NEWEST)
    product_id = make.ids.new(since)
    owner, *others = random.sample(make.ground.seats, 3)
    category, brand = make.ground.categories[naming.shelf.slug], make.ground.brands[naming.brand]
    text = description_of(naming, random)
    rows.add("products", product_id, owner.id, category, brand, naming.title, text, "published", since, since, since)
    rows.add("product_slugs", slug_of(naming.title), product_id, since)
    choices = random.sample(naming.shelf.choices, random.choice((1, 1, 2, 3)))
    if len(choices) > 1:
        rows.add("product_options", product_id, 1, naming.shelf.axis)
    low, high = naming.shelf.prices
    # Most goods are cheap ones.
    price = round(100 * low * math.pow(high / low, random.random() ** 1.5))
    offers = []
    for place, choice in enumerate(choices):
        variant_id = make.ids.new(since)
        title, values = (choice, [choice]) if len(choices) > 1 else ("", [])
        grams = round(naming.shelf.grams * random.uniform(0.7, 1.3))
        rows.add("variants", variant_id, product_id, title, _gtin(number, place), values, grams, place, since)
        for rank, seat in enumerate((owner, *others[: random.choice((0, 0, 0, 1, 1, 2))])):
            sku = sku_of(make.seed, number, f"{chr(65 + place)}{rank + 1}")
            offers.append(_offer(make, seat, (product_id, variant_id), (naming, title, sku), price, rank, since))
    _add_reviews(make, product_id, naming, buyers, since)
    return offers


def _offer(
    make: Maker,
    seat: Seat,
    keys: tuple[UUID, UUID],
    words: tuple[Naming, str, str],
    price: int,
    rank: int,
    since: datetime,
) -> Offered:
    random, (product_id, variant_id), (naming, title, sku) = make.random, keys, words
    condition = OfferCondition.NEW if rank < 2 else random.choice((OfferCondition.REFURBISHED, OfferCondition.USED))
    discount = 1.0 if condition is OfferCondition.NEW else 0.7
    # Prices end in 95 cents, as prices do.
    list_minor = max(195, round(price * discount * random.uniform(0.92, 1.1) / 100) * 100 - 5)
    sale_minor = max(95, round(list_minor * 0.8 / 100) * 100 - 5) if random.random() < 0.08 else None
    places = seat.location_ids if random.random() < 0.15 else (random.choice(seat.location_ids),)
    units = random.choice((0, 3, 8, 20, 45, 120)) if rank else random.choice((0, 5, 12, 30, 80, 200, 500))
    shelves = tuple(
        Shelved(make.ids.new(since), location_id, since, units if place == 0 else units // 2)
        for place, location_id in enumerate(places)
    )
    offer = Offered(
        id=make.ids.new(since),
        product_id=product_id,
        variant_id=variant_id,
        seller_id=seat.id,
        naming=naming,
        variant_title=title,
        sku=sku,
        condition=condition,
        handling_days=random.choice((1, 1, 2, 2, 3, 5)),
        list_minor=list_minor,
        sale_minor=sale_minor,
        shelves=shelves,
    )
    make.rows.add("offer_prices", make.ids.new(since), offer.id, CURRENCY, PriceKind.LIST, list_minor, Range())
    if sale_minor:
        window = Range(make.now - SALE_BEGAN, make.now + SALE_ENDS)
        make.rows.add("offer_prices", make.ids.new(make.now), offer.id, CURRENCY, PriceKind.SALE, sale_minor, window)
    for shelf in shelves:
        add_movement(make, shelf, shelf.on_hand, 0, MovementReason.INITIAL, at=since)
    return offer


def add_movement(
    make: Maker,
    shelf: Shelved,
    on_hand: int,
    reserved: int,
    reason: MovementReason,
    *,
    at: datetime,
    order_id: UUID | None = None,
    line_no: int | None = None,
) -> None:
    """A movement is written down, unless nothing moved; the caller has changed the level."""
    if on_hand or reserved:
        make.rows.add(
            "stock_movements", make.ids.new(at), shelf.id, on_hand, reserved, reason, order_id, line_no, None, at
        )


def add_units(make: Maker, offer: Offered) -> None:
    """The offer and its levels are in the rows: what was put on the shelf and what all movements have made of it."""
    in_stock = any(shelf.free > 0 for shelf in offer.shelves)
    since = offer.shelves[0].since
    make.rows.add(
        "offers",
        offer.id,
        offer.variant_id,
        offer.seller_id,
        offer.sku,
        offer.condition,
        offer.handling_days,
        in_stock,
        since,
    )
    for shelf in offer.shelves:
        assert 0 <= shelf.reserved <= shelf.on_hand, "orders take only what is free"
        make.rows.add(
            "stock_items",
            shelf.id,
            offer.id,
            offer.seller_id,
            shelf.location_id,
            shelf.on_hand,
            shelf.reserved,
            make.now,
        )


def add_review(
    make: Maker, product_id: UUID, naming: Naming, author: Buyer, *, mean: float, order_id: UUID | None, at: datetime
) -> None:
    """`author` has said something about the product, with stars around `mean`; nothing, where they have before."""
    if (product_id, author.id) in make.reviewed:
        return
    make.reviewed.add((product_id, author.id))
    random = make.random
    rating = min(5, max(1, round(random.gauss(mean, 0.9))))
    title, body = opinion_of(rating, naming, random)
    helpful = int(random.random() ** 4 * 20)
    is_verified = order_id is not None
    key = make.ids.new(at)
    make.rows.add(
        "reviews", key, product_id, author.id, order_id, rating, title, body, "en", is_verified, helpful, at, at
    )


def _add_reviews(make: Maker, product_id: UUID, naming: Naming, buyers: Sequence[Buyer], since: datetime) -> None:
    """What people say who bought it elsewhere."""
    mean = min(4.8, max(1.8, make.random.gauss(4.1, 0.5)))
    few = round(make.random.random() ** 3 * min(REVIEWS_MAX, len(buyers)))
    for author in make.random.sample(buyers, few):
        at = since + make.random.random() * (make.now - since)
        add_review(make, product_id, naming, author, mean=mean, order_id=None, at=at)


def _gtin(number: int, place: int) -> str:
    digits = f"{GTIN_PREFIX}{number:08d}{place:02d}"
    weighted = sum(int(digit) * (3 if odd % 2 else 1) for odd, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"
