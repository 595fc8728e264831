"""The whole demo shop as it is written down: `catalogue.toml`, and the goods that its families grow into."""

from functools import cache
from importlib import resources

import msgspec

from shop_graphql.dev.demo.families import grown
from shop_graphql.dev.demo.looks import pictures_of
from shop_graphql.dev.demo.shapes import Catalogue, Person, Picture, Product


@cache
def catalogue() -> Catalogue:
    """The demo shop as it is written down, its families grown."""
    text = resources.files(__package__).joinpath("catalogue.toml").read_bytes()
    written = msgspec.toml.decode(text, type=Catalogue)
    products, offers = grown()
    single = [_with_pictures(product) for product in written.products]
    return msgspec.structs.replace(written, products=[*single, *products], offers=[*written.offers, *offers])


@cache
def pictures() -> dict[str, Picture]:
    """Every picture of the demo shop by the name of its file, without the ending."""
    return {picture.name: picture for product in catalogue().products for picture in product.pictures}


def _with_pictures(product: Product) -> Product:
    look = product.look
    assert look is not None, "a test looks at every product of the file"
    name = product.title.removeprefix(f"{product.brand} ")
    drawn = pictures_of(look, brand=product.brand, line=name, make="", variants=product.variants, form=look.form)
    return msgspec.structs.replace(product, pictures=drawn)


def people() -> list[Person]:
    """Who can log in to the demo shop."""
    return catalogue().people
