"""The schema: every domain's queries, mutations and subscriptions, put together by hand."""

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types

from shop_graphql.api.accounts.mutations import AccountMutations
from shop_graphql.api.accounts.queries import AccountQueries
from shop_graphql.api.cart.mutations import CartMutations
from shop_graphql.api.cart.queries import CartQueries
from shop_graphql.api.cart.types import OutOfStockError
from shop_graphql.api.catalogue.mutations import CatalogueMutations
from shop_graphql.api.catalogue.queries import CatalogueQueries
from shop_graphql.api.errors import SimpleError
from shop_graphql.api.inventory.mutations import InventoryMutations
from shop_graphql.api.inventory.queries import InventoryQueries
from shop_graphql.api.inventory.types import StockChangedError
from shop_graphql.api.nodes import NodeQueries
from shop_graphql.api.orders.fulfillment_mutations import FulfillmentMutations
from shop_graphql.api.orders.mutations import OrderMutations
from shop_graphql.api.orders.queries import OrderQueries
from shop_graphql.api.orders.subscriptions import OrderSubscriptions
from shop_graphql.api.orders.types import PriceChangedError
from shop_graphql.api.payments.mutations import PaymentMutations
from shop_graphql.api.payments.types import PaymentDeclinedError
from shop_graphql.api.scalars import SCALARS
from shop_graphql.api.sellers.queries import SellerQueries

Query = merge_types(
    "Query",
    (NodeQueries, AccountQueries, CatalogueQueries, InventoryQueries, CartQueries, OrderQueries, SellerQueries),
)
Mutation = merge_types(
    "Mutation",
    (
        AccountMutations,
        CatalogueMutations,
        InventoryMutations,
        CartMutations,
        OrderMutations,
        PaymentMutations,
        FulfillmentMutations,
    ),
)
Subscription = merge_types("Subscription", (OrderSubscriptions,))

schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[SimpleError, OutOfStockError, PaymentDeclinedError, PriceChangedError, StockChangedError],
    config=StrawberryConfig(scalar_map=SCALARS),
)
