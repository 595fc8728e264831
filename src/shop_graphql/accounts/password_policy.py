"""Which passwords are good enough: long ones that nobody would guess. Pure.

Length is what counts; no kinds of characters are asked for. What is long and still easy to guess is
refused: passwords that many people use, patterns of the keyboard, repetitions, and whatever is made of
the account's own name and address. Source: NIST SP 800-63B-4, 3.1.1.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib import resources
from itertools import pairwise

from shop_graphql.accounts.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort

LENGTH_MIN = 15
LENGTH_MAX = 256
TYPED_MAX = 4 * LENGTH_MAX
"""Characters looked at before composing them: composing takes time that grows with the square of the length."""
REPEATED_UNIT_MIN = 8
"""A shorter unit said over and over is no better than said once."""
DISTINCT_MIN = 5
OWN_LETTERS_MIN = 4
"""Characters that must be left over after everything guessable is taken away."""
WORD_MIN = 3
"""Shorter parts of a name would be found in half of all passwords."""
RUN_MIN = 3
NUMBER_MAX = 4
"""Digits of a year, a day or a count; longer numbers are the owner's own."""

FIELD = ("password",)
ROWS = (
    "1234567890", "!@#$%^&*()_+", "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiopü", "asdfghjklöä", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
    "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik", "9ol",
)  # fmt: skip
"""Rows and columns of keyboards: steps along one of these are a pattern, not a choice."""
STEPS = frozenset(pair for row in ROWS for pair in pairwise(row))
LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def canonical_password(typed: str) -> str | None:
    """`typed` in composed characters, so that every keyboard gives the same hash; None if it is too long to be one."""
    if len(typed) > TYPED_MAX:
        return None
    composed = unicodedata.normalize("NFC", typed)
    return composed if len(composed) <= LENGTH_MAX else None


def checked_password(typed: str, *, email: str, display_name: str) -> str:
    """The password as it is hashed, once it is known to be good enough for this account.

    Raises: PasswordTooShort, PasswordTooLong, PasswordTooCommon.
    """
    password = canonical_password(typed)
    if password is None:
        raise PasswordTooLong(field=FIELD)
    if len(password) < LENGTH_MIN:
        raise PasswordTooShort(field=FIELD)
    if is_guessable(password, personal=(email, display_name)):
        raise PasswordTooCommon(field=FIELD)
    return password


def is_guessable(password: str, *, personal: Iterable[str] = ()) -> bool:
    """Whether little would be left of `password` without patterns, common passwords and `personal` words."""
    text = unicodedata.normalize("NFKC", password).casefold()
    if len(set(text)) < DISTINCT_MIN or _period(text) < REPEATED_UNIT_MIN:
        return True
    words = common_passwords() | _words_of(personal)
    bare = (_letters(text), _letters(text.translate(LOOKALIKES)))
    # Blanks and signs between words hide nothing; a password that consists of signs is another matter.
    forms = [text, *(form for form in bare if 2 * len(form) >= len(text))]
    return any(_letters_of_its_own(form, words) < OWN_LETTERS_MIN for form in forms)


@cache
def common_passwords() -> frozenset[str]:
    """The block list, in lower case without blanks and signs."""
    listed = resources.files("shop_graphql.accounts").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(_letters(line) for line in listed.splitlines() if line and not line.startswith("#"))


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _words_of(texts: Iterable[str]) -> frozenset[str]:
    words: set[str] = set()
    for text in texts:
        folded = unicodedata.normalize("NFKC", text).casefold()
        parts = re.split(r"[\W_]+", folded)
        words.update((*parts, "".join(parts), "".join(reversed(parts)), _letters(folded.partition("@")[0])))
    return frozenset(word for word in words if len(word) >= WORD_MIN)


def _period(text: str) -> int:
    """The length of the shortest unit whose repetition, cut at the end, gives the text."""
    return next(size for size in range(1, len(text) + 1) if text[size:] == text[:-size])


def _letters_of_its_own(text: str, words: frozenset[str]) -> int:
    """The fewest characters of `text` that no word, run along the keyboard or short number accounts for."""
    sizes = {len(word) for word in words}
    numbers = {match.end(): match.start() for match in re.finditer(r"[0-9]+", text) if len(match[0]) <= NUMBER_MAX}
    fewest = [0]
    run = 1
    for end in range(1, len(text) + 1):
        run = run + 1 if end > 2 and _continues(text, end - 1) else min(end, 2)
        ways = [fewest[end - 1] + 1]
        ways += [fewest[end - size] for size in sizes if size <= end and text[end - size : end] in words]
        ways += [fewest[end - size] for size in range(RUN_MIN, run + 1)]
        if end in numbers:
            ways.append(fewest[numbers[end]])
        fewest.append(min(ways))
    return fewest[-1]


def _continues(text: str, at: int) -> bool:
    """Whether the character at `at` goes on in the direction of the two before it."""
    direction = _direction(text[at - 1], text[at])
    return direction is not None and direction == _direction(text[at - 2], text[at - 1])


def _direction(before: str, after: str) -> int | None:
    if before == after:
        return 0
    if (before, after) in STEPS:
        return 1
    return -1 if (after, before) in STEPS else None
