"""One effect per key: twins wait and replay, refusals give the key back."""

import asyncio
from uuid import UUID

import pytest

from shop_graphql.platform import idempotency
from shop_graphql.platform.auth import ANONYMOUS, Actor
from shop_graphql.platform.db import Database, Lock, WriteSession
from shop_graphql.platform.errors import Unauthenticated
from tests.clock import NOON

pytestmark = pytest.mark.race

BUYER = Actor(user_id=UUID(int=1))
OTHER = Actor(user_id=UUID(int=2))


async def claim(session: WriteSession, actor: Actor = BUYER, key: str = "k", request: object = "one") -> object:
    return await idempotency.claim(session, actor=actor, key=key, operation="test", request=request, now=NOON)


async def use(db: Database, result: dict[str, str], **kwargs: object) -> object:
    async with db.write() as session:
        first = await claim(session, **kwargs)  # type: ignore[arg-type]
        if first is None:
            await idempotency.remember(session, actor=BUYER, key="k", result=result)
        return first


async def test_a_second_use_replays_the_first_result(db: Database) -> None:
    assert await use(db, {"id": "a"}) is None
    assert await use(db, {"id": "b"}) == {"id": "a"}


async def test_another_input_under_the_same_key_is_refused(db: Database) -> None:
    await use(db, {"id": "a"})

    with pytest.raises(idempotency.IdempotencyKeyMismatch):
        await use(db, {"id": "b"}, request="two")


async def test_two_callers_may_choose_the_same_key(db: Database) -> None:
    await use(db, {"id": "a"})

    assert await use(db, {"id": "b"}, actor=OTHER) is None


async def test_a_refused_effect_gives_its_key_back(db: Database) -> None:
    async def refused_use() -> None:
        async with db.write() as session:
            await claim(session)
            raise RuntimeError("refused")

    with pytest.raises(RuntimeError):
        await refused_use()

    assert await use(db, {"id": "b"}) is None


async def test_twenty_twins_at_once_have_one_effect(db: Database) -> None:
    async with asyncio.TaskGroup() as group:
        twins = [group.create_task(use(db, {"id": "a"})) for _ in range(20)]

    results = [twin.result() for twin in twins]
    assert results.count(None) == 1
    assert results.count({"id": "a"}) == 19


async def test_a_twin_of_a_slow_first_hears_that_it_is_running(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "WAIT_FOR_TWIN_MS", 100)
    async with db.write() as slow:
        await claim(slow)

        with pytest.raises(idempotency.IdempotencyInProgress):
            await use(db, {"id": "b"})


@pytest.mark.parametrize("key", ["", "x" * 256, "line\nbreak", "ключ"])
async def test_keys_that_cannot_be_printed_are_refused(db: Database, key: str) -> None:
    with pytest.raises(idempotency.IdempotencyKeyInvalid):
        await use(db, {}, key=key)


async def test_a_caller_without_an_identity_has_no_keys(db: Database) -> None:
    with pytest.raises(Unauthenticated):
        await use(db, {}, actor=ANONYMOUS)


async def test_locks_out_of_order_fail_at_once(session: WriteSession) -> None:
    session.taking(Lock.STOCK)

    with pytest.raises(AssertionError, match="CART must be locked before STOCK"):
        session.taking(Lock.CART)
