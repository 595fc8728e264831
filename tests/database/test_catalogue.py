"""Categories, products, offers and prices that cannot contradict each other."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from shop_graphql.catalogue.models import (
    Attribute,
    AttributeChoice,
    Category,
    FeaturedOffer,
    OfferPrice,
    ProductAttributeValue,
    ProductSlug,
)
from shop_graphql.catalogue.states import AttributeType, OfferCondition, PriceKind, ProductStatus, VariantStatus
from shop_graphql.platform.db import WriteSession
from tests.database.rows import (
    NOW,
    World,
    a_category,
    a_product,
    a_variant,
    an_offer,
    in_days,
    new_id,
    refusal,
    sql,
)

KETTLE_GTIN = "4006381333931"


def a_price(world: World, window: tuple[datetime | None, datetime | None], **values: Any) -> OfferPrice:
    given = {"kind": PriceKind.SALE, "currency": "EUR", "price_minor": 900, **values}
    return OfferPrice(id=new_id(), offer_id=world.offer.id, valid=Range(*window), **given)


async def paths(session: WriteSession) -> dict[str, list[str]]:
    rows = (await session.execute(select(Category.name, Category.node, Category.path))).all()
    names = {node: name for name, node, _ in rows}
    return {name: [names[node] for node in path] for name, _, path in rows}


async def a_branch(session: WriteSession) -> list[Category]:
    """Home > Kitchen > Kettles, beside the world's own category."""
    branch: list[Category] = []
    for name in ("Home", "Kitchen", "Kettles"):
        category = a_category(name=name, parent_id=branch[-1].id if branch else None)
        session.add(category)
        await session.flush()
        branch.append(category)
    return branch


async def test_a_category_knows_its_way_to_the_root(session: WriteSession) -> None:
    home, kitchen, kettles = await a_branch(session)

    assert kettles.path == [home.node, kitchen.node, kettles.node]


async def test_moving_a_category_moves_what_is_below(session: WriteSession) -> None:
    _home, kitchen, _ = await a_branch(session)

    await session.execute(sql("update categories set parent_id = null where id = :id", id=kitchen.id))

    assert await paths(session) == {"Home": ["Home"], "Kitchen": ["Kitchen"], "Kettles": ["Kitchen", "Kettles"]}


async def test_a_category_is_never_below_itself(session: WriteSession) -> None:
    home, _, kettles = await a_branch(session)
    move = "update categories set parent_id = :parent where id = :id"

    assert await refusal(session, sql(move, id=home.id, parent=kettles.id)) == "ck_categories_no_cycle"
    assert await refusal(session, sql(move, id=home.id, parent=home.id)) == "ck_categories_no_cycle"


async def test_sale_windows_of_an_offer_never_overlap(session: WriteSession, world: World) -> None:
    first = a_price(world, (NOW, in_days(2)))

    assert await refusal(session, first, a_price(world, (in_days(1), None))) == "ex_offer_prices_no_overlap"


@pytest.mark.parametrize(
    "other",
    [{"window": "after"}, {"currency": "USD"}, {"kind": PriceKind.LIST}],
    ids=["next window", "other currency", "list price beside sale"],
)
async def test_prices_that_do_not_compete_stand_together(
    session: WriteSession, world: World, other: dict[str, Any]
) -> None:
    window = (in_days(2), None) if other.pop("window", None) else (NOW, in_days(2))

    assert await refusal(session, a_price(world, (NOW, in_days(2))), a_price(world, window, **other)) is None


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"price_minor": 0}, "ck_offer_prices_positive"),
        ({"currency": "€  "}, "ck_offer_prices_currency"),
        ({"valid": Range(NOW, NOW)}, "ck_offer_prices_valid"),
    ],
)
async def test_a_price_is_positive_and_holds_some_time(
    session: WriteSession, world: World, values: dict[str, Any], constraint: str
) -> None:
    row = OfferPrice(
        **{
            "id": new_id(),
            "offer_id": world.offer.id,
            "currency": "EUR",
            "price_minor": 1,
            "valid": Range(NOW),
            **values,
        }
    )

    assert await refusal(session, row) == constraint


async def test_a_sku_names_one_offer_of_a_seller(session: WriteSession, world: World) -> None:
    again = an_offer(world.variant, world.seller, sku=world.offer.sku, condition=OfferCondition.USED)
    theirs = an_offer(world.variant, world.other_seller, sku=world.offer.sku)

    assert await refusal(session, again) == "uq_offers_seller_sku"
    assert await refusal(session, theirs) is None


