"""Members, guests and their carts."""

from typing import Any

import pytest

from shop_graphql.accounts.models import Address, User
from shop_graphql.accounts.states import UserStatus
from shop_graphql.cart.models import Cart, CartLine
from shop_graphql.cart.states import CartStatus
from shop_graphql.platform.db import WriteSession
from tests.database.rows import NOW, World, a_user, in_days, new_id, refusal, some_hash, sql


def a_cart(owner: User | None, **values: Any) -> Cart:
    given = {"currency": "EUR", "created_at": NOW, "updated_at": NOW, "expires_at": in_days(90), **values}
    return Cart(id=new_id(), user_id=owner.id if owner else None, **given)


async def test_an_address_of_mail_belongs_to_one_member(session: WriteSession) -> None:
    assert await refusal(session, a_user("ada@example.com"), a_user("ada@example.com")) == "uq_users_email"


async def test_a_guest_may_use_a_members_address(session: WriteSession) -> None:
    assert await refusal(session, a_user("ada@example.com"), a_user("ada@example.com", is_guest=True)) is None


@pytest.mark.parametrize("email", ["Ada@example.com", "ada", "@example.com"])
async def test_mail_addresses_are_lower_case_and_whole(session: WriteSession, email: str) -> None:
    assert await refusal(session, a_user(email)) == "ck_users_email_shape"


async def test_erasing_a_user_blanks_and_frees_the_address(session: WriteSession) -> None:
    erased = a_user(status=UserStatus.ERASED, erased_at=NOW)
    assert await refusal(session, erased) == "ck_users_erased_is_blank"

    erase = sql("update users set status = 'erased', email = null, erased_at = :at", at=NOW)

    assert await refusal(session, a_user("ada@example.com"), erase, a_user("ada@example.com")) is None


async def test_a_user_has_one_default_address(session: WriteSession, world: World) -> None:
    def home() -> Address:
        return Address(
            id=new_id(),
            user_id=world.buyer.id,
            full_name="Ada",
            line1="Main Street 1",
            city="Berlin",
            country="DE",
            is_default_shipping=True,
            created_at=NOW,
        )

    assert await refusal(session, home(), home()) == "uq_addresses_default_shipping"


async def test_a_user_has_one_open_cart(session: WriteSession, world: World) -> None:
    assert await refusal(session, a_cart(world.buyer), a_cart(world.buyer)) == "uq_carts_one_open"


async def test_a_user_may_have_many_closed_carts(session: WriteSession, world: World) -> None:
    closed = [a_cart(world.buyer, status=CartStatus.ORDERED, order_id=new_id()) for _ in range(2)]

    assert await refusal(session, *closed, a_cart(world.buyer)) is None


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"status": CartStatus.ORDERED}, "ck_carts_ordered"),
        ({"order_id": new_id()}, "ck_carts_ordered"),
        ({"status": CartStatus.MERGED}, "ck_carts_merged"),
        ({"currency": "eur"}, "ck_carts_currency"),
    ],
)
async def test_a_cart_is_ordered_if_it_has_an_order(
    session: WriteSession, world: World, values: dict[str, Any], constraint: str
) -> None:
    assert await refusal(session, a_cart(world.buyer, **values)) == constraint


async def test_one_order_never_comes_from_two_carts(session: WriteSession, world: World) -> None:
    ordered: dict[str, Any] = {"status": CartStatus.ORDERED, "order_id": new_id()}

    assert await refusal(session, a_cart(world.buyer, **ordered), a_cart(world.buyer, **ordered)) == "uq_carts_order"


async def test_a_cart_without_user_needs_a_secret(session: WriteSession) -> None:
    assert await refusal(session, a_cart(None)) == "ck_carts_owner"
    guests = [a_cart(None, guest_secret_hash=some_hash("secret")) for _ in range(2)]
    assert await refusal(session, *guests) == "uq_carts_guest"


@pytest.mark.parametrize("quantity", [0, -1, 10_000])
async def test_a_line_holds_between_1_and_9999(session: WriteSession, world: World, quantity: int) -> None:
    cart = a_cart(world.buyer)
    line = CartLine(cart_id=cart.id, offer_id=world.offer.id, quantity=quantity, seen_price_minor=1000, added_at=NOW)

    assert await refusal(session, cart, line) == "ck_cart_lines_quantity"


async def test_a_cart_has_one_line_per_offer(session: WriteSession, world: World) -> None:
    cart = a_cart(world.buyer)
    insert = sql(
        "insert into cart_lines (cart_id, offer_id, quantity, seen_price_minor, added_at)"
        " values (:cart, :offer, 1, 1, :at)",
        cart=cart.id,
        offer=world.offer.id,
        at=NOW,
    )

    assert await refusal(session, cart, insert, insert) == "pk_cart_lines"
