"""Accounts in batches."""

from shop_graphql.accounts import queries as accounts
from shop_graphql.api.loading import one
from shop_graphql.platform.db import Reader


class AccountLoaders:
    def __init__(self, reader: Reader) -> None:
        self.user = one(reader, accounts.users_by_ids)
