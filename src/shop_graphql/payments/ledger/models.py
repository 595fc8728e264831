"""The ledger's tables. Append-only; the database refuses legs that do not sum to zero per currency."""

from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.payments.ledger.states import AccountKind
from shop_graphql.platform.columns import Choice, Currency, Instant, Key, Minor, Str, currency_code, one_of
from shop_graphql.platform.db import Row
from shop_graphql.sellers.models import Seller


class LedgerAccount(Row):
    """One account per kind and currency, and per seller where the kind is a seller's."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("id", "currency", name="uq_ledger_accounts_id_currency"),
        UniqueConstraint(
            "kind", "currency", "seller_id", name="uq_ledger_accounts_kind", postgresql_nulls_not_distinct=True
        ),
        one_of("kind", AccountKind),
        currency_code(),
        CheckConstraint("(kind in ('seller_payable', 'seller_reserve')) = (seller_id is not null)", name="seller"),
        Index("ix_ledger_accounts_seller", "seller_id", postgresql_where=text("seller_id is not null")),
    )

    id: Mapped[Key]
    kind: Mapped[AccountKind] = mapped_column(Choice(AccountKind))
    seller_id: Mapped[UUID | None] = mapped_column(ForeignKey(Seller.id))
    currency: Mapped[Currency]


class LedgerEntry(Row):
    """A leg of a transaction; debits and credits differ by sign.

    All legs of a transaction come in one INSERT statement: a statement trigger sums what the statement added.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["account_id", "currency"],
            [LedgerAccount.id, LedgerAccount.currency],
            name="fk_ledger_entries_account",
        ),
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_ledger_entries_account", "account_id", "posted_at", postgresql_include=["amount_minor"]),
        Index("ix_ledger_entries_subject", "subject_id", postgresql_where=text("subject_id is not null")),
        {"postgresql_partition_by": "range (transaction_id)"},
    )

    transaction_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_no: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[UUID]
    currency: Mapped[Currency]
    amount_minor: Mapped[Minor]
    kind: Mapped[Str]
    source_type: Mapped[Str]
    source_id: Mapped[UUID]
    subject_id: Mapped[UUID | None]
    """What the money was for, an id from above (an order)."""
    posted_at: Mapped[Instant]


class LedgerPosting(Row):
    """Says that a fact is booked: inserted with its entries, and refused the second time."""

    __tablename__ = "ledger_postings"

    source_type: Mapped[Str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Str] = mapped_column(primary_key=True)
    transaction_id: Mapped[UUID]


class LedgerBalance(Row):
    """An account's balance at the end of a closed day; newer entries are added to it when asked."""

    __tablename__ = "ledger_balances"

    account_id: Mapped[UUID] = mapped_column(ForeignKey(LedgerAccount.id), primary_key=True)
    as_of: Mapped[Instant] = mapped_column(primary_key=True)
    balance_minor: Mapped[Minor]
