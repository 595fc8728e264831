"""Slugs, GTINs and SKUs."""

import pytest

from shop_graphql.catalogue.codes import SLUG_LENGTH_MAX, is_gtin, is_sku, slug_of


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Steel Kettle, 1.7 l", "steel-kettle-1-7-l"),
        ("Küche & Straße", "kuche-strasse"),
        ("Smørrebrød Łódź", "smorrebrod-lodz"),
        ("  --  ", ""),
        ("電気ケトル", ""),
        ("ﬁne Ⅷ", "fine-viii"),
    ],
)
def test_a_slug_is_made_of_ascii_letters(text: str, slug: str) -> None:
    assert slug_of(text) == slug


def test_a_slug_ends_at_a_whole_word() -> None:
    slug = slug_of("kettle " * 40)

    assert len(slug) <= SLUG_LENGTH_MAX
    assert set(slug.split("-")) == {"kettle"}


def test_a_word_longer_than_a_slug_is_cut() -> None:
    assert slug_of("k" * 500) == "k" * SLUG_LENGTH_MAX


@pytest.mark.parametrize("text", ["4006381333931", "96385074", "036000291452", "10614141000415"])
def test_a_gtin_of_every_length_is_known(text: str) -> None:
    assert is_gtin(text)


@pytest.mark.parametrize(
    "text", ["4006381333932", "4006381339331", "1234567", "400638133393x", "", "\u0664006381333931"]
)
def test_a_gtin_with_a_wrong_digit_is_refused(text: str) -> None:
    assert not is_gtin(text)


@pytest.mark.parametrize("text", ["", " K-1", "K-1 ", "K\n1", "K" * 65, "K\0"])
def test_a_sku_is_short_and_printable(text: str) -> None:
    assert is_sku("K 1/2-ä")
    assert not is_sku(text)
