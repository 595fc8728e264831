"""Words, without a database."""

import msgspec
import pytest

from shop_graphql.notifications.templates import SMS_LENGTH_MAX, render
from shop_graphql.notifications.topics import Topic
from tests.notifications.letters import ORDER, PARCEL, a_letter

NUMBER = str(ORDER.number)
SAYS = {
    Topic.ORDER_CONFIRMED: ("Your order {} is confirmed", "25.98 EUR", "2 x Kettle, Steel  25.98 EUR"),
    Topic.ORDER_SHIPPED: (
        "A parcel of your order {} is on its way",
        "with DHL, tracking number JJD 0003",
        "2 x Kettle",
    ),
    Topic.ORDER_EXPIRED: ("Your order {} was closed", "was not paid in time", "2 x Kettle"),
    Topic.SELLER_ORDER_RECEIVED: ("New order {}", "Kettles & Co has a new, paid order", "2 x Kettle, Steel  (SKU K-1)"),
}


@pytest.mark.parametrize("topic", list(Topic))
def test_each_message_names_the_order_and_its_things(topic: Topic) -> None:
    words = render(topic, a_letter())

    subject, phrase, item = SAYS[topic]
    assert words.subject == subject.format(NUMBER)
    assert phrase in words.as_text()
    assert words.items[0].startswith(item)
    assert NUMBER in words.short
    assert words.as_text().startswith("Hello Ada Example,")


@pytest.mark.parametrize("topic", list(Topic))
def test_a_hostile_title_stays_text_in_html(topic: Topic) -> None:
    words = render(topic, a_letter(title='</li><script>alert("1")</script>'))

    assert "<script>" not in words.as_html()
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in words.as_html()
    assert words.as_html().count("<li>") == words.as_html().count("</li>") == 1


@pytest.mark.parametrize("topic", list(Topic))
def test_typed_text_never_begins_a_line_or_a_header(topic: Topic) -> None:
    evil = "x\r\nBcc: eve@x.example\r\n\r\nYour account is closed"
    words = render(topic, a_letter(title=evil, name=evil, seller_name=evil))

    lines = words.as_text().splitlines()
    assert not any(line.strip().startswith(("Bcc:", "Your account")) for line in lines)
    assert words.subject.isprintable()
    assert words.short.isprintable()


@pytest.mark.parametrize(
    "name", [None, "", " ", "Win at http://evil.example", "evil.example", "a@b", "call 030 901820", "x/y"]
)
def test_a_name_that_is_none_is_left_out(name: str | None) -> None:
    assert render(Topic.ORDER_EXPIRED, a_letter(name=name)).as_text().startswith("Hello, your order")


@pytest.mark.parametrize("name", ["J. R. Müller-O'Neill", "Łukasz Żak", "李小龙", "Anne St. John"])
def test_a_name_is_greeted_in_any_script(name: str) -> None:
    assert render(Topic.ORDER_EXPIRED, a_letter(name=name)).as_text().startswith(f"Hello {name}, ")


def test_a_parcel_shows_only_what_lies_in_it() -> None:
    words = render(Topic.ORDER_SHIPPED, a_letter(quantities={1: 1}))

    assert words.items == ["1 x Kettle, Steel  12.99 EUR"]


def test_a_parcel_without_a_carrier_is_told_too() -> None:
    bare = msgspec.structs.replace(PARCEL, carrier=None, tracking_number=None)

    assert render(Topic.ORDER_SHIPPED, a_letter(parcel=bare)).short == f"A parcel of your order {NUMBER} is on its way."


def test_the_longest_parcel_fits_into_two_text_messages() -> None:
    longest = msgspec.structs.replace(PARCEL, carrier="D" * 100, tracking_number="1" * 100)

    assert len(render(Topic.ORDER_SHIPPED, a_letter(parcel=longest)).short) <= SMS_LENGTH_MAX


def test_money_is_written_as_its_currency_wants() -> None:
    yen = msgspec.structs.replace(ORDER, currency="JPY", total_minor=2598)

    assert "payment of 2598 JPY." in render(Topic.ORDER_CONFIRMED, a_letter(order=yen)).as_text()
