"""The closed sets of orders, each value in a sentence."""

from shop_graphql.api.enums import describe
from shop_graphql.audit.states import ActorKind
from shop_graphql.orders.permissions import OrderAction
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus, SubOrderStatus

describe(
    OrderStatus,
    "Where an order stands.",
    {
        OrderStatus.PENDING_PAYMENT: "Placed; its units are held until `expiresAt`.",
        OrderStatus.PAID: "Paid for; the sellers have been told.",
        OrderStatus.IN_FULFILLMENT: "Some of it is on its way, some is not.",
        OrderStatus.SHIPPED: "All of it is on its way.",
        OrderStatus.DELIVERED: "All of it has arrived.",
        OrderStatus.COMPLETED: "Arrived, and the time for returns is over.",
        OrderStatus.CANCELLED: "Called off before it was sent.",
        OrderStatus.EXPIRED: "Nobody paid in time; its units are free again.",
    },
)
describe(
    SubOrderStatus,
    "Where one seller's part of an order stands.",
    {
        SubOrderStatus.PENDING_PAYMENT: "The order is not paid for yet: nothing to do.",
        SubOrderStatus.NEW: "Paid for; the seller has not begun.",
        SubOrderStatus.IN_FULFILLMENT: "Some of it is on its way, some is not.",
        SubOrderStatus.SHIPPED: "All of it is on its way.",
        SubOrderStatus.DELIVERED: "All of it has arrived.",
        SubOrderStatus.COMPLETED: "Arrived, and the time for returns is over.",
        SubOrderStatus.CANCELLED: "Called off before it was sent.",
        SubOrderStatus.EXPIRED: "The order was not paid in time.",
    },
)
describe(
    FulfillmentStatus,
    "Where a parcel is.",
    {
        FulfillmentStatus.PACKED: "Packed; not handed over yet.",
        FulfillmentStatus.SHIPPED: "With the carrier.",
        FulfillmentStatus.DELIVERED: "At the door.",
        FulfillmentStatus.LOST: "The carrier cannot find it.",
        FulfillmentStatus.CANCELLED: "Unpacked again before it left.",
    },
)
describe(
    OrderAction,
    "What the buyer may do with an order.",
    {OrderAction.PAY: "Pay for it with `paymentInitiate`."},
)
describe(
    ActorKind,
    "Who did something.",
    {
        ActorKind.USER: "A signed-in user.",
        ActorKind.STAFF: "The shop's staff.",
        ActorKind.API_KEY: "A program with a key.",
        ActorKind.SYSTEM: "The shop itself.",
        ActorKind.ANONYMOUS: "A guest.",
    },
)
