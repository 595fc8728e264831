"""What people type about themselves."""

import pytest

from shop_graphql.accounts.details import (
    canonical_display_name,
    canonical_email,
    canonical_locale,
    readable_email,
)
from shop_graphql.accounts.errors import EmailInvalid
from shop_graphql.platform.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com\n", "ada@example.com"),
        ("ada+shop@example.com", "ada+shop@example.com"),
        ("ada@Bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@XN--BCHER-KVA.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_one_mailbox_has_one_spelling(typed: str, kept: str) -> None:
    assert canonical_email(typed) == kept
    assert canonical_email(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "", "ada", "ada@", "@example.com", "ada@example", "ada@@example.com", "a da@example.com", "ada@exa mple.com",
        "ada@localhost", "ada@[127.0.0.1]", '"ada l"@example.com', "Ada <ada@example.com>",
        "ada@example.com, b@example.com",
        "ada@example.com\nBcc: eve@example.com", "ada\x00@example.com", "ädä@example.com", "ada@-example.com",
        "a" * 65 + "@example.com", "ada@" + "e" * 64 + ".com", "a" * 100_000 + "@example.com",
        "ada@" + ".".join(["e" * 60] * 5) + ".com",
    ],
)  # fmt: skip
def test_an_address_without_mailbox_is_refused(typed: str) -> None:
    with pytest.raises(EmailInvalid) as refusal:
        canonical_email(typed)

    assert refusal.value.field == ("email",)


def test_a_kept_address_reads_in_its_own_script() -> None:
    assert readable_email("ada@xn--bcher-kva.example") == "ada@bücher.example"
    assert readable_email("ada@example.com") == "ada@example.com"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Ada \t Lovelace ", "Ada Lovelace"), ("Zoe\u0308", "Zoë"), ("李", "李"), ("x" * 100, "x" * 100)],
)
def test_a_display_name_is_kept_tidy(typed: str, kept: str) -> None:
    assert canonical_display_name(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "   ", "x" * 101, "x" * 100_000, "Ada\x00", "Ada\u202eecalevoL", "\u200d", "Ada\x1b[31m"]
)
def test_a_display_name_nobody_can_read_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        canonical_display_name(typed)

    assert refusal.value.field == ("displayName",)


def test_a_locale_is_a_language_tag() -> None:
    assert [canonical_locale(tag) for tag in (None, "de", "de-AT", "zh-Hant-TW", "es-419")] == [
        "en", "de", "de-AT", "zh-Hant-TW", "es-419",
    ]  # fmt: skip
    for wrong in ("", "german", "de_AT", "DE", "de-at", "de-AT\n", "../../etc"):
        with pytest.raises(Invalid):
            canonical_locale(wrong)
