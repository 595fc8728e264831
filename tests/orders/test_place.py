"""A cart becomes an order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.cart.errors import CartEmpty, CartNotOpen, CurrencyMismatch, OfferUnavailable, QuantityInvalid
from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.orders.errors import PriceChanged
from shop_graphql.orders.service.place import ExpectedTotal
from shop_graphql.platform.auth import ANONYMOUS
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ErrorCode, Invalid, NotFound, ShopError, Unauthenticated
from shop_graphql.platform.idempotency import IdempotencyKeyInvalid, IdempotencyKeyMismatch
from tests.clock import NOON
from tests.factories.carts import BERLIN, CONTACT, buy, force_line, make_cart, make_guest_cart
from tests.factories.shelves import assert_books_balance, levels, make_buyer, make_shelf, rows, run, set_price


async def nothing_happened(db: Database) -> bool:
    counted = "select (select count(*) from orders), (select count(*) from stock_reservations),"
    counted += " (select count(*) from idempotency_keys), (select count(*) from outbox_messages)"
    return await rows(db, counted) == [(0, 0, 0, 0)]


async def test_place_makes_an_order_with_a_part_per_seller(db: Database) -> None:
    kettle, pan = await make_shelf(db, title="Kettle"), await make_shelf(db, title="Pan", prices={"EUR": 250})
    lid = await make_shelf(db, title="Lid", seller_id=kettle.seller_id, prices={"EUR": 99})
    buyer = await make_buyer(db)
    cart_id = await make_cart(db, buyer, (kettle, 2), (pan, 3), (lid, 1))

    placed = await buy(db, buyer, cart_id)

    assert not placed.replayed
    order = "select status, buyer_id, cart_id, currency, items_minor, total_minor, expires_at, placed_at from orders"
    total = 2 * 1000 + 3 * 250 + 99
    expires = NOON + timedelta(minutes=30)
    assert await rows(db, order) == [("pending_payment", buyer.user_id, cart_id, "EUR", total, total, expires, NOON)]
    parts = {kettle.seller_id: 2099, pan.seller_id: 750}
    found = await rows(db, "select sub_no, seller_id, total_minor from sub_orders order by sub_no")
    assert found == [(number, key, parts[key]) for number, key in enumerate(sorted(parts), start=1)]
    lines = await rows(db, "select line_no, title, quantity, unit_price_minor, seller_id from order_lines order by 1")
    assert lines == [
        (1, "Kettle", 2, 1000, kettle.seller_id),
        (2, "Pan", 3, 250, pan.seller_id),
        (3, "Lid", 1, 99, kettle.seller_id),
    ]
    assert await rows(db, "select status, order_id from carts") == [("ordered", placed.order_id)]
    assert [await levels(db, shelf) for shelf in (kettle, pan, lid)] == [[(5, 2)], [(5, 3)], [(5, 1)]]
    await assert_books_balance(db)


async def test_place_writes_contact_timeline_and_event(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)

    placed = await buy(db, buyer, await make_cart(db, buyer, (shelf, 1)))

    contact = "select email, phone, shipping ->> 'city', email_hash = sha256('ada@example.com') from order_contacts"
    assert await rows(db, contact) == [("ada@example.com", "+4930901820", "Berlin", True)]
    timeline = "select seq, sub_no, from_status, to_status, actor_kind, actor_id, at from order_transitions"
    assert await rows(db, timeline) == [(1, None, None, "pending_payment", "user", buyer.user_id, NOON)]
    event = "select type, aggregate_id, buyer_id, payload ->> 'total_minor', payload - 'number' from outbox_messages"
    payload = {"total_minor": 1000, "currency": "EUR"}
    assert await rows(db, event) == [("order.placed", placed.order_id, buyer.user_id, "1000", payload)]


async def test_a_member_is_written_to_at_their_own_address(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db, email="own@example.com")

    await buy(db, buyer, await make_cart(db, buyer, (shelf, 1)), contact=replace(CONTACT, email=None, phone=None))

    assert await rows(db, "select email, phone from order_contacts") == [("own@example.com", None)]


async def test_a_guest_buys_as_a_person_of_their_own(db: Database) -> None:
    shelf = await make_shelf(db)
    guest = await make_guest_cart(db, (shelf, 1))
    assert guest.cart_id is not None

    await buy(db, guest, guest.cart_id)

    found = "select u.is_guest, u.email, o.cart_id from orders o join users u on u.id = o.buyer_id"
    assert await rows(db, found) == [(True, None, guest.cart_id)]
    assert await rows(db, "select actor_kind, actor_id from order_transitions") == [("anonymous", None)]


async def test_a_guest_must_say_where_mails_go(db: Database) -> None:
    guest = await make_guest_cart(db, (await make_shelf(db), 1))
    assert guest.cart_id is not None

    with pytest.raises(EmailInvalid) as refusal:
        await buy(db, guest, guest.cart_id, contact=replace(CONTACT, email=None))

    assert refusal.value.field == ("contact", "email")
    assert await nothing_happened(db)


async def test_the_same_key_gives_the_same_order(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    first = await buy(db, buyer, cart_id)
    await set_price(db, shelf, 5000)

    again = await buy(db, buyer, cart_id)

    assert (again.order_id, again.replayed) == (first.order_id, True)
    assert await rows(db, "select count(*) from orders") == [(1,)]
    assert await levels(db, shelf) == [(5, 1)]


async def test_the_same_key_for_something_else_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    await buy(db, buyer, cart_id)

    with pytest.raises(IdempotencyKeyMismatch):
        await buy(db, buyer, cart_id, contact=replace(CONTACT, phone=None))


async def test_a_refusal_gives_the_key_back(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    await set_price(db, shelf, 2000)
    with pytest.raises(PriceChanged):
        await buy(db, buyer, cart_id)
    await set_price(db, shelf, 1000)

    placed = await buy(db, buyer, cart_id)

    assert not placed.replayed


async def test_keys_of_two_buyers_are_two_keys(db: Database) -> None:
    shelf = await make_shelf(db)
    buyers = [await make_buyer(db), await make_buyer(db)]

    placed = [await buy(db, buyer, await make_cart(db, buyer, (shelf, 1)), key="same") for buyer in buyers]

    assert placed[0].order_id != placed[1].order_id


async def test_an_ordered_cart_cannot_be_ordered_again(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    await buy(db, buyer, cart_id)

    with pytest.raises(CartNotOpen):
        await buy(db, buyer, cart_id, key="another")

    assert await rows(db, "select count(*) from orders") == [(1,)]


@pytest.mark.parametrize("who", ["stranger", "guest"])
async def test_somebody_elses_cart_is_not_there(db: Database, who: str) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    intruder = await make_buyer(db) if who == "stranger" else await make_guest_cart(db)

    with pytest.raises(NotFound) as refusal:
        await buy(db, intruder, cart_id)

    assert refusal.value.field == ("cartId",)
    assert await nothing_happened(db)


async def test_a_carts_id_alone_opens_nothing(db: Database) -> None:
    guest = await make_guest_cart(db, (await make_shelf(db), 1))
    assert guest.cart_id is not None

    with pytest.raises(Unauthenticated):
        await buy(db, ANONYMOUS, guest.cart_id)


async def test_an_empty_cart_is_refused(db: Database) -> None:
    buyer = await make_buyer(db)

    with pytest.raises(CartEmpty):
        await buy(db, buyer, await make_cart(db, buyer))

    assert await nothing_happened(db)


async def test_a_changed_price_is_refused_with_both_prices(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 2))
    await set_price(db, shelf, 900)

    with pytest.raises(PriceChanged) as refusal:
        await buy(db, buyer, cart_id)

    error = refusal.value
    assert (error.offer_id, error.was_minor, error.now_minor, error.currency) == (shelf.offer_id, 1000, 900, "EUR")
    assert await nothing_happened(db)


async def test_an_agreed_total_makes_new_prices_good(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 2))
    await set_price(db, shelf, 900)

    await buy(db, buyer, cart_id, expected=ExpectedTotal(1800, "EUR"))

    assert await rows(db, "select total_minor from orders") == [(1800,)]


async def test_another_total_than_agreed_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 2))

    with pytest.raises(PriceChanged) as refusal:
        await buy(db, buyer, cart_id, expected=ExpectedTotal(1999, "EUR"))

    error = refusal.value
    assert (error.offer_id, error.was_minor, error.now_minor, error.field) == (None, 1999, 2000, ("expectedTotal",))


async def test_a_total_in_another_currency_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 2))

    with pytest.raises(CurrencyMismatch):
        await buy(db, buyer, cart_id, expected=ExpectedTotal(2000, "USD"))


async def test_a_currency_without_a_price_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, currency="USD")
    await force_line(db, cart_id, shelf, quantity=1)

    with pytest.raises(CurrencyMismatch):
        await buy(db, buyer, cart_id)


async def test_what_is_no_longer_sold_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (shelf, 1))
    await run(db, "update offers set status = 'paused'")

    with pytest.raises(OfferUnavailable):
        await buy(db, buyer, cart_id)

    assert await nothing_happened(db)


async def test_more_than_allowed_in_one_order_is_refused(db: Database) -> None:
    shelf, buyer = await make_shelf(db, max_per_order=2), await make_buyer(db)
    cart_id = await make_cart(db, buyer)
    await force_line(db, cart_id, shelf, quantity=3)

    with pytest.raises(QuantityInvalid):
        await buy(db, buyer, cart_id)


async def test_a_sold_out_line_refuses_the_whole_order(db: Database) -> None:
    kettle, pan, buyer = await make_shelf(db), await make_shelf(db, units=[1]), await make_buyer(db)
    cart_id = await make_cart(db, buyer, (kettle, 2))
    await force_line(db, cart_id, pan, quantity=2)

    with pytest.raises(OutOfStock) as refusal:
        await buy(db, buyer, cart_id)

    assert (refusal.value.offer_id, refusal.value.available) == (pan.offer_id, 1)
    assert await nothing_happened(db)
    assert await rows(db, "select status from carts") == [("open",)]
    assert await levels(db, kettle) == [(5, 0)]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\there"])
async def test_a_malformed_key_is_refused(db: Database, key: str) -> None:
    buyer = await make_buyer(db)

    with pytest.raises(IdempotencyKeyInvalid):
        await buy(db, buyer, await make_cart(db, buyer), key=key)


async def test_a_bad_address_names_the_part_at_fault(db: Database) -> None:
    shelf, buyer = await make_shelf(db), await make_buyer(db)
    contact = replace(CONTACT, shipping=replace(BERLIN, city=" "))

    with pytest.raises(Invalid) as refusal:
        await buy(db, buyer, await make_cart(db, buyer, (shelf, 1)), contact=contact)

    assert refusal.value.field == ("shippingAddress", "city")
    assert isinstance(refusal.value, ShopError)
    assert refusal.value.code is ErrorCode.INVALID
    assert await nothing_happened(db)


async def test_the_number_of_statements_does_not_grow(db: Database, statements: list[str]) -> None:
    counts = []
    for lines in (1, 12):
        shelves, buyer = [await make_shelf(db) for _ in range(lines)], await make_buyer(db)
        cart_id = await make_cart(db, buyer, *((shelf, 1) for shelf in shelves))
        statements.clear()
        await buy(db, buyer, cart_id, key=f"key {lines}")
        counts.append(len(statements))

    assert counts[0] == counts[1]
