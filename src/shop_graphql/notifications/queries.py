"""Finding out whom to write to, and what about."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from shop_graphql.accounts.models import User
from shop_graphql.accounts.states import UserStatus
from shop_graphql.notifications.rows import DeliveryRow, Letter, Person, hash_of
from shop_graphql.orders import queries as orders
from shop_graphql.orders.rows import FulfillmentRow, OrderLineRow, OrderRow
from shop_graphql.platform.auth import SYSTEM
from shop_graphql.platform.db import Reader
from shop_graphql.sellers.models import SellerMember
from shop_graphql.sellers.queries import sellers_by_ids
from shop_graphql.sellers.states import MemberRole

PERSON = select(User.id, User.display_name, User.email, User.phone).where(User.status == UserStatus.ACTIVE)
OWNERS = PERSON.join(SellerMember, SellerMember.user_id == User.id).where(
    SellerMember.seller_id == bindparam("seller_id", type_=Uuid), SellerMember.role == MemberRole.OWNER
)


async def buyer_of(reader: Reader, order_id: UUID) -> Person | None:
    """Whom the order's contact names; None once the person was erased."""
    contact = (await orders.contacts_by_order_ids(reader, [order_id])).get(order_id)
    order = (await orders.orders_by_ids(reader, [order_id], SYSTEM)).get(order_id)
    if contact is None or order is None:
        return None
    return Person(order.buyer_id, (contact.shipping or {}).get("full_name"), contact.email, contact.phone)


async def owners_of(reader: Reader, seller_id: UUID) -> list[Person]:
    """The owners in a seller's team."""
    return await reader.fetch(OWNERS, {"seller_id": seller_id}, into=Person)


async def recipient_of(reader: Reader, delivery: DeliveryRow) -> Person | None:
    """The person of a delivery with the address it was meant for; None when that address is theirs no more.

    Nor is somebody told about a seller's business who has left its team.
    """
    assert delivery.order_id is not None, "every topic of this module is about an order"
    if delivery.seller_id is None:
        buyer = await buyer_of(reader, delivery.order_id)
        people = [buyer] if buyer else []
    else:
        people = [owner for owner in await owners_of(reader, delivery.seller_id) if owner.user_id == delivery.user_id]
    for person in people:
        address = person.address(delivery.channel)
        if address and hash_of(address) == delivery.recipient_hash:
            return person
    return None


async def letter_for(reader: Reader, delivery: DeliveryRow, to: Person) -> Letter | None:
    """All that the message may say; None when the order is gone."""
    assert delivery.order_id is not None, "every topic of this module is about an order"
    order = (await orders.orders_by_ids(reader, [delivery.order_id], SYSTEM)).get(delivery.order_id)
    if order is None:
        return None
    lines = (await orders.lines_by_order_ids(reader, [order.id])).get(order.id, [])
    parcel = await _parcel(reader, order, delivery.context)
    quantities = await _quantities(reader, lines, parcel, delivery.context)
    chosen = [line for line in lines if line.line_no in quantities]
    sellers = await sellers_by_ids(reader, [line.seller_id for line in chosen])
    seller = sellers.get(chosen[0].seller_id) if chosen else None
    return Letter(to, order, chosen, quantities, seller.name if seller else None, parcel)


async def _parcel(reader: Reader, order: OrderRow, context: dict[str, Any]) -> FulfillmentRow | None:
    if "fulfillment_id" not in context:
        return None
    wanted = UUID(context["fulfillment_id"])
    return (await orders.fulfillments_by_ids(reader, [wanted], SYSTEM)).get(wanted)


async def _quantities(
    reader: Reader, lines: list[OrderLineRow], parcel: FulfillmentRow | None, context: dict[str, Any]
) -> dict[int, int]:
    if parcel is not None:
        inside = await orders.fulfillment_lines_by_ids(reader, [parcel.id])
        return {line.line_no: line.quantity for line in inside.get(parcel.id, [])}
    part = context.get("sub_no")
    return {line.line_no: line.quantity for line in lines if part is None or line.sub_no == part}
