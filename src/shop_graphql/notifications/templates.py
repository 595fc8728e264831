"""What the messages say. Pure: a letter in, words out."""

import re
from collections.abc import Callable, Mapping
from html import escape

import msgspec

from shop_graphql.notifications.rows import Letter
from shop_graphql.notifications.topics import Topic
from shop_graphql.platform.money import to_major

SMS_LENGTH_MAX = 306
"""Two text messages' worth."""

NOT_IN_A_NAME = re.compile(r"[/:@\d]|\.\w\w")
"""Whoever orders in somebody else's name could write to them through the greeting; without links it is not worth it."""


class Words(msgspec.Struct, frozen=True):
    """One message for every channel that may carry it."""

    subject: str
    paragraphs: list[str]
    items: list[str]
    short: str
    """For channels without room."""

    def as_text(self) -> str:
        parts = [*self.paragraphs[:1], "\n".join(f"  {item}" for item in self.items), *self.paragraphs[1:]]
        return "\n\n".join(part for part in parts if part) + "\n"

    def as_html(self) -> str:
        items = "".join(f"<li>{escape(item)}</li>" for item in self.items)
        first, *rest = (f"<p>{escape(paragraph)}</p>" for paragraph in self.paragraphs)
        body = f"{first}<ul>{items}</ul>{''.join(rest)}"
        return f'<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>{body}</body></html>'


def render(topic: Topic, letter: Letter) -> Words:
    """The message about `topic`, in English."""
    return TEMPLATES[topic](letter)


def _confirmed(letter: Letter) -> Words:
    number, total = letter.order.number, _money(letter, letter.order.total_minor)
    return Words(
        subject=f"Your order {number} is confirmed",
        paragraphs=[
            f"{_hello(letter)} thank you for your order {number}. We have received your payment of {total}.",
            f"Total: {total}",
            "You will hear from us again when a parcel is on its way.",
        ],
        items=_items(letter),
        short=f"Order {number} is confirmed: {total}.",
    )


def _shipped(letter: Letter) -> Words:
    number, by = letter.order.number, _carrier(letter)
    return Words(
        subject=f"A parcel of your order {number} is on its way",
        paragraphs=[
            f"{_hello(letter)} {_seller(letter, 'the seller')} has sent a parcel of your order {number}{by}.",
            "These things are inside. What is not among them comes in another parcel.",
        ],
        items=_items(letter),
        short=f"A parcel of your order {number} is on its way{by}.",
    )


def _expired(letter: Letter) -> Words:
    number = letter.order.number
    return Words(
        subject=f"Your order {number} was closed",
        paragraphs=[
            f"{_hello(letter)} your order {number} was not paid in time, so we have closed it.",
            "Nothing was charged. If you still want these things, put them into a new cart.",
        ],
        items=_items(letter),
        short=f"Order {number} was not paid in time and is closed.",
    )


def _received(letter: Letter) -> Words:
    number = letter.order.number
    return Words(
        subject=f"New order {number}",
        paragraphs=[
            f"{_hello(letter)} {_seller(letter, 'your shop')} has a new, paid order {number}. Please send:",
            "Record the parcel with fulfillmentCreate; the buyer is told at once.",
        ],
        items=_items(letter, with_prices=False),
        short=f"New order {number}.",
    )


TEMPLATES: Mapping[Topic, Callable[[Letter], Words]] = {
    Topic.ORDER_CONFIRMED: _confirmed,
    Topic.ORDER_SHIPPED: _shipped,
    Topic.ORDER_EXPIRED: _expired,
    Topic.SELLER_ORDER_RECEIVED: _received,
}
assert TEMPLATES.keys() == set(Topic)


def _hello(letter: Letter) -> str:
    name = _one_line(letter.to.name or "")
    return f"Hello {name}," if name and not NOT_IN_A_NAME.search(name) else "Hello,"


def _seller(letter: Letter, otherwise: str) -> str:
    return _one_line(letter.seller_name or "") or otherwise


def _items(letter: Letter, *, with_prices: bool = True) -> list[str]:
    items = []
    for line in letter.lines:
        units = letter.quantities[line.line_no]
        variant = f", {line.variant_title}" if line.variant_title else ""
        price = f"  {_money(letter, line.unit_price_minor * units)}" if with_prices else f"  (SKU {line.sku})"
        items.append(_one_line(f"{units} x {line.title}{variant}") + price)
    return items


def _one_line(words: str) -> str:
    # What sellers and buyers have typed must not look like a paragraph of ours.
    return " ".join(words.split())


def _carrier(letter: Letter) -> str:
    parcel = letter.parcel
    if parcel is None or not parcel.carrier:
        return ""
    return f" with {parcel.carrier}" + (f", tracking number {parcel.tracking_number}" if parcel.tracking_number else "")


def _money(letter: Letter, minor: int) -> str:
    return f"{to_major(minor, letter.order.currency)} {letter.order.currency}"
