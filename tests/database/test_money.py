"""Payments that are never paid twice, and a ledger that always sums to zero."""

from typing import Any

import pytest
from sqlalchemy import Executable, insert

from shop_graphql.payments.ledger.models import LedgerAccount, LedgerEntry, LedgerPosting
from shop_graphql.payments.ledger.states import AccountKind
from shop_graphql.payments.models import Payment, PaymentCall
from shop_graphql.payments.states import IN_FLIGHT, CallKind, PaymentStatus
from shop_graphql.platform.db import WriteSession
from tests.database.rows import NOW, World, new_id, refusal, sql


def a_payment(**values: Any) -> Payment:
    given = {"subject_id": new_id(), "gateway": "stripe", "amount_minor": 2000, "currency": "EUR", **values}
    return Payment(id=new_id(), created_at=NOW, **given)


@pytest.mark.parametrize("status", sorted(IN_FLIGHT))
async def test_a_subject_has_one_payment_in_flight(session: WriteSession, status: PaymentStatus) -> None:
    first = a_payment(status=status)
    again = a_payment(subject_id=first.subject_id, attempt=2)

    assert await refusal(session, first, again) == "uq_payments_one_live"


@pytest.mark.parametrize("status", sorted(set(PaymentStatus) - IN_FLIGHT))
async def test_a_new_attempt_follows_one_that_ended(session: WriteSession, status: PaymentStatus) -> None:
    first = a_payment(status=status)

    assert await refusal(session, first, a_payment(subject_id=first.subject_id, attempt=2)) is None
    assert await refusal(session, a_payment(subject_id=first.subject_id, status=status)) == "uq_payments_attempt"


async def test_a_gateways_payment_is_known_once(session: WriteSession) -> None:
    assert await refusal(session, *(a_payment(gateway_payment_id="pi_1") for _ in range(2))) == "uq_payments_gateway_id"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"amount_minor": 0}, "ck_payments_amounts"),
        ({"captured_minor": 2001}, "ck_payments_amounts"),
        ({"captured_minor": 2000, "refunded_minor": 1500, "refunding_minor": 500}, None),
        ({"captured_minor": 2000, "refunded_minor": 1500, "refunding_minor": 501}, "ck_payments_never_refund_more"),
        ({"refunded_minor": 1}, "ck_payments_never_refund_more"),
    ],
)
async def test_never_more_is_given_back_than_was_taken(
    session: WriteSession, values: dict[str, Any], constraint: str | None
) -> None:
    assert await refusal(session, a_payment(**values)) == constraint


async def test_a_call_to_the_gateway_has_its_own_key(session: WriteSession) -> None:
    payment = a_payment()
    calls = [
        PaymentCall(id=new_id(), payment_id=payment.id, kind=CallKind.CREATE, idempotency_key="k", created_at=NOW)
        for _ in range(2)
    ]

    assert await refusal(session, payment, *calls) == "uq_payment_calls_key"


async def test_a_webhook_is_taken_in_once(session: WriteSession) -> None:
    delivery = sql(
        "insert into webhook_deliveries (gateway, gateway_event_id, type, outcome, received_at)"
        " values ('stripe', 'evt_1', 'payment_intent.succeeded', 'applied', :at)",
        at=NOW,
    )

    assert await refusal(session, delivery, delivery) == "pk_webhook_deliveries"


@pytest.fixture
async def accounts(session: WriteSession) -> list[LedgerAccount]:
    """Clearing and commission, in euros and in dollars."""
    rows = [
        LedgerAccount(id=new_id(), kind=kind, currency=currency)
        for currency in ("EUR", "USD")
        for kind in (AccountKind.GATEWAY_CLEARING, AccountKind.COMMISSION)
    ]
    session.add_all(rows)
    await session.flush()
    return rows


def legs(*parts: tuple[LedgerAccount, int], **values: Any) -> Executable:
    """All legs of one transaction in one statement."""
    common = {
        "transaction_id": new_id(),
        "kind": "sale",
        "source_type": "payment",
        "source_id": new_id(),
        "posted_at": NOW,
    }
    return insert(LedgerEntry).values(
        [
            {
                **common,
                "line_no": n,
                "account_id": account.id,
                "currency": account.currency,
                "amount_minor": minor,
                **values,
            }
            for n, (account, minor) in enumerate(parts, 1)
        ]
    )


async def test_legs_that_sum_to_zero_are_booked(session: WriteSession, accounts: list[LedgerAccount]) -> None:
    euro_clearing, euro_commission, dollar_clearing, dollar_commission = accounts
    both = legs((euro_clearing, 5), (euro_commission, -5), (dollar_clearing, 7), (dollar_commission, -7))

    assert await refusal(session, both) is None


async def test_legs_that_do_not_sum_to_zero_are_refused(session: WriteSession, accounts: list[LedgerAccount]) -> None:
    clearing, commission, dollars, _ = accounts

    assert await refusal(session, legs((clearing, 100), (commission, -99))) == "ck_ledger_entries_sum_zero"
    assert await refusal(session, legs((clearing, 100), (dollars, -100))) == "ck_ledger_entries_sum_zero"


async def test_a_partition_checks_the_sum_as_well(session: WriteSession, accounts: list[LedgerAccount]) -> None:
    leg = (
        "insert into ledger_entries_2026_11 (transaction_id, line_no, account_id, currency, amount_minor, kind,"
        " source_type, source_id, posted_at) values (:id, 1, :account, 'EUR', 1, 'sale', 'payment', :id, :at)"
    )

    refused = await refusal(session, sql(leg, id=new_id(), account=accounts[0].id, at=NOW))

    assert refused == "ck_ledger_entries_sum_zero"


async def test_a_leg_has_the_currency_of_its_account(session: WriteSession, accounts: list[LedgerAccount]) -> None:
    clearing, commission, _, _ = accounts

    assert await refusal(session, legs((clearing, 5), (commission, -5), currency="USD")) == "fk_ledger_entries_account"


async def test_a_fact_is_booked_once(session: WriteSession) -> None:
    fact = {"source_type": "payment", "source_id": new_id(), "kind": "sale"}
    first = LedgerPosting(**fact, transaction_id=new_id())
    again = insert(LedgerPosting).values(**fact, transaction_id=new_id())

    assert await refusal(session, first, again) == "pk_ledger_postings"


async def test_an_account_is_one_per_kind_and_currency(session: WriteSession, accounts: list[LedgerAccount]) -> None:
    again = LedgerAccount(id=new_id(), kind=AccountKind.COMMISSION, currency="EUR")

    assert await refusal(session, again) == "uq_ledger_accounts_kind"


async def test_only_a_sellers_accounts_name_a_seller(session: WriteSession, world: World) -> None:
    ours = LedgerAccount(id=new_id(), kind=AccountKind.BANK, currency="EUR", seller_id=world.seller.id)
    theirs = LedgerAccount(id=new_id(), kind=AccountKind.SELLER_PAYABLE, currency="EUR")

    assert await refusal(session, ours) == "ck_ledger_accounts_seller"
    assert await refusal(session, theirs) == "ck_ledger_accounts_seller"
