"""Orders, as their buyers and sellers see them."""

from functools import partial
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.api.context import Services
from shop_graphql.api.ids import global_id
from shop_graphql.platform.db import Database
from tests.api.shopping import NOBODYS, Credentials, count_statements, order_of, sign_in
from tests.client import Shop, operation
from tests.factories.accounts import make_user, token_for
from tests.factories.sellers import make_seller
from tests.factories.shelves import make_shelf, rows, run

NODE = "query ($id: ID!) { node(id: $id) { id } }"


async def look(shop: Shop, order_id: str, **who: str | None) -> Any:
    return (await shop.data(operation("order"), {"id": order_id}, **who))["order"]


async def team(db: Database, services: Services) -> tuple[UUID, Credentials]:
    """A new seller, and the credentials of its owner."""
    owner = await make_user(db)
    seller_id = await make_seller(db, owner_id=owner.id)
    return seller_id, {"token": await token_for(db, services.tokens, owner)}


async def parts_of(shop: Shop, seller_id: UUID, who: Credentials, **variables: Any) -> Any:
    asked = {"sellerId": global_id("Seller", seller_id), **variables}
    return (await shop.data(operation("sellerOrders"), asked, **who))["sellerOrders"]


async def test_the_buyer_sees_all_of_an_order(shop: Shop, db: Database, services: Services) -> None:
    ada = await sign_in(db, services)
    kettle, pan = await make_shelf(db, title="Kettle"), await make_shelf(db, title="Pan", prices={"EUR": 250})
    placed, _ = await order_of(shop, (kettle, 2), (pan, 1), **ada)

    order = await look(shop, placed["id"], **ada)

    assert [(line["title"], line["variantTitle"], line["quantity"]) for line in order["lines"]] == [
        ("Kettle", "Steel", 2),
        ("Pan", "Steel", 1),
    ]
    assert [line["product"]["title"] for line in order["lines"]] == ["Kettle", "Pan"]
    assert sorted(part["total"]["amount"] for part in order["subOrders"]) == ["2.50", "20.00"]
    assert (order["itemsTotal"]["amount"], order["total"]["amount"]) == ("22.50", "22.50")
    assert order["contact"] == {"email": "ada@example.com", "phone": None}
    assert order["shippingAddress"]["city"] == "Berlin"
    assert (order["payments"], order["fulfillments"]) == ([], [])
    [step] = order["timeline"]
    assert (step["orderStatus"], step["by"], step["subOrderId"]) == ("PENDING_PAYMENT", "USER", None)
    assert order["allowedActions"] == ["PAY"]


async def test_an_order_keeps_the_names_and_prices_of_its_day(shop: Shop, db: Database) -> None:
    placed, guest = await order_of(shop, (await make_shelf(db, title="Kettle"), 1))
    await run(db, "update products set title = 'Another kettle', status = 'archived'")
    await run(db, "update offer_prices set price_minor = 1")

    order = await look(shop, placed["id"], **guest)

    [line] = order["lines"]
    assert (line["title"], line["unitPrice"]["amount"]) == ("Kettle", "10.00")
    assert line["product"] is line["variant"] is None


async def test_nothing_is_left_to_do_once_time_is_up(shop: Shop, db: Database, services: Services) -> None:
    placed, guest = await order_of(shop, (await make_shelf(db), 1))
    await run(db, "update orders set expires_at = '2026-11-23T12:00:00Z'")

    assert (await look(shop, placed["id"], **guest))["allowedActions"] == []


async def test_an_order_is_nothing_to_strangers(shop: Shop, db: Database, services: Services) -> None:
    ada, bob = await sign_in(db, services), await sign_in(db, services)
    seller_id, merchant = await team(db, services)
    shelf = await make_shelf(db, seller_id=seller_id)
    adas, _ = await order_of(shop, (shelf, 1), **ada)
    guests, guest = await order_of(shop, (shelf, 1))
    _, other = await order_of(shop, (shelf, 1))

    for order_id, strangers in ((adas["id"], [{}, bob, guest, merchant]), (guests["id"], [{}, ada, merchant, other])):
        for stranger in strangers:
            assert await look(shop, order_id, **stranger) is None
            assert (await shop.data(NODE, {"id": order_id}, **stranger))["node"] is None

    assert (await shop.data(NODE, {"id": guests["id"]}, **guest))["node"] == {"id": guests["id"]}


