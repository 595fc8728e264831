"""What sellers hand in, and its way into the domain's drafts."""

import strawberry

from shop_graphql.api.catalogue.enums import OfferCondition, ProductStatus, StockPolicy
from shop_graphql.api.ids import key_of
from shop_graphql.api.scalars import MoneyInput
from shop_graphql.catalogue.drafts import OfferChanges, OfferDraft, ProductChanges, ProductDraft, VariantDraft


@strawberry.input(description="Terms of an offer.")
class OfferTermsInput:
    sku: str = strawberry.field(
        description="The seller's own name for it, 1 to 64 characters, unique among its offers."
    )
    price: MoneyInput = strawberry.field(description="What one unit costs; more than zero.")
    condition: OfferCondition = strawberry.field(default=OfferCondition.NEW, description="What state the goods are in.")
    stock_policy: StockPolicy = strawberry.field(
        default=StockPolicy.DENY, description="What happens when nothing is left."
    )
    handling_days: int = strawberry.field(default=2, description="Working days until a parcel leaves, 0 to 60.")
    max_per_order: int | None = strawberry.field(
        default=None, description="Units that one order may hold, 1 to 1,000,000; null for no limit."
    )
    quantity: int = strawberry.field(
        default=0, description="Units on hand from the start at the seller's first place, 0 to 1,000,000."
    )

    def to_draft(self) -> OfferDraft:
        return OfferDraft(
            sku=self.sku,
            price_minor=self.price.to_minor(),
            currency=self.price.currency,
            condition=self.condition,
            stock_policy=self.stock_policy,
            handling_days=self.handling_days,
            max_per_order=self.max_per_order,
            quantity=self.quantity,
        )


@strawberry.input(description="What a product's variants differ by.")
class ProductOptionInput:
    name: str = strawberry.field(description="Such as Size; 1 to 100 characters, unique in the product.")


@strawberry.input(description="One buyable version of a new product.")
class ProductVariantInput:
    option_values: list[str] = strawberry.field(
        default_factory=list, description="One value for each of the product's options, in their order."
    )
    title: str | None = strawberry.field(
        default=None, description="At most 100 characters; made of the option values when absent."
    )
    gtin: str | None = strawberry.field(
        default=None, description="The number under its bar code; unique in the whole shop, its check digit right."
    )
    offer: OfferTermsInput | None = strawberry.field(
        default=None, description="The seller's own terms for it; without them nobody sells it yet."
    )

    def to_draft(self) -> VariantDraft:
        return VariantDraft(
            option_values=tuple(self.option_values),
            title=self.title or "",
            gtin=self.gtin,
            offer=self.offer.to_draft() if self.offer else None,
        )


@strawberry.input(description="A new product.")
class ProductCreateInput:
    seller_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who will keep the page; needed by members of several sellers' teams."
    )
    title: str = strawberry.field(description="1 to 500 characters.")
    description: str = strawberry.field(default="", description="Plain text, at most 20,000 characters.")
    category_id: strawberry.ID = strawberry.field(description="Where it stands in the tree.")
    brand: str | None = strawberry.field(default=None, description="The maker's name, 1 to 100 characters.")
    options: list[ProductOptionInput] = strawberry.field(
        default_factory=list, description="What its variants differ by, at most 5."
    )
    variants: list[ProductVariantInput] = strawberry.field(description="1 to 100, each with other option values.")
    publish: bool = strawberry.field(default=True, description="False keeps it as a draft.")

    def to_draft(self) -> ProductDraft:
        return ProductDraft(
            title=self.title,
            description=self.description,
            category_id=key_of(self.category_id, "Category"),
            brand=self.brand,
            options=tuple(option.name for option in self.options),
            variants=tuple(variant.to_draft() for variant in self.variants),
            publish=self.publish,
        )


@strawberry.input(description="What to change of a product; an absent or null value stays as it is.")
class ProductChangesInput:
    title: str | None = strawberry.field(
        default=None, description="1 to 500 characters. A new title gives a new slug; old ones keep working."
    )
    description: str | None = strawberry.field(default=None, description="Plain text, at most 20,000 characters.")
    category_id: strawberry.ID | None = strawberry.field(default=None, description="Where it stands in the tree.")
    brand: str | None = strawberry.field(default=None, description="The maker's name; empty for none.")
    status: ProductStatus | None = strawberry.field(
        default=None,
        description="DRAFT to PUBLISHED and back, either to ARCHIVED, ARCHIVED to DRAFT; else STATE_CONFLICT.",
    )

    def to_changes(self) -> ProductChanges:
        return ProductChanges(
            title=self.title,
            description=self.description,
            category_id=key_of(self.category_id, "Category") if self.category_id is not None else None,
            brand=self.brand,
            status=self.status,
        )


@strawberry.input(description="A change of a product.")
class ProductUpdateInput:
    id: strawberry.ID = strawberry.field(description="Which product.")
    changes: ProductChangesInput = strawberry.field(description="What to change.")
    expected_version: int | None = strawberry.field(
        default=None, description="The `version` that was read; another one by now is a STATE_CONFLICT."
    )


@strawberry.input(description="A new offer for a variant, of the caller's own product or anybody's public one.")
class OfferCreateInput(OfferTermsInput):
    variant_id: strawberry.ID = strawberry.field(description="What to sell.")
    seller_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who sells it; needed by members of several sellers' teams."
    )


@strawberry.input(description="What to change of an offer; an absent or null value stays as it is.")
class OfferChangesInput:
    price: MoneyInput | None = strawberry.field(
        default=None, description="What one unit costs from now on; prices in other currencies stay."
    )
    handling_days: int | None = strawberry.field(default=None, description="Working days, 0 to 60.")
    max_per_order: int | None = strawberry.field(default=None, description="Units, 1 to 1,000,000.")
    is_active: bool | None = strawberry.field(default=None, description="True: for sale; false: paused.")

    def to_changes(self) -> OfferChanges:
        return OfferChanges(
            price_minor=self.price.to_minor() if self.price else None,
            currency=self.price.currency if self.price else None,
            handling_days=self.handling_days,
            max_per_order=self.max_per_order,
            is_active=self.is_active,
        )


@strawberry.input(description="A change of an offer.")
class OfferUpdateInput:
    id: strawberry.ID = strawberry.field(description="Which offer.")
    changes: OfferChangesInput = strawberry.field(description="What to change.")
