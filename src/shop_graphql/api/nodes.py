"""`node` and `nodes`: any object again by its id, under the rules of every other path to it."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from shop_graphql.api.accounts.types import NODES as ACCOUNT_NODES
from shop_graphql.api.cart.types import NODES as CART_NODES
from shop_graphql.api.catalogue.types import NODES as CATALOGUE_NODES
from shop_graphql.api.context import Info
from shop_graphql.api.ids import split_id
from shop_graphql.api.inventory.types import NODES as INVENTORY_NODES
from shop_graphql.api.node import Node
from shop_graphql.api.orders.types import NODES as ORDER_NODES
from shop_graphql.api.payments.types import NODES as PAYMENT_NODES
from shop_graphql.api.sellers.types import NODES as SELLER_NODES
from shop_graphql.platform.errors import BadUserInput

Key: TypeAlias = tuple[UUID, int | None]
Load: TypeAlias = Callable[[Info, list[Key]], Awaitable[list[Any]]]

NODES: dict[str, Load] = {
    **ACCOUNT_NODES,
    **CART_NODES,
    **CATALOGUE_NODES,
    **INVENTORY_NODES,
    **ORDER_NODES,
    **PAYMENT_NODES,
    **SELLER_NODES,
}
"""How each type finds its objects: null where there is none or it is not the caller's."""

NODES_MAX = 100


async def load_nodes(info: Info, ids: list[strawberry.ID]) -> list[Any]:
    """The objects of `ids` in their order, one batch per type.

    Raises: BadUserInput for a malformed id, an unknown type or more than 100 ids.
    """
    if not 1 <= len(ids) <= NODES_MAX:
        raise BadUserInput(f"`ids` holds 1 to {NODES_MAX} ids, not {len(ids)}.")
    by_type: defaultdict[str, list[tuple[int, Key]]] = defaultdict(list)
    for place, value in enumerate(ids):
        type_name, key, number = split_id(value)
        if type_name not in NODES:
            raise BadUserInput(f"This is not an id: {value[:60]!r}.")
        by_type[type_name].append((place, (key, number)))
    found: list[Any] = [None] * len(ids)
    for type_name, wanted in by_type.items():
        objects = await NODES[type_name](info, [key for _, key in wanted])
        for (place, _), node in zip(wanted, objects, strict=True):
            found[place] = node
    return found


@strawberry.type
class NodeQueries:
    @strawberry.field(description="Any object by its id; null where there is none or it is not yours.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
    ) -> Node | None:
        found: Node | None = (await load_nodes(info, [id]))[0]
        return found

    @strawberry.field(
        description="Objects by their ids, in the same order; null where there is none or it is not yours."
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="1 to 100 global ids.")],
    ) -> list[Node | None]:
        return await load_nodes(info, ids)
