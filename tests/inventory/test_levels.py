"""Levels as sellers set them, and what follows for pages and feeds."""

from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue.states import StockPolicy
from shop_graphql.inventory.errors import OutOfStock, StillPromised, StockHasChanged
from shop_graphql.inventory.queries import available_by_offer_ids, levels_by_offer_ids, stock_by_variant_ids
from shop_graphql.inventory.service import holds
from shop_graphql.inventory.service.hints import refresh_stock_hints
from shop_graphql.inventory.service.levels import LevelRequest, LevelSet, set_level, set_level_once
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.errors import ErrorCode, ShopError
from tests.clock import NOON, FixedClock
from tests.factories.catalogue import join_offer, make_offer, owner_of
from tests.factories.sellers import make_seller
from tests.factories.shelves import assert_books_balance, rows, run

ORDER = UUID(int=99)


async def put(db: Database, actor: Actor, offer_id: UUID, on_hand: int, **values: Any) -> LevelSet:
    async with db.write() as session:
        request = LevelRequest(offer_id=offer_id, on_hand=on_hand, **values)
        return await set_level(session, actor=actor, request=request, now=NOON)


async def refused(db: Database, actor: Actor, offer_id: UUID, on_hand: int, **values: Any) -> ShopError:
    with pytest.raises(ShopError) as refusal:
        await put(db, actor, offer_id, on_hand, **values)
    return refusal.value


async def promise(db: Database, clock: FixedClock, offer_id: UUID, quantity: int) -> None:
    """Units held for ten minutes."""
    async with db.write() as session:
        line = holds.HoldLine(1, offer_id, quantity)
        now = clock.now()
        await holds.hold(session, owner_id=ORDER, lines=[line], until=clock.advance(600), now=now)
    clock.advance(-600)


async def available(db: Database, clock: FixedClock, offer_id: UUID) -> int:
    return (await available_by_offer_ids(db.reader, [offer_id], clock.now()))[offer_id]


async def facts(db: Database, offer_id: UUID) -> list[tuple[Any, ...]]:
    told = "select (payload->>'is_in_stock')::bool from outbox_messages"
    return await rows(db, told + " where type = 'stock.changed' and aggregate_id = :id order by seq", id=offer_id)


async def test_set_writes_the_level_and_its_movement(db: Database) -> None:
    made = await make_offer(db, stock=20)

    done = await put(db, owner_of(made.seller_id), made.offer_id, 7)

    levels = (await levels_by_offer_ids(db.reader, [made.offer_id], NOON))[made.offer_id]
    assert [(row.on_hand, row.reserved, row.location_id) for row in levels] == [(7, 0, done.location_id)]
    moved = await rows(db, "select on_hand_delta, reason, actor_id from stock_movements order by on_hand_delta desc")
    assert moved == [(20, "initial", None), (-13, "count", UUID(int=7))]
    await assert_books_balance(db)


async def test_a_seller_without_a_place_gets_its_first(db: Database) -> None:
    made = await make_offer(db, stock=0)
    await run(db, "delete from stock_items")
    await run(db, "delete from locations")

    await put(db, owner_of(made.seller_id), made.offer_id, 3)

    assert await rows(db, "select name, country from locations") == [("Main", "DE")]
    assert await rows(db, "select reason, on_hand_delta from stock_movements") == [("initial", 3)]


async def test_setting_what_is_there_moves_nothing(db: Database) -> None:
    made = await make_offer(db, stock=20)

    await put(db, owner_of(made.seller_id), made.offer_id, 20)

    assert await rows(db, "select count(*) from stock_movements") == [(1,)]


async def test_coming_and_going_is_told_once(db: Database) -> None:
    made = await make_offer(db, stock=1)
    owner = owner_of(made.seller_id)

    for on_hand in (2, 0, 0, 5):
        await put(db, owner, made.offer_id, on_hand)

    assert await facts(db, made.offer_id) == [(True,), (False,), (True,)]