async def test_staff_see_every_order(shop: Shop, db: Database, services: Services) -> None:
    staff = await make_user(db)
    statement = "insert into user_roles (user_id, role, granted_at) values (:user, 'support', now())"
    await run(db, statement, user=staff.id)
    placed, _ = await order_of(shop, (await make_shelf(db), 1))

    order = await look(shop, placed["id"], token=await token_for(db, services.tokens, staff))

    assert order["contact"]["email"] == "ada@example.com"


async def test_orders_come_newest_first_in_pages(shop: Shop, db: Database, services: Services) -> None:
    ada, bob = await sign_in(db, services), await sign_in(db, services)
    shelf = await make_shelf(db)
    ids = [(await order_of(shop, (shelf, 1), **ada))[0]["id"] for _ in range(3)]
    await order_of(shop, (shelf, 1), **bob)
    newest_first = [
        global_id("Order", key)
        for (key,) in await rows(db, "select id from orders order by id desc")
        if global_id("Order", key) in ids
    ]

    first = (await shop.data(operation("orders"), {"first": 2}, **ada))["orders"]
    after = first["pageInfo"]["endCursor"]
    second = (await shop.data(operation("orders"), {"first": 2, "after": after}, **ada))["orders"]

    assert [order["id"] for order in first["nodes"] + second["nodes"]] == newest_first
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_a_guest_lists_the_one_order_of_their_cart(shop: Shop, db: Database) -> None:
    shelf = await make_shelf(db)
    placed, guest = await order_of(shop, (shelf, 1))
    await order_of(shop, (shelf, 1))

    listed = (await shop.data(operation("orders"), **guest))["orders"]

    assert [order["id"] for order in listed["nodes"]] == [placed["id"]]
    after = listed["pageInfo"]["endCursor"]
    assert (await shop.data(operation("orders"), {"after": after}, **guest))["orders"]["nodes"] == []


