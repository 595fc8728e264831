"""The statements of reading orders, each with the rule of who may see its rows."""

from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Integer, Uuid, any_, bindparam, or_, select

from shop_graphql.cart.models import Cart
from shop_graphql.orders.models import (
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderContact,
    OrderLine,
    OrderTransition,
    SubOrder,
)
from shop_graphql.orders.states import SubOrderStatus
from shop_graphql.platform.columns import Choice

IDS = bindparam("ids", type_=ARRAY(Uuid))
LAST_KEY = UUID(int=2**128 - 1)
"""Greater than any key: where a list that begins with the newest begins."""

IS_BUYER = or_(
    bindparam("sees_everything", type_=Boolean),
    Order.buyer_id == bindparam("user_id", type_=Uuid),
    Order.cart_id == bindparam("guest_cart_id", type_=Uuid),
)
IS_OF_SELLER = SubOrder.seller_id == any_(bindparam("seller_ids", type_=ARRAY(Uuid)))

ORDER = select(
    Order.id,
    Order.number,
    Order.buyer_id,
    Order.cart_id,
    Order.status,
    Order.currency,
    Order.items_minor,
    Order.discount_minor,
    Order.shipping_minor,
    Order.tax_minor,
    Order.total_minor,
    Order.captured_minor,
    Order.refunded_minor,
    Order.placed_at,
    Order.expires_at,
    Order.paid_at,
    Order.closed_at,
)
ORDERS_BY_IDS = ORDER.where(Order.id == any_(IDS), IS_BUYER)
ORDERS_OF_BUYER = (
    ORDER.where(Order.buyer_id == bindparam("buyer_id", type_=Uuid), Order.id < bindparam("before", type_=Uuid))
    .order_by(Order.id.desc())
    .limit(bindparam("most", type_=Integer))
)
ORDER_OF_CART = ORDER.where(
    Order.id == select(Cart.order_id).where(Cart.id == bindparam("cart_key", type_=Uuid)).scalar_subquery(),
    Order.id < bindparam("before", type_=Uuid),
)

SUB_ORDER = select(
    SubOrder.order_id,
    SubOrder.sub_no,
    SubOrder.seller_id,
    SubOrder.status,
    SubOrder.items_minor,
    SubOrder.discount_minor,
    SubOrder.shipping_minor,
    SubOrder.tax_minor,
    SubOrder.total_minor,
    SubOrder.ship_by,
    Order.number,
    Order.currency,
    Order.buyer_id,
    Order.cart_id,
    Order.placed_at,
).join(Order, Order.id == SubOrder.order_id)
SUB_ORDERS_BY_ORDER_IDS = SUB_ORDER.where(SubOrder.order_id == any_(IDS)).order_by(SubOrder.order_id, SubOrder.sub_no)
SUB_ORDERS_VISIBLE = SUB_ORDERS_BY_ORDER_IDS.where(or_(IS_BUYER, IS_OF_SELLER))
SUB_ORDERS_OF_SELLER = (
    SUB_ORDER.where(
        SubOrder.seller_id == bindparam("seller_key", type_=Uuid),
        SubOrder.order_id < bindparam("before", type_=Uuid),
    )
    .order_by(SubOrder.order_id.desc())
    .limit(bindparam("most", type_=Integer))
)
SUB_ORDERS_OF_SELLER_BY_STATUS = SUB_ORDERS_OF_SELLER.where(
    SubOrder.status == bindparam("wanted_status", type_=Choice(SubOrderStatus))
)

LINES_BY_ORDER_IDS = (
    select(
        OrderLine.order_id,
        OrderLine.line_no,
        OrderLine.sub_no,
        OrderLine.offer_id,
        OrderLine.variant_id,
        OrderLine.product_id,
        OrderLine.seller_id,
        OrderLine.title,
        OrderLine.variant_title,
        OrderLine.sku,
        OrderLine.quantity,
        OrderLine.unit_price_minor,
        OrderLine.discount_minor,
        OrderLine.tax_minor,
        OrderLine.total_minor,
        OrderLine.cancelled_quantity,
        OrderLine.shipped_quantity,
        OrderLine.returned_quantity,
        Order.currency,
    )
    .join(Order, Order.id == OrderLine.order_id)
    .where(OrderLine.order_id == any_(IDS))
    .order_by(OrderLine.order_id, OrderLine.line_no)
)
CONTACTS_BY_ORDER_IDS = select(
    OrderContact.order_id, OrderContact.email, OrderContact.phone, OrderContact.shipping
).where(OrderContact.order_id == any_(IDS))
TRANSITIONS_BY_ORDER_IDS = (
    select(
        OrderTransition.order_id,
        OrderTransition.seq,
        OrderTransition.sub_no,
        OrderTransition.from_status,
        OrderTransition.to_status,
        OrderTransition.actor_kind,
        OrderTransition.reason,
        OrderTransition.at,
    )
    .where(OrderTransition.order_id == any_(IDS))
    .order_by(OrderTransition.order_id, OrderTransition.seq)
)
FULFILLMENT = select(
    Fulfillment.id,
    Fulfillment.order_id,
    Fulfillment.sub_no,
    Fulfillment.carrier,
    Fulfillment.tracking_number,
    Fulfillment.status,
    Fulfillment.created_at,
    Fulfillment.shipped_at,
    Fulfillment.delivered_at,
)
FULFILLMENTS_BY_ORDER_IDS = FULFILLMENT.where(Fulfillment.order_id == any_(IDS)).order_by(Fulfillment.id)
FULFILLMENTS_VISIBLE = (
    FULFILLMENT.join(Order, Order.id == Fulfillment.order_id)
    .join(SubOrder, (SubOrder.order_id == Fulfillment.order_id) & (SubOrder.sub_no == Fulfillment.sub_no))
    .where(Fulfillment.id == any_(IDS), or_(IS_BUYER, IS_OF_SELLER))
)
FULFILLMENT_LINES = (
    select(FulfillmentLine.fulfillment_id, FulfillmentLine.line_no, FulfillmentLine.quantity)
    .where(FulfillmentLine.fulfillment_id == any_(IDS))
    .order_by(FulfillmentLine.fulfillment_id, FulfillmentLine.line_no)
)