async def test_pages_show_it_from_the_same_instant(db: Database) -> None:
    made = await make_offer(db, stock=1, price_minor=1000)
    other = await join_offer(db, variant_id=made.variant_id, price_minor=2000)

    await put(db, owner_of(made.seller_id), made.offer_id, 0)
    without = await rows(db, "select offer_id, price_minor from featured_offers")
    await put(db, owner_of(made.seller_id), made.offer_id, 1)

    assert without == [(other.offer_id, 2000)]
    assert await rows(db, "select offer_id, price_minor from featured_offers") == [(made.offer_id, 1000)]


async def test_a_stale_screen_overwrites_nothing(db: Database) -> None:
    made = await make_offer(db, stock=20)

    refusal = await refused(db, owner_of(made.seller_id), made.offer_id, 30, expected_on_hand=19)
    await put(db, owner_of(made.seller_id), made.offer_id, 30, expected_on_hand=20)

    assert (refusal.code, refusal.field) == (ErrorCode.STOCK_CHANGED, ("expectedOnHand",))
    assert refusal.on_hand == 20  # type: ignore[attr-defined]  # what this refusal carries


async def test_promised_units_cannot_be_taken_away(db: Database, clock: FixedClock) -> None:
    made = await make_offer(db, stock=20)
    await promise(db, clock, made.offer_id, 5)

    refusal = await refused(db, owner_of(made.seller_id), made.offer_id, 4)
    await put(db, owner_of(made.seller_id), made.offer_id, 5)

    assert (refusal.code, refusal.field) == (ErrorCode.STATE_CONFLICT, ("onHand",))
    assert "5 units" in str(refusal)
    assert await available(db, clock, made.offer_id) == 0


async def test_units_of_run_out_holds_can_be_taken_away(db: Database, clock: FixedClock) -> None:
    made = await make_offer(db, stock=20)
    await promise(db, clock, made.offer_id, 5)
    later = clock.advance(601)

    async with db.write() as session:
        request = LevelRequest(offer_id=made.offer_id, on_hand=0)
        await set_level(session, actor=owner_of(made.seller_id), request=request, now=later)

    assert await rows(db, "select on_hand, reserved from stock_items") == [(0, 0)]
    await assert_books_balance(db)


async def test_a_run_out_hold_counts_as_free(db: Database, clock: FixedClock) -> None:
    made = await make_offer(db, stock=20)
    await promise(db, clock, made.offer_id, 5)

    held = await available(db, clock, made.offer_id)
    clock.advance(600)

    assert (held, await available(db, clock, made.offer_id)) == (15, 20)


async def test_backorders_need_a_policy_that_allows_them(db: Database, clock: FixedClock) -> None:
    plain, owed = await make_offer(db), await make_offer(db, stock=2, stock_policy=StockPolicy.BACKORDER)

    refusal = await refused(db, owner_of(plain.seller_id), plain.offer_id, 5, backorder_limit=3)
    await put(db, owner_of(owed.seller_id), owed.offer_id, 0, backorder_limit=3)

    assert (refusal.code, refusal.field) == (ErrorCode.INVALID, ("backorderLimit",))
    assert await available(db, clock, owed.offer_id) == 3
    stock = (await stock_by_variant_ids(db.reader, [owed.variant_id], NOON))[owed.variant_id]
    assert [(row.available, row.on_shelf) for row in stock] == [(3, 0)]


@pytest.mark.parametrize("on_hand", [-1, 1_000_001])
async def test_a_level_has_bounds(db: Database, on_hand: int) -> None:
    made = await make_offer(db)

    refusal = await refused(db, owner_of(made.seller_id), made.offer_id, on_hand)

    assert (refusal.code, refusal.field) == (ErrorCode.INVALID, ("onHand",))


async def test_somebody_elses_stock_looks_absent(db: Database) -> None:
    made, stranger = await make_offer(db), owner_of(await make_seller(db))

    theirs = await refused(db, stranger, made.offer_id, 1)
    absent = await refused(db, stranger, UUID(int=5), 1)

    assert (theirs.code, theirs.field) == (absent.code, absent.field) == (ErrorCode.NOT_FOUND, ("offerId",))


