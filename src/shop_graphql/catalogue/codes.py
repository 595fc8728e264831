"""Slugs, GTINs and SKUs: how they are made and what they must look like. Pure."""

import re
import unicodedata

SLUG_LENGTH_MAX = 80
SKU_LENGTH_MAX = 64
GTIN_LENGTHS = frozenset({8, 12, 13, 14})
"""GTIN-8, UPC-A, EAN-13 and GTIN-14. Source: GS1 General Specifications, 7.9."""

# What decomposition leaves whole although every reader knows its plain spelling.
SPELLINGS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th"})


def slug_of(text: str) -> str:
    """`text` as part of an address: ASCII letters and digits with hyphens between; empty when nothing is left."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(SPELLINGS))
    words = re.findall(r"[a-z0-9]+", folded.encode("ascii", "ignore").decode())
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:SLUG_LENGTH_MAX]
        if len(longer) > SLUG_LENGTH_MAX:
            break
        slug = longer
    return slug


def is_gtin(text: str) -> bool:
    """Whether `text` has a GTIN's length and its last digit checks the others.

    Source: GS1 General Specifications, 7.9: weights 3 and 1 in turn, from the digit before the last.
    """
    if len(text) not in GTIN_LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0


def is_sku(text: str) -> bool:
    """Whether `text` is 1 to 64 printable characters without space around them."""
    return 1 <= len(text) <= SKU_LENGTH_MAX and text.isprintable() and text == text.strip()
