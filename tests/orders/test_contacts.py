"""To whom an order goes: what is accepted, and in which form it is kept."""

from dataclasses import replace

import pytest

from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.orders.contacts import Contact, canonical_contact
from shop_graphql.platform.errors import Invalid
from tests.factories.carts import BERLIN, CONTACT


def test_a_contact_is_kept_in_one_form() -> None:
    typed = Contact(
        shipping=replace(BERLIN, full_name="  Ada \t Example ", line2="  ", region=""),
        email=" Ada@Example.COM ",
        phone="030/90 18 20",
    )

    kept = canonical_contact(typed)

    assert (kept.email, kept.phone) == ("ada@example.com", "+4930901820")
    assert kept.shipping.full_name == "Ada Example"
    assert kept.shipping.as_json() == {
        "full_name": "Ada Example",
        "line1": "Unter den Linden 1",
        "city": "Berlin",
        "postal_code": "10117",
        "country": "DE",
    }


def test_a_number_with_a_plus_may_be_from_anywhere() -> None:
    assert canonical_contact(replace(CONTACT, phone="+1 212 555 2368")).phone == "+12125552368"


@pytest.mark.parametrize("phone", ["12", "call me", "+49 30 1", "0" * 41])
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical_contact(replace(CONTACT, phone=phone))

    assert refusal.value.field == ("contact", "phone")


@pytest.mark.parametrize("email", ["ada", "ada@", "@example.com", "a b@example.com"])
def test_what_is_no_mail_address_is_refused(email: str) -> None:
    with pytest.raises(EmailInvalid) as refusal:
        canonical_contact(replace(CONTACT, email=email))

    assert refusal.value.field == ("contact", "email")


@pytest.mark.parametrize(
    ("part", "value", "spelled"),
    [
        ("full_name", "", "fullName"),
        ("full_name", "x" * 101, "fullName"),
        ("line1", " \n ", "line1"),
        ("line2", "x" * 201, "line2"),
        ("city", "", "city"),
        ("region", "x" * 101, "region"),
        ("postal_code", "x" * 21, "postalCode"),
        ("country", "XX", "country"),
        ("city", "Ber\x00lin", "city"),
    ],
)
def test_a_bad_part_of_an_address_is_named(part: str, value: str, spelled: str) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical_contact(replace(CONTACT, shipping=replace(BERLIN, **{part: value})))

    assert refusal.value.field == ("shippingAddress", spelled)