async def test_only_shoppers_have_orders(shop: Shop) -> None:
    [error] = (await shop.ask(operation("orders")))["errors"]

    assert error["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("variables", [{"first": 0}, {"first": 101}, {"after": "nonsense"}])
async def test_a_bad_page_is_the_clients_fault(
    shop: Shop, db: Database, services: Services, variables: dict[str, Any]
) -> None:
    [error] = (await shop.ask(operation("orders"), variables, **await sign_in(db, services)))["errors"]

    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_seller_sees_its_own_part_alone(shop: Shop, db: Database, services: Services) -> None:
    seller_id, merchant = await team(db, services)
    mine, other = await make_shelf(db, seller_id=seller_id, title="Mine"), await make_shelf(db, title="Other")
    placed, _ = await order_of(shop, (mine, 1), (other, 1))

    [part] = (await parts_of(shop, seller_id, merchant))["nodes"]

    assert (part["number"], part["status"]) == (placed["number"], "PENDING_PAYMENT")
    assert [line["title"] for line in part["lines"]] == ["Mine"]
    assert (await shop.data(NODE, {"id": part["id"]}, **merchant))["node"] == {"id": part["id"]}


async def test_a_seller_is_told_the_address_once_it_is_paid(shop: Shop, db: Database, services: Services) -> None:
    seller_id, merchant = await team(db, services)
    await order_of(shop, (await make_shelf(db, seller_id=seller_id), 1))
    [unpaid] = (await parts_of(shop, seller_id, merchant))["nodes"]
    await run(db, "update sub_orders set status = 'new'")
    [paid] = (await parts_of(shop, seller_id, merchant))["nodes"]

    assert unpaid["shippingAddress"] is None
    assert paid["shippingAddress"]["city"] == "Berlin"
    assert paid["shippingAddress"].keys() == {"fullName", "line1", "city", "postalCode", "country"}


async def test_seller_orders_can_be_asked_for_by_status(shop: Shop, db: Database, services: Services) -> None:
    seller_id, merchant = await team(db, services)
    shelf = await make_shelf(db, seller_id=seller_id)
    orders = [(await order_of(shop, (shelf, 1)))[0]["number"] for _ in range(3)]
    paid = "update sub_orders s set status = 'new' from orders o where o.id = s.order_id and o.number = :number"
    await run(db, paid, number=int(orders[1]))

    page = await parts_of(shop, seller_id, merchant, status="NEW")
    everything = await parts_of(shop, seller_id, merchant, first=2)
    after = everything["pageInfo"]["endCursor"]
    rest = await parts_of(shop, seller_id, merchant, first=2, after=after)

    assert [part["number"] for part in page["nodes"]] == [orders[1]]
    assert {part["number"] for part in everything["nodes"] + rest["nodes"]} == set(orders)
    assert (everything["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


async def test_another_sellers_orders_are_nothing_to_a_seller(shop: Shop, db: Database, services: Services) -> None:
    seller_id, merchant = await team(db, services)
    _, rival = await team(db, services)
    ada = await sign_in(db, services)
    await order_of(shop, (await make_shelf(db, seller_id=seller_id), 1))
    [part] = (await parts_of(shop, seller_id, merchant))["nodes"]

    assert await parts_of(shop, seller_id, rival) is None
    assert (await shop.data(NODE, {"id": part["id"]}, **rival))["node"] is None
    asked = {"sellerId": global_id("Seller", seller_id)}
    for who, code in ((ada, "FORBIDDEN"), ({}, "UNAUTHENTICATED")):
        [error] = (await shop.ask(operation("sellerOrders"), asked, **who))["errors"]
        assert error["extensions"]["code"] == code


async def test_parcels_show_what_lies_in_them(shop: Shop, db: Database, services: Services) -> None:
    seller_id, merchant = await team(db, services)
    placed, guest = await order_of(shop, (await make_shelf(db, seller_id=seller_id), 2))
    parcel = "insert into fulfillments (id, order_id, sub_no, carrier, tracking_number, status, created_at)"
    await run(db, parcel + " select :id, id, 1, 'DHL', '00340', 'packed', placed_at from orders", id=NOBODYS)
    await run(db, "insert into fulfillment_lines (fulfillment_id, line_no, quantity) values (:id, 1, 2)", id=NOBODYS)

    order = await look(shop, placed["id"], **guest)

    [found] = order["fulfillments"]
    assert (found["carrier"], found["trackingNumber"], found["status"]) == ("DHL", "00340", "PACKED")
    assert found["lines"] == [{"quantity": 2, "orderLine": {"id": order["lines"][0]["id"]}}]
    assert order["subOrders"][0]["fulfillments"] == [{"id": found["id"]}]
    for who, seen in ((guest, {"id": found["id"]}), (merchant, {"id": found["id"]}), ({}, None)):
        assert (await shop.data(NODE, {"id": found["id"]}, **who))["node"] == seen


async def test_an_order_takes_the_same_statements_for_any_lines(
    shop: Shop, db: Database, statements: list[str]
) -> None:
    counts = []
    for lines in (1, 8):
        shelves = [(await make_shelf(db), 1) for _ in range(lines)]
        placed, guest = await order_of(shop, *shelves)
        counts.append(await count_statements(statements, partial(look, shop, placed["id"], **guest)))

    assert counts[0] == counts[1]


async def test_lists_take_the_same_statements_for_any_orders(
    shop: Shop, db: Database, services: Services, statements: list[str]
) -> None:
    ada = await sign_in(db, services)
    seller_id, merchant = await team(db, services)
    shelf = await make_shelf(db, units=[20], seller_id=seller_id)
    counts = []
    for _ in range(6):
        await order_of(shop, (shelf, 1), **ada)
        mine = await count_statements(statements, lambda: shop.data(operation("orders"), {}, **ada))
        sellers = await count_statements(statements, lambda: parts_of(shop, seller_id, merchant))
        counts.append((mine, sellers))

    assert len(set(counts)) == 1
