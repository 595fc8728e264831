"""What people are told about, and by which channels. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from shop_graphql.notifications.states import Channel


class Topic(StrEnum):
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_SHIPPED = "order_shipped"
    ORDER_EXPIRED = "order_expired"
    SELLER_ORDER_RECEIVED = "seller_order_received"


CHANNELS: Mapping[Topic, tuple[Channel, ...]] = {
    Topic.ORDER_CONFIRMED: (Channel.EMAIL,),
    Topic.ORDER_SHIPPED: (Channel.EMAIL, Channel.SMS),
    Topic.ORDER_EXPIRED: (Channel.EMAIL,),
    Topic.SELLER_ORDER_RECEIVED: (Channel.EMAIL,),
}
assert CHANNELS.keys() == set(Topic)
