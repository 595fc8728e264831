"""Which passwords are good enough."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_graphql.accounts.errors import PasswordTooCommon, PasswordTooLong, PasswordTooShort
from shop_graphql.accounts.password_policy import (
    LENGTH_MAX,
    TYPED_MAX,
    canonical_password,
    checked_password,
    common_passwords,
    is_guessable,
)

OWN = {"email": "anna.schmidt@garden-tools.example.com", "display_name": "Anna Schmidt"}
RANDOM_LETTERS = "kzqvxjwpmgybfhdtculnroaies" * 10


def test_fifteen_characters_are_enough_and_fourteen_are_not() -> None:
    assert checked_password("gravel trombone", **OWN) == "gravel trombone"

    with pytest.raises(PasswordTooShort) as refusal:
        checked_password("gravel trombon", **OWN)

    assert refusal.value.field == ("password",)


def test_two_hundred_fifty_six_characters_are_the_most() -> None:
    longest = RANDOM_LETTERS[:LENGTH_MAX]

    assert checked_password(longest, **OWN) == longest
    for too_long in (longest + "x", "x" * TYPED_MAX, "\u0323\u0307" * 100_000):
        with pytest.raises(PasswordTooLong):
            checked_password(too_long, **OWN)


def test_characters_are_counted_after_composing_them() -> None:
    typed = "u\u0308" * 7 + "gravel"

    assert len(typed) == 20
    with pytest.raises(PasswordTooShort):
        checked_password(typed, **OWN)


def test_every_keyboard_gives_the_same_password() -> None:
    assert canonical_password("grave\u0300l trombone") == canonical_password("grav\u00e8l trombone")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword", "Password1234567", "P@ssw0rdP@ssw0rd!", "This is my password", "password!!!!!!!!",
        "correct horse battery staple", "CorrectHorseBatteryStaple1", "I love you forever", "letmeinletmein123",
        "Welcome2024Welcome!", "monkey dragon tiger", "superman batman 99", "football-football",
        "thequickbrownfoxjumps",
    ],
)  # fmt: skip
def test_common_passwords_are_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon) as refusal:
        checked_password(password, **OWN)

    assert refusal.value.field == ("password",)


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaa", "               ", "abcabcabcabcabcabc", "kz4!mwpkz4!mwpkz4!mwp", "abcdefghijklmnop",
        "123456789012345", "987654321098765", "qwertyuiopasdfgh", "1qaz2wsx3edc4rfv", "zaq12wsxcde34rfv",
        "!@#$%^&*()_+!@#", "aaabbbcccdddeee", "qwertz123456789", "111122223333444455", "azertyuiopqsdfg",
    ],
)  # fmt: skip
def test_patterns_are_refused(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "Anna.Schmidt2024", "schmidt anna 1984!", "annaschmidt@garden-tools", "ANNASCHMIDT!!!!", "garden-tools-anna",
        "password anna schmidt",
    ],
)  # fmt: skip
def test_the_own_name_and_address_are_refused(password: str) -> None:
    with pytest.raises(PasswordTooCommon):
        checked_password(password, **OWN)
    assert not is_guessable(password, personal=("bob@example.org", "Bob"))


@pytest.mark.parametrize(
    "password",
    [
        "anna eats purple clouds daily", "839201746528391", "f8Kq2zPmf8Kq2zPm", "#$)(!]{}@>?</~^", "a1k2c3d7e5x6g7h",
        "my old bicycle squeaks", "trombone gravel 7 lamp", "Vx9!kT2#pLq8@wZ", "пароль для моего кота",
        "xxxxxkitchen tables", "東京の冬は寒いけれど好きだよね本当",
    ],
)  # fmt: skip
def test_long_passwords_of_ones_own_are_taken(password: str) -> None:
    assert checked_password(password, **OWN) == password


def test_the_list_is_compact_and_has_long_entries() -> None:
    entries = common_passwords()

    assert 200 < len(entries) < 2_000
    assert all(entry == entry.casefold() and entry.isalnum() for entry in entries)
    assert sum(len(entry) >= 15 for entry in entries) > 60


@given(st.text(max_size=300))
def test_any_text_is_judged_without_failing(password: str) -> None:
    assert is_guessable(password or "x") in {True, False}


def test_the_longest_password_is_judged_quickly() -> None:
    started = time.perf_counter()
    is_guessable(RANDOM_LETTERS[:LENGTH_MAX], personal=("a" * 64 + "@" + "b" * 60 + ".com", "x y z " * 16))

    assert time.perf_counter() - started < 0.25
