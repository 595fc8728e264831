"""How products are sorted and described: categories, brands, attributes.

Each row of them has a small number beside its key: listings hold arrays of these numbers.
"""

from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    FetchedValue,
    ForeignKey,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop_graphql.catalogue.states import AttributeType
from shop_graphql.platform.columns import Choice, Key, Str, one_of
from shop_graphql.platform.db import Row


class Category(Row):
    """A node of the tree. A trigger keeps `path`, moves the children along and refuses a cycle."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("node"),
        UniqueConstraint("slug"),
        CheckConstraint("parent_id is distinct from id", name="not_own_parent"),
        CheckConstraint("cardinality(path) <= 12", name="depth"),
        Index("ix_categories_parent", "parent_id", "sort_order"),
        Index("ix_categories_path", "path", postgresql_using="gin"),
    )

    id: Mapped[Key]
    node: Mapped[int] = mapped_column(Integer, Identity(always=True))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("categories.id"))
    name: Mapped[Str]
    slug: Mapped[Str]
    path: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"), server_onupdate=FetchedValue())
    """The nodes from the root down to this one, itself included."""
    sort_order: Mapped[int] = mapped_column(server_default="0")


class Brand(Row):
    __tablename__ = "brands"
    __table_args__ = (UniqueConstraint("number"), UniqueConstraint("slug"))

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(Integer, Identity(always=True))
    name: Mapped[Str]
    slug: Mapped[Str]


class Attribute(Row):
    """A property that products of some categories have: colour, capacity, wattage."""

    __tablename__ = "attributes"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("id", "value_type", name="uq_attributes_id_type"),
        one_of("value_type", AttributeType, name="type"),
    )

    id: Mapped[Key]
    code: Mapped[Str]
    name: Mapped[Str]
    value_type: Mapped[AttributeType] = mapped_column(Choice(AttributeType))
    unit: Mapped[Str | None]
    is_facet: Mapped[bool] = mapped_column(server_default=text("false"))
    is_variant_level: Mapped[bool] = mapped_column(server_default=text("false"))

    choices: Mapped[list["AttributeChoice"]] = relationship(lazy="raise", order_by="AttributeChoice.number")


class AttributeChoice(Row):
    __tablename__ = "attribute_choices"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("attribute_id", "code", name="uq_attribute_choices_code"),
        UniqueConstraint("attribute_id", "id", name="uq_attribute_choices_pair"),
    )

    id: Mapped[Key]
    number: Mapped[int] = mapped_column(Integer, Identity(always=True))
    attribute_id: Mapped[UUID] = mapped_column(ForeignKey(Attribute.id))
    code: Mapped[Str]
    label: Mapped[Str]


class CategoryAttribute(Row):
    __tablename__ = "category_attributes"
    __table_args__ = (Index("ix_category_attributes_attribute", "attribute_id"),)

    category_id: Mapped[UUID] = mapped_column(ForeignKey(Category.id, ondelete="CASCADE"), primary_key=True)
    attribute_id: Mapped[UUID] = mapped_column(ForeignKey(Attribute.id), primary_key=True)
    is_required: Mapped[bool] = mapped_column(server_default=text("false"))
