"""Carts' lines in batches."""

from shop_graphql.api.loading import many
from shop_graphql.cart import queries as carts
from shop_graphql.platform.db import Reader


class CartLoaders:
    def __init__(self, reader: Reader) -> None:
        self.quote = many(reader, carts.quotes)
