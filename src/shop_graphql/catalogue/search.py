"""What a shopper typed, taken apart. Pure; accents and letter case are folded by the database's `plain`."""

import re

import msgspec

SEARCH_LOCALE = "en"
"""The one language in which products are searched; its dictionary is PostgreSQL's `english`."""
QUERY_LENGTH_MAX = 200
"""Characters of a search; nobody types more, and everything after it would only cost."""
WORDS_MAX = 8
PREFIX_LENGTH_MIN = 2
"""Letters that the last word needs before it also stands for every word that begins with it."""


class Search(msgspec.Struct, frozen=True):
    """A search as its statement wants it."""

    head: str
    """Every word but the last."""
    last: str
    """The last word: it may be half typed."""
    prefix: str
    """`last` where it is long enough to stand for what begins with it, else empty."""
    phrase: str
    """All words as they stand, to favour titles that hold them in this order."""
    code: str
    """The whole search as a SKU or GTIN would be spelled."""


def taken_apart(query: str) -> Search:
    """The words of `query`; one without a letter or digit finds nothing."""
    words = re.findall(r"\w+", query.replace("_", " "))[:WORDS_MAX]
    last = words[-1] if words else ""
    return Search(
        head=" ".join(words[:-1]),
        last=last,
        prefix=last if len(last) >= PREFIX_LENGTH_MIN else "",
        phrase=" ".join(words),
        code="".join(query.split()).replace("\0", "").upper(),
    )
