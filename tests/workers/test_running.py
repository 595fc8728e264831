"""Running jobs: one that fails or hangs harms no other, and comes again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shop_graphql.events.service import jobs
from shop_graphql.platform.db import Database
from tests.clock import NOON, FixedClock
from workers import running
from workers.deps import Deps
from workers.running import in_batches, run_due_jobs

Handler = Callable[[Deps, Mapping[str, Any]], Awaitable[None]]


@pytest.fixture
def greeted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom the handlers of this test have greeted. `fail` fails at first, `hang` never ends at first."""
    seen: list[str] = []

    async def greet(_deps: Deps, args: Mapping[str, Any]) -> None:
        seen.append(args["name"])

    async def fail(deps: Deps, args: Mapping[str, Any]) -> None:
        if "failed" not in seen:
            seen.append("failed")
            raise ValueError("not yet")
        await greet(deps, args)

    async def hang(deps: Deps, args: Mapping[str, Any]) -> None:
        if "hung" not in seen:
            seen.append("hung")
            await asyncio.Event().wait()
        await greet(deps, args)

    monkeypatch.setattr(running, "HANDLERS", {"greet": greet, "fail": fail, "hang": hang})
    monkeypatch.setattr(running, "JOB_SECONDS_MAX", 0.1)
    return seen


async def enqueue(db: Database, *names: str, kind: str = "greet") -> None:
    async with db.write() as session:
        for name in names:
            await jobs.enqueue(session, kind=kind, dedupe_key=name, args={"name": name}, run_at=NOON, now=NOON)


async def state(db: Database) -> list[tuple[Any, ...]]:
    statement = "select kind, status, attempts, last_error from jobs order by kind"
    return await db.reader.fetch(text(statement), into=lambda *row: tuple(row))


async def test_everything_due_runs_in_one_call(deps: Deps, greeted: list[str]) -> None:
    names = [f"p{number}" for number in range(2 * running.AT_ONCE + 3)]
    await enqueue(deps.db, *names)

    assert await run_due_jobs(deps) == len(names)

    assert sorted(greeted) == sorted(names)


@pytest.mark.parametrize(
    ("kind", "trouble", "error"), [("fail", "failed", "ValueError: not yet"), ("hang", "hung", "TimeoutError: ")]
)
async def test_a_job_in_trouble_harms_no_other_and_runs_again(
    deps: Deps, clock: FixedClock, greeted: list[str], kind: str, trouble: str, error: str
) -> None:
    await enqueue(deps.db, "ann")
    await enqueue(deps.db, "bob", kind=kind)

    assert (await run_due_jobs(deps), await run_due_jobs(deps)) == (2, 0)
    assert sorted(greeted) == sorted(["ann", trouble])
    assert (kind, "ready", 1, error) in await state(deps.db)
    clock.advance(jobs.pause_after(1).total_seconds())
    assert await run_due_jobs(deps) == 1

    assert "bob" in greeted
    assert {row[1] for row in await state(deps.db)} == {"done"}


async def test_a_job_nobody_can_do_is_kept_and_tried_again(deps: Deps, greeted: list[str]) -> None:
    await enqueue(deps.db, "ann", kind="of another version")

    await run_due_jobs(deps)

    assert await state(deps.db) == [("of another version", "ready", 1, "KeyError: 'of another version'")]


async def test_workers_at_once_run_each_job_once(deps: Deps, greeted: list[str]) -> None:
    names = [f"p{number}" for number in range(30)]
    await enqueue(deps.db, *names)

    async with asyncio.TaskGroup() as group:
        for _ in range(3):
            group.create_task(run_due_jobs(deps))

    assert sorted(greeted) == sorted(names)


async def test_a_cut_off_job_waits_for_its_lease(deps: Deps, clock: FixedClock, greeted: list[str]) -> None:
    await enqueue(deps.db, "ann", kind="hang")

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(run_due_jobs(deps), 0.05)
    assert await run_due_jobs(deps) == 0
    clock.advance(jobs.LEASE.total_seconds())
    assert await run_due_jobs(deps) == 1

    assert greeted == ["hung", "ann"]


async def test_no_batch_begins_when_the_round_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "ROUND_SECONDS", 0.05)
    batches = iter([3, 4, 5])

    async def batch() -> int:
        await asyncio.sleep(0.03)
        return next(batches)

    assert await in_batches(batch) == 7


def test_limits_fit_into_each_other() -> None:
    assert timedelta(seconds=running.JOB_SECONDS_MAX) < jobs.LEASE
