"""Turns what a constraint refuses into what a seller can understand."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from shop_graphql.platform.errors import ShopError, violated_constraint


@contextmanager
def refusing(refusals: Mapping[str, ShopError]) -> Iterator[None]:
    """A write inside that breaks one of the named constraints leaves as its refusal.

    Checks before the write name the exact field; this is for the twin that wrote in between.
    """
    try:
        yield
    except IntegrityError as error:
        refusal = refusals.get(violated_constraint(error) or "")
        if refusal is None:
            raise
        raise refusal from error