async def test_a_seller_offers_a_variant_once_per_condition(session: WriteSession, world: World) -> None:
    assert await refusal(session, an_offer(world.variant, world.seller)) == "uq_offers_one_per_condition"


async def test_a_gtin_names_one_live_variant(session: WriteSession, world: World) -> None:
    def kettle(**values: Any) -> Any:
        return a_variant(world.product, gtin=KETTLE_GTIN, option_values=[str(new_id())], **values)

    assert await refusal(session, kettle(), kettle()) == "uq_variants_gtin"
    assert await refusal(session, kettle(status=VariantStatus.ARCHIVED), kettle()) is None


@pytest.mark.parametrize("gtin", ["123", "400638133393X", "40063813339311234"])
async def test_a_gtin_has_the_digits_of_one(session: WriteSession, world: World, gtin: str) -> None:
    assert await refusal(session, a_variant(world.product, gtin=gtin, option_values=["x"])) == "ck_variants_gtin"


async def test_a_choice_of_options_is_one_live_variant(session: WriteSession, world: World) -> None:
    red = a_variant(world.product, option_values=["Red"])
    again = a_variant(world.product, option_values=["Red"])

    assert await refusal(session, red, again) == "uq_variants_options"


async def test_a_published_product_has_its_time(session: WriteSession, world: World) -> None:
    draft = a_product(world.seller, world.category, status=ProductStatus.PUBLISHED)

    assert await refusal(session, draft) == "ck_products_published"


async def test_a_product_has_one_current_slug(session: WriteSession, world: World) -> None:
    slugs = [ProductSlug(slug=slug, product_id=world.product.id, created_at=NOW) for slug in ("kettle", "kettle-2")]

    assert await refusal(session, *slugs) == "uq_product_slugs_current"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"number_value": 3}, None),
        ({"text_value": "three"}, "ck_product_attribute_values_typed"),
        ({"number_value": 3, "text_value": "three"}, "ck_product_attribute_values_typed"),
        ({"value_type": AttributeType.TEXT, "text_value": "three"}, "fk_product_attribute_values_type"),
    ],
)
async def test_a_value_has_its_attributes_type(
    session: WriteSession, world: World, values: dict[str, Any], constraint: str | None
) -> None:
    wattage = Attribute(id=new_id(), code="wattage", name="Wattage", value_type=AttributeType.NUMBER)
    given = {"value_type": AttributeType.NUMBER, **values}
    value = ProductAttributeValue(product_id=world.product.id, attribute_id=wattage.id, **given)

    assert await refusal(session, wattage, value) == constraint


async def test_a_choice_belongs_to_its_own_attribute(session: WriteSession, world: World) -> None:
    colour, size = (
        Attribute(id=new_id(), code=code, name=code, value_type=AttributeType.CHOICE) for code in ("colour", "size")
    )
    red = AttributeChoice(id=new_id(), attribute_id=colour.id, code="red", label="Red")
    value = ProductAttributeValue(
        product_id=world.product.id, attribute_id=size.id, value_type=AttributeType.CHOICE, choice_id=red.id
    )

    assert await refusal(session, colour, size, red, value) == "fk_product_attribute_values_choice"


async def test_the_featured_offer_sells_that_very_variant(session: WriteSession, world: World) -> None:
    other = a_variant(world.product, option_values=["Red"])
    featured = FeaturedOffer(
        variant_id=other.id,
        currency="EUR",
        offer_id=world.offer.id,
        price_minor=900,
        score=1.0,
        reason={},
        computed_at=NOW,
    )

    assert await refusal(session, other, featured) == "fk_featured_offers_same_variant"


async def test_plain_words_have_neither_case_nor_accents(session: WriteSession) -> None:
    assert await session.scalar(sql("select plain('Édition KÜCHE Ærø')")) == "edition kuche aero"


@pytest.mark.parametrize("table", ["product_listings", "product_search"])
async def test_a_listing_goes_with_its_product(session: WriteSession, world: World, table: str) -> None:
    for statement in (
        "insert into product_listings (product_id, currency, number, category_nodes, price_minor, in_stock,"
        " published_at, tags) values (:product, 'EUR', 1, '{1}', 900, true, now(), '{1}')",
        "insert into product_search (product_id, locale, number, title_plain, title_words, words)"
        " values (:product, 'en', 1, 'kettle', 'kettle', 'kettle')",
    ):
        await session.execute(sql(statement, product=world.product.id))
    for gone in ("stock_items", "offers", "variants", "products"):
        await session.execute(sql(f"delete from {gone}"))

    assert await session.scalar(sql(f"select count(*) from {table}")) == 0
