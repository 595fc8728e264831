"""Each of our services' commands works in the image's environment, as nobody, and sells as a role that owns nothing."""

import os
import signal
from pathlib import Path

import asyncpg
import httpx
import pytest

from shop_graphql.dev.processes import wait_until
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.deploy.buying import buy, shelf_of, sign_up
from tests.deploy.compose import OURS
from tests.deploy.conftest import Stack
from tests.dev.running import TLS
from tests.waiting import until

pytestmark = pytest.mark.timeout(300)
"""The first of these tests starts everything."""

RUNNING = [name for name in OURS if name != "migrate"]


async def test_a_purchase_goes_through_as_the_role_that_owns_nothing(stack: Stack) -> None:
    db = Database(stack.database_url, ids=TimeOrderedIds(), pool_size=2)
    owner = await asyncpg.connect(stack.owner_url)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{stack.api(1).port}", verify=TLS) as http:
        shop, token = await sign_up(http)
        order = await buy(shop, await shelf_of(db), token)

    async def followed() -> bool:
        """The relay has made the jobs and the worker has done them; the mail waits for a server that answers."""
        kinds = await owner.fetch("select distinct kind from jobs where status = 'done'")
        return {"notifications.confirm_order", "orders.refresh_availability"} <= {row[0] for row in kinds}

    await until(followed, seconds=20)
    roles = await owner.fetch("select distinct usename from pg_stat_activity where application_name = 'shop'")
    assert [row[0] for row in roles] == ["shop"]
    assert await owner.fetchval(
        "select count(*) from orders where number::text = $1 and status = 'paid'", order["number"]
    )
    assert await owner.fetchval("select count(*) from pg_class where relowner = 'shop'::regrole") == 0
    await owner.close()
    await db.close()


def test_the_worker_may_do_all_that_is_on_its_schedule(stack: Stack) -> None:
    said = stack.containers["worker"].log.read_text()

    assert "worker.ready" in said
    assert "worker.entry_failed" not in said


def test_no_process_is_root_and_none_writes_beside_its_tmp(stack: Stack) -> None:
    for name in RUNNING:
        status = Path(f"/proc/{stack.containers[name].process.pid}/status").read_text()
        uid = next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:"))
        assert int(uid) != 0 or stack.containers[name].uid is None
    written = [path for path in stack.tree.rglob("*") if path.name == "__pycache__" or path.stat().st_mode & 0o222]

    assert written == []
    assert {path.name for path in stack.containers["relay"].temporary.iterdir()} == {"heartbeat"}
    assert list(stack.api(1).temporary.iterdir()) == []


def test_nothing_secret_is_in_the_logs(stack: Stack, values: dict[str, str]) -> None:
    secret = {name: value for name, value in values.items() if "PASSWORD" in name or name.startswith("STRIPE_")}
    told = [
        (container.service, name)
        for container in stack.containers.values()
        for name, value in secret.items()
        if value in container.log.read_text()
    ]

    assert told == []
    assert "-----BEGIN" not in "".join(container.log.read_text() for container in stack.containers.values())


def test_a_worker_that_hangs_is_not_healthy(stack: Stack) -> None:
    worker = stack.containers["worker"]
    heartbeat = worker.temporary / "heartbeat"

    worker.process.send_signal(signal.SIGSTOP)
    try:
        long_ago = heartbeat.stat().st_mtime - 60
        os.utime(heartbeat, (long_ago, long_ago))
        assert not worker.is_healthy()
    finally:
        worker.process.send_signal(signal.SIGCONT)


def test_every_process_ends_in_its_grace_period_and_starts_again(stack: Stack) -> None:
    for name in RUNNING:
        status, in_time = stack.containers[name].stop()

        assert in_time, name
        assert status in {0, -signal.SIGTERM}, (name, status, stack.containers[name].log.read_text()[-2000:])
    for name in RUNNING:
        (stack.containers[name].temporary / "heartbeat").unlink(missing_ok=True)
        stack.containers[name].start()
    for name in RUNNING:
        assert wait_until(stack.containers[name].is_healthy, 40), stack.containers[name].log.read_text()[-2000:]
