"""Parameters that many statements of the catalogue share, each with its exact type."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    CHAR,
    ColumnElement,
    DateTime,
    String,
    TableValuedAlias,
    Uuid,
    bindparam,
    cast,
    column,
    func,
)

IDS = bindparam("ids", type_=ARRAY(Uuid))
NOW = bindparam("now", type_=DateTime(timezone=True))
# Without the cast the driver sends text, and no index on a char(3) column serves a comparison with text.
CURRENCY: ColumnElement[str] = cast(bindparam("currency", type_=String), CHAR(3))


def keys(name: str = "keys") -> TableValuedAlias:
    """Pairs of an id and a currency as a table, from the parameters `ids` and `currencies`."""
    pairs = func.unnest(IDS, cast(bindparam("currencies", type_=ARRAY(String)), ARRAY(CHAR(3))))
    return pairs.table_valued(column("id", Uuid), column("currency", CHAR(3)), name=name).render_derived()


def key_params(wanted: list[tuple[Any, str]]) -> dict[str, Any]:
    """`wanted` as the parameters of `keys`."""
    return {"ids": [key for key, _ in wanted], "currencies": [currency for _, currency in wanted]}
