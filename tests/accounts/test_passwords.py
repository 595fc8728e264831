"""Hashing on a bounded pool."""

import asyncio
import time
from collections.abc import Iterator

import argon2
import pytest

from shop_graphql.accounts.passwords import (
    MEMORY_KIB,
    NOBODYS_HASH,
    PARALLELISM,
    THREADS,
    TIME_COST,
    WAITING_MAX,
    PasswordHasher,
)
from shop_graphql.platform.errors import ServiceUnavailable

PASSWORD = "gravel trombone"


@pytest.fixture
def passwords() -> Iterator[PasswordHasher]:
    hasher = PasswordHasher()
    yield hasher
    hasher.close()


async def test_a_hash_fits_its_own_password_only(passwords: PasswordHasher) -> None:
    kept = await passwords.hash(PASSWORD)

    assert await passwords.verify(kept, PASSWORD)
    assert not await passwords.verify(kept, PASSWORD + "s")
    assert await passwords.hash(PASSWORD) != kept


async def test_hashes_are_argon2id_of_the_recommended_cost(passwords: PasswordHasher) -> None:
    kept = await passwords.hash(PASSWORD)

    assert kept.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={TIME_COST},p={PARALLELISM}$")
    assert (MEMORY_KIB, TIME_COST, PARALLELISM) == (19_456, 2, 1)


async def test_a_hash_that_is_none_fits_nothing(passwords: PasswordHasher) -> None:
    assert not await passwords.verify("", PASSWORD)
    assert not await passwords.verify("not a hash", PASSWORD)


async def test_a_cheaper_hash_needs_to_be_made_again(passwords: PasswordHasher) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)

    assert passwords.needs_rehash(cheap)
    assert not passwords.needs_rehash(await passwords.hash(PASSWORD))


async def test_checking_nobody_costs_what_checking_somebody_costs(passwords: PasswordHasher) -> None:
    kept = await passwords.hash(PASSWORD)
    somebody, nobody = [], []
    for _ in range(5):
        started = time.perf_counter()
        await passwords.verify(kept, PASSWORD + "s")
        middle = time.perf_counter()
        assert not await passwords.verify_nothing(PASSWORD)
        somebody.append(middle - started)
        nobody.append(time.perf_counter() - middle)

    assert not passwords.needs_rehash(NOBODYS_HASH)
    assert 0.5 < min(nobody) / min(somebody) < 2


async def test_a_flood_is_told_to_come_back(passwords: PasswordHasher) -> None:
    room = THREADS + WAITING_MAX
    outcomes = await asyncio.gather(
        *(passwords.verify_nothing(PASSWORD) for _ in range(room + 20)), return_exceptions=True
    )

    refused = [outcome for outcome in outcomes if isinstance(outcome, ServiceUnavailable)]
    assert len(refused) == 20
    assert outcomes.count(False) == room
    assert not await passwords.verify_nothing(PASSWORD)


async def test_callers_who_hang_up_give_their_places_back(passwords: PasswordHasher) -> None:
    waiting = [asyncio.create_task(passwords.verify_nothing(PASSWORD)) for _ in range(THREADS + WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(ServiceUnavailable):
        await passwords.verify_nothing(PASSWORD)

    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert not await passwords.verify_nothing(PASSWORD)


async def test_the_event_loop_goes_on_while_hashing(passwords: PasswordHasher) -> None:
    hashing = asyncio.create_task(passwords.hash(PASSWORD))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 3


async def test_a_closed_pool_is_an_outage(passwords: PasswordHasher) -> None:
    passwords.close()

    with pytest.raises(ServiceUnavailable):
        await passwords.hash(PASSWORD)
