"""Finding products by words and ranking what was found. Used by pages of products only."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Integer,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    true,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY

from shop_graphql.catalogue.models import ProductSearch
from shop_graphql.catalogue.search import SEARCH_LOCALE

S = ProductSearch

TITLES_ENOUGH = 100
"""With so many titles found, descriptions are not looked through."""
TEXTS_MAX = 2_000
RANKED_MAX = 600
"""The best-selling products found are ranked by their words, no more."""
SCORE_UNIT = 1_000_000
"""Scores are whole millionths, so that a cursor can hold one exactly."""

ENGLISH: ColumnElement[str] = literal_column("'english'::regconfig")
SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")
WEIGHTS: ColumnElement[list[float]] = literal_column("'{0.05, 0.1, 0.4, 1.0}'::real[]")


def _text(name: str) -> Any:
    return func.plain(bindparam(name, type_=Text))


# The last word also stands for every word that begins with it; stop words drop out of the others.
PREFIX = case(
    (bindparam("prefix", type_=Text) == "", literal_column("''::tsquery")),
    else_=func.to_tsquery(SIMPLE, func.quote_literal(_text("prefix")) + ":*"),
)
QUERY = func.plainto_tsquery(ENGLISH, _text("head")).bool_op("&&")(
    func.plainto_tsquery(ENGLISH, _text("last")).bool_op("||")(PREFIX)
)
# Worked out once: it would be done again for each row that it is compared with.
ASKED = select(QUERY.label("words"), _text("phrase").label("phrase")).cte("asked")
ASKED = ASKED.prefix_with("materialized", dialect="postgresql")
HAS_CODE = S.codes.contains(bindparam("codes", type_=ARRAY(Text)))


def hits() -> Any:
    """Products whose title, brand, code or (when these are few) description has the words."""
    is_titled = S.title_words.bool_op("@@")(ASKED.c.words)
    titled = select(S.product_id).join(ASKED, is_titled).where(S.locale == SEARCH_LOCALE).cte("titled")
    titled = titled.prefix_with("materialized", dialect="postgresql")
    coded = select(S.product_id).where(S.locale == SEARCH_LOCALE, HAS_CODE)
    described = (
        select(S.product_id)
        .join(ASKED, S.words.bool_op("@@")(ASKED.c.words))
        .where(
            S.locale == SEARCH_LOCALE,
            select(func.count()).select_from(titled).scalar_subquery() < TITLES_ENOUGH,
        )
        .limit(TEXTS_MAX)
        .subquery()
    )
    return union(select(titled.c.product_id), coded, select(described.c.product_id)).subquery("hits")


def scored(rows: Any) -> Any:
    """The best-selling 600 of `rows` (listings), each with the score of its words."""
    cut = (
        select(rows.c.product_id, rows.c.number, rows.c.sold_30d, rows.c.rating_score, rows.c.in_stock)
        .order_by(rows.c.in_stock.desc(), rows.c.sold_30d.desc(), rows.c.number.desc())
        .limit(RANKED_MAX)
        .subquery("cut")
    )
    is_code = case((HAS_CODE, 100), else_=0)
    is_phrase = case((func.strpos(S.title_plain, ASKED.c.phrase) > 0, 1), else_=0)
    score = (
        func.ts_rank(WEIGHTS, S.words, ASKED.c.words, 1) * 4
        + is_code
        + is_phrase
        + 0.08 * func.ln(1 + cast(cut.c.sold_30d, Float))
        + cut.c.rating_score / 2500.0
        + cast(cut.c.in_stock, Integer) * 0.15
    )
    return (
        select(
            cut.c.product_id,
            cut.c.number,
            cast(func.round(cast(score, Float) * SCORE_UNIT), BigInteger).label("score"),
        )
        .select_from(cut)
        .join(S, (S.product_id == cut.c.product_id) & (S.locale == SEARCH_LOCALE))
        .join(ASKED, true())
        .subquery("scored")
    )
