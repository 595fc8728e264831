"""Payments by what they pay for."""

from shop_graphql.api.loading import many
from shop_graphql.payments import queries as payments
from shop_graphql.platform.db import Reader


class PaymentLoaders:
    def __init__(self, reader: Reader) -> None:
        self.of_subject = many(reader, payments.payments_by_subject_ids)
