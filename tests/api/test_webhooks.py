"""The gateway's events: believed by signature, settled once, answered so that it repeats what must be repeated."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest

from shop_graphql.api.context import Services
from shop_graphql.dev.gateway.notices import signed
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from tests.client import Shop
from tests.clock import FixedClock
from tests.factories.unpaid import HOLD, Unpaid, make_unpaid, scalars
from tests.orders.paying import start, story
from tests.payments.simulator import SECRET

NOWHERE = "postgresql://nobody:nothing@127.0.0.1:9/none"


def event(payment_id: object, status: str = "succeeded", *, id: str = "evt_1", **changes: Any) -> dict[str, Any]:
    """An event of Stripe's about one payment."""
    intent = {
        "id": f"pi_{payment_id}",
        "object": "payment_intent",
        "status": status,
        "amount": 2000,
        "amount_received": 2000 if status == "succeeded" else 0,
        "amount_capturable": 0,
        "currency": "eur",
        "client_secret": "pi_secret",
        "metadata": {"payment_id": str(payment_id)},
        "latest_charge": "ch_1" if status == "succeeded" else None,
        **changes,
    }
    kind = f"payment_intent.{status}"
    return {"id": id, "object": "event", "type": kind, "created": 1_700_000_000, "data": {"object": intent}}


async def tell(
    shop: Shop, clock: FixedClock, body: object, *, secret: str = SECRET, age: timedelta = timedelta()
) -> httpx.Response:
    """What the shop answers to an event signed `age` ago."""
    text = body if isinstance(body, str) else orjson.dumps(body).decode()
    signature = signed(text, secret, int((clock.now() - age).timestamp()))
    return await shop.http.post("/webhooks/stripe", content=text, headers={"Stripe-Signature": signature})


async def started(db: Database, clock: FixedClock) -> tuple[Unpaid, UUID]:
    order = await make_unpaid(db, now=clock.now())
    return order, await start(db, order, now=clock.now())


DELIVERIES = "select gateway_event_id || ' ' || outcome from webhook_deliveries order by received_at, 1"


async def test_success_pays_the_order(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)

    answer = await tell(shop, clock, event(payment_id))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "applied"})
    assert (await story(db, order.id)).status == "paid"
    assert await scalars(db, DELIVERIES) == ["evt_1 applied"]
    assert await scalars(db, "select payment_id from webhook_deliveries") == [payment_id]
    assert await scalars(db, "select count(*) from webhook_deliveries where body::text like '%secret%'") == [0]


async def test_replayed_event_changes_nothing(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)
    await tell(shop, clock, event(payment_id))
    before = await story(db, order.id)

    answer = await tell(shop, clock, event(payment_id))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "already_known"})
    assert await story(db, order.id) == before
    assert await scalars(db, DELIVERIES) == ["evt_1 applied"]


async def test_same_fact_in_another_event_changes_nothing(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)
    await tell(shop, clock, event(payment_id))
    before = await story(db, order.id)

    answer = await tell(shop, clock, event(payment_id, id="evt_2"))

    assert answer.json() == {"outcome": "already_known"}
    assert await story(db, order.id) == before
    assert await scalars(db, DELIVERIES) == ["evt_1 applied", "evt_2 already_known"]


async def test_twins_at_once_settle_once(shop: Shop, db: Database, clock: FixedClock, run_together) -> None:  # type: ignore[no-untyped-def]
    order, payment_id = await started(db, clock)

    answers = await run_together([tell(shop, clock, event(payment_id)) for _ in range(5)])

    outcomes = sorted(answer.json()["outcome"] for answer in answers)
    assert outcomes == ["already_known"] * 4 + ["applied"]
    assert (await story(db, order.id)).paid_events == 1


async def test_events_in_the_wrong_order_end_as_paid(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)

    statuses = ["succeeded", "processing", "requires_action", "requires_payment_method", "canceled"]
    answers = [await tell(shop, clock, event(payment_id, status, id=f"evt_{status}")) for status in statuses]

    assert [answer.json()["outcome"] for answer in answers] == ["applied"] + ["already_known"] * 4
    assert await scalars(db, "select status from payments") == ["succeeded"]
    assert (await story(db, order.id)).status == "paid"


async def test_forged_signature_is_refused(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)

    forged = await tell(shop, clock, event(payment_id), secret="whsec_of_nobody")
    unsigned = await shop.http.post("/webhooks/stripe", json=event(payment_id))

    for answer in (forged, unsigned):
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_SIGNATURE"}
    assert (await story(db, order.id)).status == "pending_payment"
    assert await scalars(db, DELIVERIES) == []


