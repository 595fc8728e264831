"""What a seller may not hand in, and where the refusal points."""

from typing import Any
from uuid import UUID

import pytest

from shop_graphql.catalogue.drafts import (
    OfferChanges,
    OfferDraft,
    ProductChanges,
    ProductDraft,
    VariantDraft,
    check_changes,
    check_product,
    check_terms,
)
from shop_graphql.catalogue.states import ProductStatus
from shop_graphql.platform.errors import ErrorCode, ShopError

OFFER = OfferDraft(sku="K-1", price_minor=1, currency="EUR")
PLAIN = VariantDraft(offer=OFFER)


def a_product(**values: Any) -> ProductDraft:
    given: dict[str, Any] = {"title": "Kettle", "category_id": UUID(int=1), "variants": (PLAIN,)}
    return ProductDraft(**(given | values))


def an_offer(**values: Any) -> tuple[VariantDraft, ...]:
    given: dict[str, Any] = {"sku": "K-1", "price_minor": 1, "currency": "EUR"}
    return (VariantDraft(offer=OfferDraft(**(given | values))),)


def sized(*sizes: str, **values: Any) -> tuple[VariantDraft, ...]:
    return tuple(VariantDraft(option_values=(size,), **values) for size in sizes)


def test_a_modest_product_passes() -> None:
    check_product(a_product())
    check_product(a_product(options=("Size",), variants=sized("S", "M"), description="x" * 20_000, brand="Acme"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": " \t"}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"brand": " "}, "brand"),
        ({"options": ("",), "variants": sized("S")}, "options.0.name"),
        ({"options": ("Size", "SIZE"), "variants": ()}, "options.1.name"),
        ({"options": ("Size",)}, "variants.0.optionValues"),
        ({"options": ("Size",), "variants": sized("")}, "variants.0.optionValues.0"),
        ({"options": ("Size",), "variants": sized("S", "S")}, "variants.1.optionValues"),
        ({"options": ("Size",), "variants": sized("S", "M", gtin="96385074")}, "variants.1.gtin"),
        ({"options": ("Size",), "variants": sized("S", "M", offer=OFFER)}, "variants.1.offer.sku"),
        ({"variants": (VariantDraft(gtin="4006381333932"),)}, "variants.0.gtin"),
        ({"variants": (VariantDraft(title="x" * 101),)}, "variants.0.title"),
        ({"variants": an_offer(sku="")}, "variants.0.offer.sku"),
        ({"variants": an_offer(price_minor=0)}, "variants.0.offer.price"),
        ({"variants": an_offer(price_minor=-5)}, "variants.0.offer.price"),
        ({"variants": an_offer(handling_days=-1)}, "variants.0.offer.handlingDays"),
        ({"variants": an_offer(handling_days=61)}, "variants.0.offer.handlingDays"),
        ({"variants": an_offer(max_per_order=0)}, "variants.0.offer.maxPerOrder"),
        ({"variants": an_offer(quantity=-1)}, "variants.0.offer.quantity"),
        ({"variants": an_offer(quantity=1_000_001)}, "variants.0.offer.quantity"),
    ],
)
def test_a_refusal_points_at_the_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ShopError) as refused:
        check_product(a_product(**values))

    assert refused.value.code is ErrorCode.INVALID
    assert ".".join(refused.value.field) == field


@pytest.mark.parametrize(
    "values",
    [
        {"variants": ()},
        {"options": ("Size",), "variants": sized(*map(str, range(101)))},
        {"options": tuple("ABCDEF"), "variants": (VariantDraft(option_values=tuple("abcdef")),)},
    ],
)
def test_a_product_has_limits(values: dict[str, Any]) -> None:
    with pytest.raises(ShopError) as refused:
        check_product(a_product(**values))

    assert refused.value.code is ErrorCode.TOO_MANY


def test_changes_are_checked_only_where_given() -> None:
    check_changes(ProductChanges())
    check_changes(ProductChanges(brand=""))
    check_terms(handling_days=OfferChanges().handling_days, max_per_order=None, at=())

    with pytest.raises(ShopError) as refused:
        check_changes(ProductChanges(status=ProductStatus.SCHEDULED))
    assert refused.value.field == ("changes", "status")
