"""A heartbeat says that work is being done, and is missed when it is not."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from shop_graphql.platform import heartbeat
from shop_graphql.platform.clock import SystemClock
from shop_graphql.platform.db import Database
from shop_graphql.platform.heartbeat import AGE_SECONDS_MAX, Heartbeat, is_beating
from shop_graphql.platform.ids import TimeOrderedIds

NOBODY = "postgresql://shop:x@127.0.0.1:9/shop"


def grow_old(file: Path, seconds: float) -> None:
    at = file.stat().st_mtime - seconds
    os.utime(file, (at, at))


async def test_a_beat_is_seen_until_it_is_old(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "heartbeat"
    assert not is_beating(str(file), SystemClock())

    await Heartbeat(str(file), db).beat()

    assert is_beating(str(file), SystemClock())
    grow_old(file, AGE_SECONDS_MAX + 1)
    assert not is_beating(str(file), SystemClock())


async def test_beats_are_no_more_frequent_than_they_need_to_be(
    db: Database, tmp_path: Path, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    beating = Heartbeat(str(tmp_path / "heartbeat"), db)

    for _ in range(3):
        await beating.beat()

    assert len(statements) == 1
    monkeypatch.setattr(heartbeat, "EVERY_SECONDS", 0.0)
    for _ in range(2):
        await Heartbeat(str(tmp_path / "heartbeat"), db).beat()
    assert len(statements) == 3


async def test_without_the_database_there_is_no_beat(tmp_path: Path) -> None:
    away = Database(NOBODY, ids=TimeOrderedIds(), pool_size=1)
    file = tmp_path / "heartbeat"

    with capture_logs() as logs:
        await Heartbeat(str(file), away).beat()

    await away.close()
    assert not file.exists()
    assert [line["event"] for line in logs] == ["heartbeat.missed"]


async def test_without_a_file_nobody_beats_and_nobody_is_beating(db: Database, statements: list[str]) -> None:
    await Heartbeat("", db).beat()

    assert statements == []
    assert not is_beating("", SystemClock())
