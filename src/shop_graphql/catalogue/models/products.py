"""Products and what belongs to them whoever sells them: addresses, options, variants, attributes, media."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.catalogue.models.taxonomy import Attribute, AttributeChoice, Brand, Category
from shop_graphql.catalogue.states import AttributeType, MediaKind, MediaStatus, ProductStatus, VariantStatus
from shop_graphql.platform.columns import Choice, Instant, Key, Small, Str, one_of
from shop_graphql.platform.db import Row
from shop_graphql.sellers.models import Seller


class Product(Row):
    """A page of the catalogue. `owner_seller_id` may edit it; who sells it is said by offers."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("number"),
        one_of("status", ProductStatus),
        CheckConstraint("status <> 'scheduled' or publish_at is not null", name="scheduled"),
        CheckConstraint("status <> 'published' or published_at is not null", name="published"),
        CheckConstraint("length(title) between 1 and 500", name="title"),
        Index("ix_products_owner", "owner_seller_id", "id"),
        Index("ix_products_category", "category_id"),
        Index("ix_products_brand", "brand_id"),
        Index("ix_products_due", "publish_at", postgresql_where=text("status = 'scheduled'")),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(Integer, Identity(always=True))
    """Short tie-break of keyset pages."""
    owner_seller_id: Mapped[UUID] = mapped_column(ForeignKey(Seller.id))
    category_id: Mapped[UUID] = mapped_column(ForeignKey(Category.id))
    brand_id: Mapped[UUID | None] = mapped_column(ForeignKey(Brand.id))
    title: Mapped[Str]
    description: Mapped[Str] = mapped_column(server_default="")
    locale: Mapped[Str] = mapped_column(server_default="en")
    status: Mapped[ProductStatus] = mapped_column(Choice(ProductStatus), server_default=ProductStatus.DRAFT)
    publish_at: Mapped[Instant | None]
    published_at: Mapped[Instant | None]
    seo_title: Mapped[Str | None]
    seo_description: Mapped[Str | None]
    tax_class: Mapped[Str] = mapped_column(server_default="standard")
    moderation_issues: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    version: Mapped[int] = mapped_column(server_default="1")
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]

    slugs: Mapped[list["ProductSlug"]] = relationship(lazy="raise")
    options: Mapped[list["ProductOption"]] = relationship(lazy="raise", order_by="ProductOption.position")
    variants: Mapped[list["Variant"]] = relationship(lazy="raise", order_by="Variant.position, Variant.id")
    attribute_values: Mapped[list["ProductAttributeValue"]] = relationship(lazy="raise")
    media: Mapped[list["Media"]] = relationship(
        lazy="raise", order_by="Media.position, Media.id", foreign_keys="Media.product_id"
    )


class ProductSlug(Row):
    """An address of a product's page. Old ones stay, so that links keep working."""

    __tablename__ = "product_slugs"
    __table_args__ = (
        CheckConstraint("slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'", name="slug"),
        Index("ix_product_slugs_product", "product_id"),
        Index("uq_product_slugs_current", "product_id", unique=True, postgresql_where=text("is_current")),
    )

    slug: Mapped[Str] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"))
    is_current: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[Instant]


class ProductOption(Row):
    """What a shopper chooses by: Size, Colour. Variants hold the values in the order of `position`."""

    __tablename__ = "product_options"
    __table_args__ = (
        UniqueConstraint("product_id", "name", name="uq_product_options_name"),
        CheckConstraint("position between 1 and 5", name="position"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    name: Mapped[Str]


class Variant(Row):
    """One choice of a product's options; what offers sell. A GTIN names one live variant of the whole shop."""

    __tablename__ = "variants"
    __table_args__ = (
        UniqueConstraint("id", "product_id", name="uq_variants_id_product"),
        one_of("status", VariantStatus),
        CheckConstraint("gtin ~ '^([0-9]{8}|[0-9]{12,14})$'", name="gtin"),
        CheckConstraint("weight_grams >= 0", name="weight"),
        Index("ix_variants_product", "product_id", "position"),
        Index(
            "uq_variants_options",
            "product_id",
            "option_values",
            unique=True,
            postgresql_where=text("status <> 'archived'"),
        ),
        Index(
            "uq_variants_gtin",
            "gtin",
            unique=True,
            postgresql_where=text("gtin is not null and status <> 'archived'"),
        ),
    )

    id: Mapped[Key]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id))
    title: Mapped[Str] = mapped_column(server_default="")
    gtin: Mapped[Str | None]
    mpn: Mapped[Str | None]
    option_values: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    weight_grams: Mapped[int | None]
    position: Mapped[Small] = mapped_column(server_default="0")
    status: Mapped[VariantStatus] = mapped_column(Choice(VariantStatus), server_default=VariantStatus.ACTIVE)
    created_at: Mapped[Instant]


VALUE_FITS_TYPE = """
num_nonnulls(text_value, number_value, boolean_value, date_value, choice_id) = 1
and case value_type
    when 'text' then text_value is not null
    when 'number' then number_value is not null
    when 'boolean' then boolean_value is not null
    when 'date' then date_value is not null
    else choice_id is not null
end
"""


class ProductAttributeValue(Row):
    """A product's value of an attribute: exactly one column, the one of the attribute's type."""

    __tablename__ = "product_attribute_values"
    __table_args__ = (
        ForeignKeyConstraint(
            ["attribute_id", "value_type"],
            [Attribute.id, Attribute.value_type],
            name="fk_product_attribute_values_type",
        ),
        ForeignKeyConstraint(
            ["attribute_id", "choice_id"],
            [AttributeChoice.attribute_id, AttributeChoice.id],
            name="fk_product_attribute_values_choice",
        ),
        CheckConstraint(VALUE_FITS_TYPE, name="typed"),
        Index("ix_product_attribute_values_attribute", "attribute_id", "choice_id"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    attribute_id: Mapped[UUID] = mapped_column(primary_key=True)
    value_type: Mapped[AttributeType] = mapped_column(Choice(AttributeType))
    text_value: Mapped[Str | None]
    number_value: Mapped[Decimal | None] = mapped_column(Numeric)
    boolean_value: Mapped[bool | None]
    date_value: Mapped[date | None]
    choice_id: Mapped[UUID | None]


class Media(Row):
    """A picture or film of a product, or of one of its own variants."""

    __tablename__ = "media"
    __table_args__ = (
        ForeignKeyConstraint(["variant_id", "product_id"], [Variant.id, Variant.product_id], name="fk_media_variant"),
        one_of("kind", MediaKind),
        one_of("status", MediaStatus),
        Index("ix_media_product", "product_id", "position"),
        Index("ix_media_variant", "variant_id", postgresql_where=text("variant_id is not null")),
    )

    id: Mapped[Key]
    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"))
    variant_id: Mapped[UUID | None]
    kind: Mapped[MediaKind] = mapped_column(Choice(MediaKind))
    file_key: Mapped[Str]
    alt_text: Mapped[Str] = mapped_column(server_default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    position: Mapped[Small] = mapped_column(server_default="0")
    status: Mapped[MediaStatus] = mapped_column(Choice(MediaStatus), server_default=MediaStatus.PROCESSING)