@pytest.mark.parametrize(("age", "status"), [(299, 200), (301, 400), (-301, 400)])
async def test_stale_signature_is_refused(shop: Shop, db: Database, clock: FixedClock, age: int, status: int) -> None:
    _, payment_id = await started(db, clock)

    answer = await tell(shop, clock, event(payment_id), age=timedelta(seconds=age))

    assert answer.status_code == status


async def test_changed_body_is_refused(shop: Shop, db: Database, clock: FixedClock) -> None:
    _, payment_id = await started(db, clock)
    text = orjson.dumps(event(payment_id)).decode()
    headers = {"Stripe-Signature": signed(text, SECRET, int(clock.now().timestamp()))}

    answer = await shop.http.post("/webhooks/stripe", content=text.replace("2000", "2001"), headers=headers)

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "lie",
    [{"amount": 1999}, {"currency": "usd"}, {"amount_received": 1}, {"amount": 200_000, "amount_received": 200_000}],
)
async def test_wrong_amount_is_written_down_and_settles_nothing(
    shop: Shop, db: Database, clock: FixedClock, lie: dict[str, Any]
) -> None:
    order, payment_id = await started(db, clock)

    answer = await tell(shop, clock, event(payment_id, **lie))

    assert (answer.status_code, answer.json()) == (200, {"outcome": "mismatch"})
    assert (await story(db, order.id)).status == "pending_payment"
    assert await scalars(db, "select status from payments") == ["created"]
    assert await scalars(db, DELIVERIES) == ["evt_1 mismatch"]


async def test_unknown_payment_is_written_down(shop: Shop, db: Database, clock: FixedClock) -> None:
    answers = [
        await tell(shop, clock, event(UUID(int=5))),
        await tell(shop, clock, event("of somebody else", id="evt_2")),
        await tell(shop, clock, event(UUID(int=6), id="evt_3", metadata={})),
    ]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert await scalars(db, DELIVERIES) == [f"evt_{number} unknown_payment" for number in (1, 2, 3)]


async def test_event_without_our_id_is_found_by_the_gateways(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)
    await tell(shop, clock, event(payment_id, "processing"))

    await tell(shop, clock, event(payment_id, id="evt_2", metadata={}))

    assert (await story(db, order.id)).status == "paid"


async def test_event_of_no_use_is_ignored(shop: Shop, db: Database, clock: FixedClock) -> None:
    body = {"id": "evt_9", "type": "customer.created", "created": 1, "data": {"object": {"object": "customer"}}}

    answer = await tell(shop, clock, body)

    assert (answer.status_code, answer.json()) == (200, {"outcome": "ignored"})
    assert await scalars(db, DELIVERIES) == ["evt_9 ignored"]


@pytest.mark.parametrize("body", ["", "null", "7", "{}", "[" * 50_000, '{"id": 1}', "\x00", "{not json"])
async def test_malformed_event_is_refused(shop: Shop, db: Database, clock: FixedClock, body: str) -> None:
    answer = await tell(shop, clock, body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "MALFORMED_WEBHOOK"}
    assert await scalars(db, DELIVERIES) == []


async def test_large_body_is_refused_before_it_is_read(shop: Shop, clock: FixedClock) -> None:
    answer = await tell(shop, clock, '"' + "x" * 65_536 + '"')

    assert answer.status_code == 413


async def test_success_after_the_units_are_gone_asks_for_a_refund(shop: Shop, db: Database, clock: FixedClock) -> None:
    order, payment_id = await started(db, clock)
    clock.advance((HOLD + timedelta(minutes=5)).total_seconds())
    async with db.write() as session:
        from tests.database.rows import sql

        await session.execute(sql("update stock_reservations set status = 'expired', ended_at = expires_at"))
        await session.execute(sql("update stock_items set reserved = 0, on_hand = 0"))

    await tell(shop, clock, event(payment_id))
    await tell(shop, clock, event(payment_id, id="evt_2"))

    told = await story(db, order.id)
    assert (told.status, told.refunds_minor) == ("expired", 2000)


@pytest.fixture
async def homeless(services: Services) -> AsyncIterator[Services]:
    """The services of a shop whose database is away."""
    away = Database(NOWHERE, ids=TimeOrderedIds())
    yield Services(**{name: getattr(services, name) for name in Services.__slots__} | {"db": away})
    await away.close()


async def test_outage_of_the_database_asks_the_gateway_to_repeat(homeless: Services, clock: FixedClock) -> None:
    from shop_graphql.app import build_app

    transport = httpx.ASGITransport(app=build_app(homeless))
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as http:
        answer = await tell(Shop(http), clock, event(UUID(int=5)))

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"
