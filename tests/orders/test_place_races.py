"""Many checkouts at once, on real connections."""

from uuid import UUID

import pytest

from shop_graphql.cart.errors import CartNotOpen
from shop_graphql.inventory.errors import OutOfStock
from shop_graphql.orders.service.place import Placed
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ShopError
from tests.crowd import crowd, deadlocks, together
from tests.factories.carts import buy, make_cart
from tests.factories.shelves import Shelf, assert_books_balance, levels, make_buyer, make_shelf, rows
from tests.sizes import SIZE

pytestmark = pytest.mark.race

TWINS = 12


async def outcome(db: Database, actor: Actor, cart_id: UUID, *, key: str = "key") -> Placed | ShopError:
    try:
        return await buy(db, actor, cart_id, key=key)
    except ShopError as refusal:
        return refusal


async def carts_with(db: Database, count: int, *wanted: tuple[Shelf, int]) -> list[tuple[Actor, UUID]]:
    buyers = [await make_buyer(db) for _ in range(count)]
    return [(buyer, await make_cart(db, buyer, *wanted)) for buyer in buyers]


async def test_seven_units_make_exactly_seven_orders(db: Database, database_url: str) -> None:
    shelf = await make_shelf(db, units=[SIZE.units])
    carts = await carts_with(db, SIZE.buyers, (shelf, 1))
    before = await deadlocks(db)

    async with crowd(database_url) as many:
        results = await together(outcome(many, *cart) for cart in carts)

    assert len([result for result in results if isinstance(result, Placed)]) == SIZE.units
    refused = [result for result in results if isinstance(result, ShopError)]
    assert all(isinstance(result, OutOfStock) and result.available == 0 for result in refused)
    assert await levels(db, shelf) == [(SIZE.units, SIZE.units)]
    assert await rows(db, "select count(*), count(distinct number) from orders") == [(SIZE.units, SIZE.units)]
    assert await rows(db, "select count(*) from outbox_messages where type = 'order.placed'") == [(SIZE.units,)]
    assert await deadlocks(db) == before
    await assert_books_balance(db)


async def test_opposite_carts_never_deadlock_or_half_succeed(db: Database, database_url: str) -> None:
    kettle, pan = await make_shelf(db, units=[SIZE.units]), await make_shelf(db, units=[SIZE.units])
    half = SIZE.buyers // 2
    carts = await carts_with(db, half, (kettle, 1), (pan, 1))
    carts += await carts_with(db, half, (pan, 1), (kettle, 1))
    before = await deadlocks(db)

    async with crowd(database_url) as many:
        results = await together(outcome(many, *cart) for cart in carts)

    assert len([result for result in results if isinstance(result, Placed)]) == SIZE.units
    assert await rows(db, "select count(*) from order_lines") == [(2 * SIZE.units,)]
    assert await levels(db, kettle) == await levels(db, pan) == [(SIZE.units, SIZE.units)]
    assert await deadlocks(db) == before
    await assert_books_balance(db)


async def test_twelve_twins_of_one_key_place_one_order(db: Database, database_url: str) -> None:
    shelf = await make_shelf(db, units=[50])
    [(buyer, cart_id)] = await carts_with(db, 1, (shelf, 1))

    async with crowd(database_url) as many:
        placed = await together(outcome(many, buyer, cart_id) for _ in range(TWINS))

    assert all(isinstance(result, Placed) for result in placed)
    assert len({result.order_id for result in placed if isinstance(result, Placed)}) == 1
    assert sorted(result.replayed for result in placed if isinstance(result, Placed)) == [False] + [True] * (TWINS - 1)
    assert await levels(db, shelf) == [(50, 1)]


async def test_one_cart_under_many_keys_is_one_order(db: Database, database_url: str) -> None:
    shelf = await make_shelf(db, units=[50])
    [(buyer, cart_id)] = await carts_with(db, 1, (shelf, 1))

    async with crowd(database_url) as many:
        results = await together(outcome(many, buyer, cart_id, key=f"key {twin}") for twin in range(TWINS))

    assert len([result for result in results if isinstance(result, Placed)]) == 1
    assert len([result for result in results if isinstance(result, CartNotOpen)]) == TWINS - 1
    assert await rows(db, "select count(*) from orders") == [(1,)]
    await assert_books_balance(db)
