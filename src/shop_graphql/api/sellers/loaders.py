"""Sellers in batches."""

from shop_graphql.api.loading import many, one
from shop_graphql.platform.db import Reader
from shop_graphql.sellers import queries as sellers


class SellerLoaders:
    def __init__(self, reader: Reader) -> None:
        self.seller = one(reader, sellers.sellers_by_ids)
        self.memberships_of_user = many(reader, sellers.memberships_by_user_ids)
