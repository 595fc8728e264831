"""Titles, texts and people of the large shop. Pure: the same numbers always give the same words."""

from dataclasses import dataclass
from random import Random

from shop_graphql.dev.seed.goods import FIRST_NAMES, LAST_NAMES, LINES, SHELVES, Shelf

KINDS, FINISHES, BRANDS = len(SHELVES[0].kinds), len(SHELVES[0].finishes), len(SHELVES[0].brands)
PER_SHELF = KINDS * FINISHES * BRANDS * len(LINES)
PRODUCTS_MAX = PER_SHELF * len(SHELVES)
"""So many titles there are, each differing from every other in a word."""

STEP = 17_389
"""Shares no factor with `PER_SHELF`: neighbours differ in everything, and no title comes twice."""
SHIFT = 7_907

PRAISE = ("Exactly what I hoped for", "Better than the pictures", "A lovely thing", "Worth every cent", "Very pleased")
SHRUGS = ("It does the job", "Good, not great", "Fine for the price", "Mixed feelings", "Decent enough")
REGRETS = ("Not for me", "Expected more", "Sent it back", "Disappointing", "Fell short")
DETAILS = (
    "The {finish} looks and feels honest.",
    "It arrived well packed and two days early.",
    "We have used it every day since it came.",
    "It is a little heavier than I thought.",
    "The colour is a touch darker than on my screen.",
    "My neighbour asked where I had found it.",
    "The edges are cleanly finished.",
    "It took a week before I got used to it.",
)
ENDS = ("I would buy it again.", "A good present, too.", "Let us see how it ages.", "The seller answered at once.")


@dataclass(frozen=True, slots=True)
class Naming:
    """What one product is, in words."""

    shelf: Shelf
    brand: str
    line: str
    kind: str
    finish: str

    @property
    def title(self) -> str:
        return f"{self.brand} {self.line} {self.finish} {self.kind}"


def naming_of(number: int, seed: int) -> Naming:
    """The words for product `number` below `PRODUCTS_MAX`; two numbers never share a title."""
    rest, place = divmod(number, len(SHELVES))
    shelf = SHELVES[place]
    rest = (rest * STEP + seed * SHIFT) % PER_SHELF
    rest, kind = divmod(rest, KINDS)
    rest, finish = divmod(rest, FINISHES)
    line, brand = divmod(rest, BRANDS)
    return Naming(shelf, shelf.brands[brand], LINES[line], shelf.kinds[kind], shelf.finishes[finish])


def description_of(naming: Naming, random: Random) -> str:
    """Three sentences about a product, with its weight and its guarantee in them."""
    grams = round(naming.shelf.grams * random.uniform(0.7, 1.3), -1)
    years = random.choice(("two", "three", "five", "ten"))
    return (
        f"The {naming.kind} of {naming.brand}'s {naming.line} range, {naming.finish.lower()}, "
        f"made in small runs and checked by hand. It weighs about {grams:,.0f} g and comes in a box without plastic. "
        f"Spare parts are kept, and the maker answers for it for {years} years."
    )


def opinion_of(rating: int, naming: Naming, random: Random) -> tuple[str, str]:
    """Title and text of a review that gives so many stars."""
    title = random.choice(PRAISE if rating > 3 else SHRUGS if rating == 3 else REGRETS)
    first, second = random.sample(DETAILS, 2)
    body = f"{first} {second} {random.choice(ENDS) if rating > 2 else 'A pity.'}"
    return title, body.format(finish=naming.finish.lower())


def person_of(number: int) -> tuple[str, str]:
    """Name and address of person `number`; mail to it reaches nobody."""
    last, first = divmod(number, len(FIRST_NAMES))
    name = (FIRST_NAMES[first], LAST_NAMES[last % len(LAST_NAMES)])
    return " ".join(name), f"{'.'.join(name).lower()}.{number}@buyers.example"
