"""Kinds of columns that every table spells the same way, and columns that hold a closed set of words.

Owns types only; which table has which column is its domain's business.
"""

import enum
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

from sqlalchemy import CHAR, BigInteger, CheckConstraint, DateTime, Dialect, SmallInteger, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column

Word = TypeVar("Word", bound=enum.StrEnum)

Key = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
"""A primary key, made in Python (UUIDv7) so that tests and the simulation can foresee it."""
Str = Annotated[str, mapped_column(Text)]
Small = Annotated[int, mapped_column(SmallInteger)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
"""A point in time, UTC. No default in the database: `now` is an argument of every use case."""
Minor = Annotated[int, mapped_column(BigInteger)]
"""An amount in whole minor units (cents) of the currency beside it."""
Currency = Annotated[str, mapped_column(CHAR(3))]
Country = Annotated[str, mapped_column(CHAR(2))]
Json = Annotated[dict[str, Any], mapped_column(JSONB(none_as_null=True))]


class Choice(TypeDecorator[Word]):
    """Text in the database, a member of `words` in Python. `one_of` makes the database refuse any other."""

    impl = Text
    cache_ok = True

    def __init__(self, words: type[Word]) -> None:
        super().__init__()
        self.words = words
        self._members = {word.value: word for word in words}

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Word | None:
        return None if value is None else self._members[value]


def one_of(column: str, words: type[enum.StrEnum], name: str | None = None) -> CheckConstraint:
    """A CHECK that `column` holds one of `words`, named after the column unless said."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} in ({listed})", name=name or column)


def currency_code(column: str = "currency") -> CheckConstraint:
    """A CHECK that `column` looks like an ISO 4217 code."""
    return CheckConstraint(f"{column} ~ '^[A-Z]{{3}}$'", name=column)
