"""What a seller hands in for a product or an offer, and whether it will do. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from shop_graphql.catalogue.codes import is_gtin, is_sku
from shop_graphql.catalogue.states import OfferCondition, ProductStatus, StockPolicy
from shop_graphql.platform.errors import ErrorCode, Invalid, ShopError

TITLE_LENGTH_MAX = 500
DESCRIPTION_LENGTH_MAX = 20_000
NAME_LENGTH_MAX = 100
"""Letters of a brand, an option's name, one of its values or a variant's title."""
VARIANTS_MAX = 100
OPTIONS_MAX = 5
QUANTITY_MAX = 1_000_000
HANDLING_DAYS_MAX = 60

Path = tuple[str, ...]


class TooManyVariants(ShopError):
    code = ErrorCode.TOO_MANY
    message = f"A product has 1 to {VARIANTS_MAX} variants."


class TooManyOptions(ShopError):
    code = ErrorCode.TOO_MANY
    message = f"A product has at most {OPTIONS_MAX} options."


class OfferDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Terms of one offer. Price in minor units of `currency`."""

    sku: str
    price_minor: int
    currency: str
    condition: OfferCondition = OfferCondition.NEW
    stock_policy: StockPolicy = StockPolicy.DENY
    handling_days: int = 2
    max_per_order: int | None = None
    quantity: int = 0
    """Units on hand from the start; the inventory writes them."""


class VariantDraft(msgspec.Struct, frozen=True, kw_only=True):
    option_values: tuple[str, ...] = ()
    title: str = ""
    """Empty: made of the option values."""
    gtin: str | None = None
    offer: OfferDraft | None = None


class ProductDraft(msgspec.Struct, frozen=True, kw_only=True):
    title: str
    category_id: UUID
    description: str = ""
    brand: str | None = None
    options: tuple[str, ...] = ()
    variants: tuple[VariantDraft, ...]
    publish: bool = True


class ProductChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of a product; None leaves a value as it is."""

    title: str | None = None
    description: str | None = None
    category_id: UUID | None = None
    brand: str | None = None
    """Empty takes the brand away."""
    status: ProductStatus | None = None


class OfferChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an offer; None leaves a value as it is."""

    price_minor: int | None = None
    currency: str | None = None
    handling_days: int | None = None
    max_per_order: int | None = None
    is_active: bool | None = None


def check_product(draft: ProductDraft) -> None:
    """`draft` keeps every rule that needs no database.

    Raises: Invalid, TooManyVariants, TooManyOptions.
    """
    check_title(draft.title, ("title",))
    check_text(draft.description, DESCRIPTION_LENGTH_MAX, ("description",))
    if draft.brand is not None:
        check_name(draft.brand, ("brand",))
    if len(draft.options) > OPTIONS_MAX:
        raise TooManyOptions(field=("options",))
    for place, name in enumerate(draft.options):
        check_name(name, ("options", str(place), "name"))
    _check_unique([name.casefold() for name in draft.options], ("options",), ("name",))
    if not 1 <= len(draft.variants) <= VARIANTS_MAX:
        raise TooManyVariants(field=("variants",))
    for place, variant in enumerate(draft.variants):
        _check_variant(variant, len(draft.options), ("variants", str(place)))
    _check_unique([variant.option_values for variant in draft.variants], ("variants",), ("optionValues",))
    _check_unique([variant.gtin for variant in draft.variants], ("variants",), ("gtin",))
    skus = [variant.offer.sku if variant.offer else None for variant in draft.variants]
    _check_unique(skus, ("variants",), ("offer", "sku"))


def check_changes(changes: ProductChanges) -> None:
    """`changes` keep every rule that needs no database.

    Raises: Invalid.
    """
    if changes.title is not None:
        check_title(changes.title, ("changes", "title"))
    if changes.description is not None:
        check_text(changes.description, DESCRIPTION_LENGTH_MAX, ("changes", "description"))
    if changes.brand:
        check_name(changes.brand, ("changes", "brand"))
    if changes.status is ProductStatus.SCHEDULED:
        raise Invalid(field=("changes", "status"), message="SCHEDULED cannot be set by hand.")


def check_offer(draft: OfferDraft, at: Path = ()) -> None:
    """`draft` keeps every rule that needs no database; refusals point below `at`.

    Raises: Invalid.
    """
    if not is_sku(draft.sku):
        raise Invalid(field=(*at, "sku"), message="A SKU has 1 to 64 printable characters and no space around.")
    check_price(draft.price_minor, (*at, "price"))
    check_terms(handling_days=draft.handling_days, max_per_order=draft.max_per_order, at=at)
    check_quantity(draft.quantity, (*at, "quantity"))


def check_terms(*, handling_days: int | None, max_per_order: int | None, at: Path) -> None:
    """Raises: Invalid."""
    if handling_days is not None and not 0 <= handling_days <= HANDLING_DAYS_MAX:
        raise Invalid(field=(*at, "handlingDays"), message=f"Handling takes 0 to {HANDLING_DAYS_MAX} days.")
    if max_per_order is not None and not 1 <= max_per_order <= QUANTITY_MAX:
        raise Invalid(field=(*at, "maxPerOrder"), message=f"The limit per order is 1 to {QUANTITY_MAX:,} units.")


def check_price(price_minor: int, field: Path) -> None:
    """Raises: Invalid."""
    if price_minor <= 0:
        raise Invalid(field=field, message="A price is more than zero.")


def check_quantity(quantity: int, field: Path) -> None:
    """Raises: Invalid."""
    if not 0 <= quantity <= QUANTITY_MAX:
        raise Invalid(field=field, message=f"A stock level is 0 to {QUANTITY_MAX:,} units.")


def check_title(title: str, field: Path) -> None:
    """Raises: Invalid."""
    if not title.strip():
        raise Invalid(field=field, message="A title is not blank.")
    check_text(title, TITLE_LENGTH_MAX, field)


def check_name(name: str, field: Path) -> None:
    """Raises: Invalid."""
    if not name.strip():
        raise Invalid(field=field, message="A name is not blank.")
    check_text(name, NAME_LENGTH_MAX, field)


def check_text(text: str, length_max: int, field: Path) -> None:
    """Raises: Invalid."""
    if len(text) > length_max:
        raise Invalid(field=field, message=f"At most {length_max:,} characters.")
    # PostgreSQL has no text with this character.
    if "\0" in text:
        raise Invalid(field=field, message="The character U+0000 is not allowed.")


def _check_variant(variant: VariantDraft, option_count: int, at: Path) -> None:
    check_text(variant.title, NAME_LENGTH_MAX, (*at, "title"))
    if len(variant.option_values) != option_count:
        message = f"One value for each of the {option_count} options, in their order."
        raise Invalid(field=(*at, "optionValues"), message=message)
    for place, value in enumerate(variant.option_values):
        check_name(value, (*at, "optionValues", str(place)))
    if variant.gtin is not None and not is_gtin(variant.gtin):
        raise Invalid(field=(*at, "gtin"), message="A GTIN has 8, 12, 13 or 14 digits, the last one a check digit.")
    if variant.offer is not None:
        check_offer(variant.offer, (*at, "offer"))


def _check_unique(values: Sequence[object], before: Path, after: Path) -> None:
    for place in _repeated(values):
        raise Invalid(field=(*before, str(place), *after), message="This stands twice in the input.")


def _repeated(values: Iterable[object]) -> Iterable[int]:
    seen: set[object] = set()
    for place, value in enumerate(values):
        if value is not None and value in seen:
            yield place
        seen.add(value)
