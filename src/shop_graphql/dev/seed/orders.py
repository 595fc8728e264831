"""Orders of the large shop in every state, with their payments, parcels, promises and movements. Pure but for chance.

An order's life is played forward from its placing and stops at the load's instant, so old ones are over and young ones
are still under way. What it takes and gives back changes the levels at the same time as it is written down.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from shop_graphql.audit.states import ActorKind
from shop_graphql.dev.seed.goods import CITIES, STREETS
from shop_graphql.dev.seed.products import CURRENCY, Buyer, Maker, Offered, Shelved, add_movement, add_review
from shop_graphql.inventory.states import MovementReason, ReservationStatus
from shop_graphql.orders.contacts import ShippingAddress, email_hash
from shop_graphql.orders.numbers import order_number
from shop_graphql.orders.states import FulfillmentStatus, OrderStatus, SubOrderStatus
from shop_graphql.payments.states import GATEWAY, PaymentStatus

PERIOD = timedelta(days=180)
PAYMENT_WINDOW = timedelta(minutes=30)
DELIVERY = timedelta(days=3)
RETURN_WINDOW = timedelta(days=14)
UNPAID = 0.08
"""The share of orders that nobody pays."""
WAITING = 0.03
"""The share of those that were just placed and wait for payment."""
RECENT = timedelta(days=30)


@dataclass(slots=True)
class Line:
    offer: Offered
    shelf: Shelved
    quantity: int
    price_minor: int
    line_no: int = 0
    sub_no: int = 0
    shipped: int = 0
    status: ReservationStatus = ReservationStatus.HELD
    ended_at: datetime | None = None

    @property
    def total_minor(self) -> int:
        return self.quantity * self.price_minor


@dataclass(slots=True)
class Life:
    """What has become of an order so far."""

    id: UUID
    buyer: Buyer
    placed_at: datetime
    lines: list[Line]
    parts: dict[int, SubOrderStatus]
    status: OrderStatus = OrderStatus.PENDING_PAYMENT
    paid_at: datetime | None = None
    closed_at: datetime | None = None
    seq: int = 1
    versions: dict[int | None, int] = field(default_factory=dict)

    def lines_of(self, sub_no: int) -> list[Line]:
        return [line for line in self.lines if line.sub_no == sub_no]


def add_order(make: Maker, offers: Sequence[Offered], buyer: Buyer, number: int, sold: dict[UUID, int]) -> None:
    """An order for some of `offers` is in the rows; none, where nothing of them is left.

    `number`: the next of the numbers' sequence. `sold` counts what was paid for in the last 30 days, by product.
    """
    is_waiting = make.random.random() < WAITING
    placed_at = make.now - make.random.random() * (PAYMENT_WINDOW if is_waiting else PERIOD)
    lines = _lines(make, offers, placed_at)
    if not lines:
        return
    parts = dict.fromkeys(sorted({line.sub_no for line in lines}), SubOrderStatus.PENDING_PAYMENT)
    life = Life(make.ids.new(placed_at), buyer, placed_at, lines, parts)
    make.rows.add("order_transitions", life.id, 1, None, None, life.status, ActorKind.USER, buyer.id, None, placed_at)
    for line in lines:
        line.shelf.reserved += line.quantity
        _move(make, life, line, 0, line.quantity, MovementReason.HOLD, placed_at)
    if make.random.random() < UNPAID:
        _run_out(make, life)
    elif not is_waiting:
        _pay(make, life)
    if life.paid_at is not None and life.paid_at > make.now - RECENT:
        for line in lines:
            sold[line.offer.product_id] = sold.get(line.offer.product_id, 0) + line.quantity
    _write(make, life, number)


def _lines(make: Maker, offers: Sequence[Offered], at: datetime) -> list[Line]:
    lines = []
    for offer in make.random.sample(offers, min(len(offers), make.random.choice((1, 1, 2, 3)))):
        quantity = make.random.choice((1, 1, 1, 2, 3))
        shelf = next((shelf for shelf in offer.shelves if shelf.free >= quantity), None)
        if shelf is not None:
            lines.append(Line(offer, shelf, quantity, offer.price_minor(make.now - at)))
    sellers = sorted({line.offer.seller_id for line in lines})
    for line_no, line in enumerate(lines, start=1):
        line.line_no, line.sub_no = line_no, 1 + sellers.index(line.offer.seller_id)
    return lines


def _run_out(make: Maker, life: Life) -> None:
    over = life.placed_at + PAYMENT_WINDOW
    if over + timedelta(minutes=2) > make.now:
        return
    life.closed_at = over + timedelta(minutes=2)
    _turn(make, life, OrderStatus.EXPIRED, list(life.parts), SubOrderStatus.EXPIRED, life.closed_at, "not_paid_in_time")
    for line in life.lines:
        line.shelf.reserved -= line.quantity
        line.status, line.ended_at = ReservationStatus.EXPIRED, over
        _move(make, life, line, 0, -line.quantity, MovementReason.EXPIRE, over)


def _pay(make: Maker, life: Life) -> None:
    paid_at = life.placed_at + timedelta(minutes=make.random.uniform(1, 20))
    if paid_at > make.now:
        return
    life.paid_at = paid_at
    _turn(make, life, OrderStatus.PAID, list(life.parts), SubOrderStatus.NEW, paid_at, None)
    for line in life.lines:
        line.status = ReservationStatus.ALLOCATED
    total = sum(line.total_minor for line in life.lines)
    key = make.ids.new(paid_at)
    make.rows.add(
        "payments", key, life.id, GATEWAY, f"pi_seed_{key.hex}", PaymentStatus.SUCCEEDED, total, CURRENCY, total,
        "pm_card_visa", life.placed_at, paid_at,
    )  # fmt: skip
    _send(make, life, paid_at)


def _send(make: Maker, life: Life, paid_at: datetime) -> None:
    sent = sorted((paid_at + timedelta(hours=make.random.uniform(6, 90)), sub_no) for sub_no in life.parts)
    delivered_at = sent[-1][0] + DELIVERY
    is_delivered = delivered_at <= make.now
    for place, (at, sub_no) in enumerate(sent, start=1):
        if at > make.now:
            return
        _parcel(make, life, sub_no, at, delivered_at if is_delivered else None)
        to = OrderStatus.SHIPPED if place == len(sent) else OrderStatus.IN_FULFILLMENT
        _turn(make, life, to, [sub_no], SubOrderStatus.SHIPPED, at, None)
    if not is_delivered:
        return
    _turn(make, life, OrderStatus.DELIVERED, list(life.parts), SubOrderStatus.DELIVERED, delivered_at, None)
    _review(make, life, delivered_at)
    if delivered_at + RETURN_WINDOW <= make.now:
        life.closed_at = delivered_at + RETURN_WINDOW
        _turn(make, life, OrderStatus.COMPLETED, list(life.parts), SubOrderStatus.COMPLETED, life.closed_at, None)


def _parcel(make: Maker, life: Life, sub_no: int, at: datetime, delivered_at: datetime | None) -> None:
    key = make.ids.new(at)
    status = FulfillmentStatus.DELIVERED if delivered_at else FulfillmentStatus.SHIPPED
    tracking = f"SG{make.random.randrange(10**10):010d}"
    make.rows.add("fulfillments", key, life.id, sub_no, "Parcelway", tracking, status, at, at, delivered_at)
    for line in life.lines_of(sub_no):
        make.rows.add("fulfillment_lines", key, line.line_no, line.quantity)
        line.shelf.on_hand -= line.quantity
        line.shelf.reserved -= line.quantity
        line.shipped, line.status, line.ended_at = line.quantity, ReservationStatus.FULFILLED, at
        _move(make, life, line, -line.quantity, -line.quantity, MovementReason.SHIP, at)


def _review(make: Maker, life: Life, delivered_at: datetime) -> None:
    """One in two who got a parcel says something."""
    for product_id, naming in {line.offer.product_id: line.offer.naming for line in life.lines}.items():
        at = delivered_at + timedelta(days=make.random.uniform(0.5, 9))
        if make.random.random() < 0.5 and at <= make.now:
            add_review(make, product_id, naming, life.buyer, mean=4.2, order_id=life.id, at=at)


def _turn(
    make: Maker, life: Life, to: OrderStatus, parts: list[int], part_to: SubOrderStatus, at: datetime, why: str | None
) -> None:
    """Order and parts have these statuses, and the timeline says so."""
    steps: list[tuple[int | None, str, str]] = []
    if to is not life.status:
        steps.append((None, life.status, to))
        life.status = to
    for sub_no in parts:
        steps.append((sub_no, life.parts[sub_no], part_to))
        life.parts[sub_no] = part_to
    for part, was, becomes in steps:
        life.seq += 1
        life.versions[part] = life.versions.get(part, 1) + 1
        make.rows.add("order_transitions", life.id, life.seq, part, was, becomes, ActorKind.SYSTEM, None, why, at)


def _move(
    make: Maker, life: Life, line: Line, on_hand: int, reserved: int, reason: MovementReason, at: datetime
) -> None:
    add_movement(make, line.shelf, on_hand, reserved, reason, at=at, order_id=life.id, line_no=line.line_no)


def _write(make: Maker, life: Life, number: int) -> None:
    rows, total = make.rows, sum(line.total_minor for line in life.lines)
    expires_at = life.placed_at + PAYMENT_WINDOW
    rows.add(
        "orders", life.id, order_number(life.placed_at, number), life.buyer.id, life.status, CURRENCY, total, total,
        total if life.paid_at else 0, expires_at, life.placed_at, life.paid_at, life.closed_at,
        life.versions.get(None, 1),
    )  # fmt: skip
    rows.add("order_contacts", life.id, life.buyer.email, email_hash(life.buyer.email), _address(make, life.buyer))
    for sub_no, status in life.parts.items():
        lines = life.lines_of(sub_no)
        part = sum(line.total_minor for line in lines)
        ship_by = life.placed_at + timedelta(days=max(line.offer.handling_days for line in lines))
        version = life.versions.get(sub_no, 1)
        rows.add("sub_orders", life.id, sub_no, lines[0].offer.seller_id, status, part, part, ship_by, version)
    for line in life.lines:
        offer = line.offer
        rows.add(
            "order_lines", life.id, line.line_no, line.sub_no, offer.id, offer.variant_id, offer.product_id,
            offer.seller_id, offer.naming.title, offer.variant_title, offer.sku, line.quantity, line.price_minor,
            line.total_minor, line.shipped,
        )  # fmt: skip
        firm = line.status in {ReservationStatus.ALLOCATED, ReservationStatus.FULFILLED}
        rows.add(
            "stock_reservations", make.ids.new(life.placed_at), line.shelf.id, life.id, line.line_no, line.quantity,
            line.status, None if firm else expires_at, life.placed_at, line.ended_at,
        )  # fmt: skip


def _address(make: Maker, buyer: Buyer) -> str:
    city, code, country = make.random.choice(CITIES)
    street = f"{make.random.choice(STREETS)} {make.random.randint(1, 140)}"
    where = ShippingAddress(full_name=buyer.name, line1=street, city=city, country=country, postal_code=code)
    return json.dumps(where.as_json())
