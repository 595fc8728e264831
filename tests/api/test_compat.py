from datetime import date

import pytest

from shop_graphql.api.compat import breaking_changes

TODAY = date(2026, 11, 23)
OLD = """
enum Colour { RED GREEN }
input Filter { text: String old: Int }
type Product { name: String! price(currency: String): Int }
type Query { product(id: ID): Product colour(filter: Filter): Colour node(id: ID): Product }
"""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("name: String! ", "", "Field Product.name was removed."),
        ("name: String!", "name: String", "Field Product.name changed type from String! to String."),
        (" GREEN", "", "Enum value Colour.GREEN was removed."),
        ("product(id: ID)", "product", "Argument Query.product(id:) was removed."),
        ("product(id: ID)", "product(id: ID, shop: ID!)", "A required argument Query.product(shop:) was added."),
        (" old: Int", "", "Field Filter.old was removed."),
    ],
)
def test_what_clients_lose_is_named(before: str, after: str, told: str) -> None:
    assert breaking_changes(OLD, OLD.replace(before, after), today=TODAY) == [told]


def test_additions_and_deprecations_break_nothing() -> None:
    new = OLD.replace("name: String!", 'name: String! @deprecated(reason: "Use title.") title: String').replace(
        "GREEN", "GREEN BLUE"
    )

    assert breaking_changes(OLD, new, today=TODAY) == []


@pytest.mark.parametrize(
    "member", ["price(currency: String): Int", "GREEN", "old: Int", "currency: String"], ids=lambda text: text[:8]
)
@pytest.mark.parametrize(
    ("reason", "may_go"),
    [
        ("Use `title`. Removed after 2026-10.", True),
        ("Use `title`. Removed after 2026-11.", False),
        ("Use `title`. Removed after 2027-01.", False),
        ("Use `title`.", False),
    ],
)
def test_deprecated_members_may_go_once_their_month_is_over(member: str, reason: str, may_go: bool) -> None:
    old = OLD.replace(member, f'{member} @deprecated(reason: "{reason}")')
    without = "price: Int" if member == "currency: String" else ""
    new = OLD.replace("price(currency: String): Int" if without else member, without)

    assert (breaking_changes(old, new, today=TODAY) == []) is may_go


@pytest.mark.parametrize(("month", "told"), [("2026-10", []), ("2027-01", ["Field Query.colour was removed."])])
def test_types_go_with_the_last_member_that_names_them(month: str, told: list[str]) -> None:
    field = "colour(filter: Filter): Colour"
    old = OLD.replace(field, f'{field} @deprecated(reason: "Removed after {month}.")')
    new = (
        OLD.replace(field, "")
        .replace("enum Colour { RED GREEN }", "")
        .replace("input Filter { text: String old: Int }", "")
    )

    changes = breaking_changes(old, new, today=TODAY)

    assert [change for change in changes if change.startswith("Field")] == told
    assert bool(changes) == bool(told)
