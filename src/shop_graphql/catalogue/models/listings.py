"""What lists and searches read: one narrow row per product and currency, one per product and language.

Both are kept by the catalogue and can be rebuilt from the other tables at any time.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, Text, Uuid, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from shop_graphql.catalogue.models.products import Product
from shop_graphql.platform.columns import Currency, Instant, Minor, Str, currency_code
from shop_graphql.platform.db import Row

BRAND_TAGS_FROM = 1_000_000
"""`tags` holds category nodes as they are, and brand numbers added to this."""
CHOICE_TAGS_FROM = 2_000_000
"""Numbers of attribute choices are added to this."""


class ProductListing(Row):
    """One index on `tags` answers every AND of category, brand and attribute choices; four others give the sorts."""

    __tablename__ = "product_listings"
    __table_args__ = (
        currency_code(),
        Index("ix_product_listings_price", "currency", "price_minor", "number"),
        Index("ix_product_listings_newest", "currency", desc("published_at"), desc("number")),
        Index("ix_product_listings_rating", "currency", desc("rating_score"), desc("number")),
        Index("ix_product_listings_selling", "currency", desc("sold_30d"), desc("number")),
        Index("ix_product_listings_tags", "tags", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        {"postgresql_with": {"fillfactor": 80}},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    currency: Mapped[Currency] = mapped_column(primary_key=True)
    number: Mapped[int]
    category_nodes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    brand_id: Mapped[UUID | None]
    price_minor: Mapped[Minor]
    compare_at_minor: Mapped[Minor | None]
    in_stock: Mapped[bool]
    rating_score: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    """The mean rating times 100; 0 = not rated."""
    rating_count: Mapped[int] = mapped_column(server_default="0")
    sold_30d: Mapped[int] = mapped_column(server_default="0")
    published_at: Mapped[Instant]
    tags: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    seller_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))


class ProductSearch(Row):
    """What a search looks through. `title_plain` is the title in lower case and without accents."""

    __tablename__ = "product_search"
    __table_args__ = (
        Index(
            "ix_product_search_title_words",
            "title_words",
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
        Index("ix_product_search_words", "words", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_product_search_codes", "codes", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        {"postgresql_with": {"fillfactor": 80}},
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey(Product.id, ondelete="CASCADE"), primary_key=True)
    locale: Mapped[Str] = mapped_column(primary_key=True)
    number: Mapped[int]
    title_plain: Mapped[Str]
    codes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """SKUs, GTINs and part numbers, upper case."""
    title_words: Mapped[Any] = mapped_column(TSVECTOR)
    words: Mapped[Any] = mapped_column(TSVECTOR)
