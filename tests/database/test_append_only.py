"""What is written once stays: rows of five tables cannot be changed, through the parent or past it."""

import pytest
from sqlalchemy import insert

from shop_graphql.audit.models import AuditEntry
from shop_graphql.audit.states import ActorKind
from shop_graphql.inventory.models import StockMovement
from shop_graphql.inventory.states import MovementReason
from shop_graphql.orders.models import OrderTransition
from shop_graphql.payments.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from shop_graphql.payments.ledger.states import AccountKind
from shop_graphql.platform.db import WriteSession
from tests.database.rows import NOW, World, an_order, new_id, refusal, sql

PLACES = {
    "audit_entries": ("audit_entries", "audit_entries_2026_11"),
    "ledger_entries": ("ledger_entries", "ledger_entries_2026_11"),
    "ledger_postings": ("ledger_postings",),
    "order_transitions": ("order_transitions", "order_transitions_2026"),
    "stock_movements": ("stock_movements", "stock_movements_2026_11"),
}
COLUMNS = {
    "audit_entries": "action",
    "ledger_entries": "kind",
    "ledger_postings": "kind",
    "order_transitions": "to_status",
    "stock_movements": "reason",
}


@pytest.fixture
async def history(session: WriteSession, world: World) -> None:
    """A row in each of the five tables."""
    order = an_order(world.buyer)
    accounts = [
        LedgerAccount(id=new_id(), kind=kind, currency="EUR") for kind in (AccountKind.BANK, AccountKind.COMMISSION)
    ]
    session.add_all([order, *accounts])
    await session.flush()
    booking = {"kind": "sale", "source_type": "payment", "source_id": new_id(), "transaction_id": new_id()}
    entry = {**booking, "currency": "EUR", "posted_at": NOW}
    legs = [
        {**entry, "line_no": number, "account_id": account.id, "amount_minor": minor}
        for number, (account, minor) in enumerate(zip(accounts, (5, -5), strict=True))
    ]
    await session.execute(insert(LedgerEntry).values(legs))
    session.add_all(
        [
            LedgerPosting(**booking),
            AuditEntry(id=new_id(), actor_kind=ActorKind.STAFF, action="look", subject_type="order", created_at=NOW),
            OrderTransition(order_id=order.id, seq=1, to_status="pending_payment", actor_kind=ActorKind.USER, at=NOW),
            StockMovement(
                id=new_id(), stock_item_id=world.stock.id, on_hand_delta=1, reason=MovementReason.RECEIPT, at=NOW
            ),
        ]
    )
    await session.flush()


@pytest.mark.parametrize(("table", "place"), [(table, place) for table, places in PLACES.items() for place in places])
@pytest.mark.usefixtures("history")
async def test_history_is_not_rewritten(session: WriteSession, table: str, place: str) -> None:
    column = COLUMNS[table]

    assert await refusal(session, sql(f"update {place} set {column} = {column}")) == f"{table}_append_only"
    assert await refusal(session, sql(f"delete from {place}")) == f"{table}_append_only"
    assert await refusal(session, sql(f"truncate {place}")) == f"{table}_no_truncate"