async def test_somebody_elses_place_looks_absent(db: Database) -> None:
    made, other = await make_offer(db), await make_offer(db)
    theirs = (await levels_by_offer_ids(db.reader, [other.offer_id], NOON))[other.offer_id][0].location_id

    refusal = await refused(db, owner_of(made.seller_id), made.offer_id, 1, location_id=theirs)

    assert (refusal.code, refusal.field) == (ErrorCode.NOT_FOUND, ("locationId",))


async def test_a_fulfiller_sets_no_level(db: Database) -> None:
    made = await make_offer(db)

    refusal = await refused(db, owner_of(made.seller_id, "fulfiller"), made.offer_id, 1)

    assert refusal.code is ErrorCode.NOT_ALLOWED


async def test_a_key_sets_a_level_once(db: Database, run_together: Any) -> None:
    made = await make_offer(db, stock=20)
    owner, request = owner_of(made.seller_id), LevelRequest(offer_id=made.offer_id, on_hand=8)

    async def once() -> LevelSet:
        async with db.write() as session:
            return await set_level_once(session, actor=owner, key="k", request=request, now=NOON)

    done = await run_together([once() for _ in range(8)])
    await put(db, owner, made.offer_id, 3)
    replay = await once()

    assert sorted(one.replayed for one in done) == [False] + [True] * 7
    assert replay.replayed
    assert await rows(db, "select on_hand from stock_items") == [(3,)]


async def test_a_key_with_another_level_is_refused(db: Database) -> None:
    made = await make_offer(db)
    codes = []

    for on_hand in (1, 2):
        try:
            async with db.write() as session:
                request = LevelRequest(offer_id=made.offer_id, on_hand=on_hand)
                await set_level_once(session, actor=owner_of(made.seller_id), key="k", request=request, now=NOON)
        except ShopError as refusal:
            codes.append(refusal.code)

    assert codes == [ErrorCode.IDEMPOTENCY_KEY_MISMATCH]


async def test_a_refusal_gives_the_key_back(db: Database) -> None:
    made = await make_offer(db, stock=20)
    owner = owner_of(made.seller_id)

    async def once(expected: int) -> LevelSet:
        async with db.write() as session:
            request = LevelRequest(offer_id=made.offer_id, on_hand=1, expected_on_hand=expected)
            return await set_level_once(session, actor=owner, key="k", request=request, now=NOON)

    with pytest.raises(ShopError):
        await once(19)

    assert (await once(20)).replayed is False


async def test_of_many_counters_who_saw_the_same_one_wins(db: Database, run_together: Any) -> None:
    made = await make_offer(db, stock=20)
    owner = owner_of(made.seller_id)

    async def count(on_hand: int) -> bool:
        try:
            await put(db, owner, made.offer_id, on_hand, expected_on_hand=20)
        except StockHasChanged:
            return False
        return True

    outcomes = await run_together([count(21 + number) for number in range(10)])

    assert outcomes.count(True) == 1
    await assert_books_balance(db)


async def test_a_sale_never_overtakes_a_count(db: Database, clock: FixedClock, run_together: Any) -> None:
    made = await make_offer(db, stock=20)
    owner = owner_of(made.seller_id)

    async def buy(number: int) -> None:
        with suppress(OutOfStock):
            async with db.write() as session:
                lines, key = [holds.HoldLine(1, made.offer_id, 3)], UUID(int=number + 1)
                await holds.hold(session, owner_id=key, lines=lines, until=clock.now().replace(hour=13), now=NOON)

    async def count(on_hand: int) -> None:
        with suppress(StillPromised):
            await put(db, owner, made.offer_id, on_hand)

    await run_together([buy(number) for number in range(10)] + [count(on_hand) for on_hand in (0, 9, 4, 30, 12)])

    await assert_books_balance(db)


async def test_hints_catch_up_with_sales(db: Database, clock: FixedClock) -> None:
    made = await make_offer(db, stock=5)
    await promise(db, clock, made.offer_id, 5)

    async with db.write() as session:
        changed = await refresh_stock_hints(session, offer_ids=[made.offer_id], now=clock.now())
    async with db.write() as session:
        again = await refresh_stock_hints(session, offer_ids=[made.offer_id], now=clock.now())

    assert (changed, again) == ([made.product_id], [])
    assert await rows(db, "select in_stock from product_listings") == [(False,)]
