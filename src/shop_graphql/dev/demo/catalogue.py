"""The whole demo shop as it is written down: `catalogue.toml`, and the goods that its families grow into."""

from functools import cache
from importlib import resources

import msgspec

from shop_graphql.dev.demo.families import grown
from shop_graphql.dev.demo.shapes import Catalogue, Person


@cache
def catalogue() -> Catalogue:
    """The demo shop as it is written down, its families grown."""
    text = resources.files(__package__).joinpath("catalogue.toml").read_bytes()
    written = msgspec.toml.decode(text, type=Catalogue)
    products, offers = grown()
    return msgspec.structs.replace(written, products=[*written.products, *products], offers=[*written.offers, *offers])


def people() -> list[Person]:
    """Who can log in to the demo shop."""
    return catalogue().people
