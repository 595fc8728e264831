"""Every handler may be given the same fact twice; the second time changes nothing."""

from typing import Any

from sqlalchemy import text

from shop_graphql.platform.db import Database
from tests.clock import FixedClock
from tests.factories.orders import LATE, let_expire, pay_for, place_order, send_parcel
from tests.factories.shelves import run, set_price
from workers.deps import Deps
from workers.handlers import HANDLERS
from workers.reactions import REACTIONS
from workers.relay import turn
from workers.running import run_due_jobs

STATE = """
select (select json_agg(d order by message_key, channel) from notification_deliveries d),
       (select json_agg(o order by id) from offers o),
       (select json_agg(l order by product_id) from product_listings l)
"""
MESSAGES = "select template, channel from notification_deliveries order by 1, 2"


async def fetch(db: Database, statement: str) -> list[tuple[Any, ...]]:
    return await db.reader.fetch(text(statement), into=lambda *row: tuple(row))


async def everything_has_happened(db: Database) -> None:
    """One order is paid and sent, which empties the shelf; another one is closed unpaid."""
    order = await place_order(db)
    await pay_for(db, order)
    await send_parcel(db, order)
    await let_expire(db, await place_order(db, email="late@example.com"))
    await run(
        db,
        "insert into outbox_messages (id, type, version, aggregate_type, aggregate_id, payload, occurred_at)"
        " values (gen_random_uuid(), 'stock.changed', 1, 'offer', :offer, '{}', :now)",
        offer=order.shelf.offer_id,
        now=LATE,
    )


async def work(deps: Deps) -> int:
    while await turn(deps.db, deps.clock):
        pass
    return await run_due_jobs(deps)


async def test_what_happened_reaches_everybody_it_concerns(deps: Deps) -> None:
    await everything_has_happened(deps.db)

    await work(deps)

    assert await fetch(deps.db, MESSAGES) == [
        ("order_confirmed", "email"),
        ("order_expired", "email"),
        ("order_shipped", "email"),
        ("order_shipped", "sms"),
        ("seller_order_received", "email"),
    ]
    assert await fetch(deps.db, "select kind, last_error from jobs where status <> 'done'") == []


async def test_a_handler_run_twice_has_one_effect(deps: Deps) -> None:
    await everything_has_happened(deps.db)
    await work(deps)
    before = await fetch(deps.db, STATE)

    await run(deps.db, "update jobs set status = 'ready', finished_at = null")
    await run_due_jobs(deps)

    again = await fetch(deps.db, "select distinct kind from jobs where attempts = 2 and status = 'done' order by 1")
    assert [kind for (kind,) in again] == sorted(HANDLERS)
    assert await fetch(deps.db, "select id from jobs where attempts <> 2 or status <> 'done'") == []
    assert await fetch(deps.db, STATE) == before


async def test_lists_follow_what_orders_take_and_give_back(deps: Deps) -> None:
    order = await place_order(deps.db)
    await run(deps.db, "update stock_items set on_hand = reserved")
    await work(deps)
    sold_out = await fetch(deps.db, "select is_in_stock from offers")

    await let_expire(deps.db, order)
    await work(deps)

    assert sold_out == [(False,)]
    assert await fetch(deps.db, "select is_in_stock from offers") == [(True,)]


async def test_an_empty_shelf_is_shown_as_empty(deps: Deps, clock: FixedClock) -> None:
    order = await place_order(deps.db)
    await set_price(deps.db, order.shelf, 1100)
    await run(deps.db, "update offers set is_in_stock = true")
    await run(deps.db, "update stock_items set reserved = on_hand")
    await run(
        deps.db,
        "insert into outbox_messages (id, type, version, aggregate_type, aggregate_id, payload, occurred_at)"
        " values (gen_random_uuid(), 'stock.changed', 1, 'offer', :offer, '{}', :now)",
        offer=order.shelf.offer_id,
        now=clock.now(),
    )

    await work(deps)

    assert await fetch(deps.db, "select is_in_stock from offers") == [(False,)]


def test_every_reaction_is_handled_and_every_handler_is_used() -> None:
    assert {kind for kinds in REACTIONS.values() for kind in kinds} == HANDLERS.keys()
