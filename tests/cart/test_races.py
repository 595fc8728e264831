"""Two tabs of one shopper at once, on real connections."""

import asyncio

from shop_graphql.cart import service as carts
from shop_graphql.cart.service import Wanted
from shop_graphql.platform.db import Database
from tests.clock import NOON
from tests.factories.carts import SECRET, make_cart
from tests.factories.shelves import make_buyer, make_shelf, rows

TABS = 8


async def test_tabs_that_add_at_once_add_up(db: Database) -> None:
    shelf, buyer = await make_shelf(db, units=[100]), await make_buyer(db)
    cart_id = await make_cart(db, buyer)

    async def add() -> None:
        async with db.write() as session:
            lines = [Wanted(shelf.offer_id, 2)]
            await carts.add_lines(session, actor=buyer, cart_id=cart_id, lines=lines, now=NOON)

    async with asyncio.TaskGroup() as group:
        for _ in range(TABS):
            group.create_task(add())

    assert await rows(db, "select quantity from cart_lines") == [(2 * TABS,)]


async def test_tabs_that_open_a_cart_at_once_share_it(db: Database) -> None:
    buyer = await make_buyer(db)

    async def create() -> object:
        async with db.write() as session:
            return await carts.create(session, actor=buyer, currency=None, shop_currency="EUR", secret=SECRET, now=NOON)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(create()) for _ in range(TABS)]

    assert len({task.result() for task in tasks}) == 1
    assert await rows(db, "select count(*), max(guest_secret_hash) from carts") == [(1, None)]
