"""What the read models should hold: selections that the catalogue's service writes into its tables.

All of them take `ids`, the products to look at. Joining sellers is reading, which is why they stand here.
"""

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
    union,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.orm import InstrumentedAttribute

from shop_graphql.catalogue.models import (
    AttributeChoice,
    Brand,
    Category,
    FeaturedOffer,
    Offer,
    OfferPrice,
    Product,
    ProductAttributeValue,
    ProductListing,
    Variant,
)
from shop_graphql.catalogue.models.listings import BRAND_TAGS_FROM, CHOICE_TAGS_FROM
from shop_graphql.catalogue.queries.binds import IDS, NOW
from shop_graphql.catalogue.queries.visibility import PRODUCT_IS_PUBLIC, Owner
from shop_graphql.catalogue.queries.words import ENGLISH, SIMPLE
from shop_graphql.catalogue.search import SEARCH_LOCALE
from shop_graphql.catalogue.states import OfferStatus, PriceKind, ProductStatus, VariantStatus
from shop_graphql.sellers.models import Seller
from shop_graphql.sellers.states import SellerStatus

HANDLING_DAY_COSTS = 0.02
"""A day of handling weighs as much as 2 % on the price. Source: README, decision on featured offers."""
STAR_IS_WORTH = 0.02
"""A star of the seller's mean rating above or below 3 weighs as much as 2 % of the price, at most two stars."""
RATINGS_MIN = 5
"""With fewer ratings a seller counts as a mean one."""
DESCRIPTION_SEARCHED = 4_000

PRICED = (
    select(OfferPrice.currency, OfferPrice.price_minor)
    .ext(distinct_on(OfferPrice.currency))
    .where(OfferPrice.offer_id == Offer.id, OfferPrice.valid.contains(NOW))
    .order_by(OfferPrice.currency, (OfferPrice.kind == PriceKind.SALE).desc())
    .correlate(Offer)
    .lateral("priced")
)
STARS = case((Seller.rating_count >= RATINGS_MIN, cast(Seller.rating_sum, Float) / Seller.rating_count - 3), else_=0.0)
SCORE = (
    PRICED.c.price_minor
    * (1 + HANDLING_DAY_COSTS * Offer.handling_days)
    * (1 - STAR_IS_WORTH * func.greatest(-2, func.least(2, STARS)))
)
CANDIDATES = (
    select(
        Offer.variant_id,
        Variant.product_id,
        PRICED.c.currency,
        Offer.id.label("offer_id"),
        Offer.seller_id,
        PRICED.c.price_minor,
        Offer.is_in_stock,
        SCORE.label("score"),
        func.count().over(partition_by=(Offer.variant_id, PRICED.c.currency)).label("offers"),
    )
    .join(Variant, Variant.id == Offer.variant_id)
    .join(Seller, Seller.id == Offer.seller_id)
    .join(PRICED, literal(True))
    .where(
        Variant.product_id == any_(IDS),
        Variant.status == VariantStatus.ACTIVE,
        Offer.status == OfferStatus.ACTIVE,
        Seller.status == SellerStatus.ACTIVE,
    )
    .subquery("candidates")
)
# In stock first, then the lowest score; equal ones by age, so that the choice is the same every time.
BEST_OFFERS = (
    select(
        CANDIDATES.c.variant_id,
        CANDIDATES.c.currency,
        CANDIDATES.c.offer_id,
        CANDIDATES.c.price_minor,
        CANDIDATES.c.score,
        func.jsonb_build_object("offers", CANDIDATES.c.offers, "in_stock", CANDIDATES.c.is_in_stock).label("reason"),
        NOW.label("computed_at"),
    )
    .ext(distinct_on(CANDIDATES.c.variant_id, CANDIDATES.c.currency))
    .order_by(
        CANDIDATES.c.variant_id,
        CANDIDATES.c.currency,
        CANDIDATES.c.is_in_stock.desc(),
        CANDIDATES.c.score,
        CANDIDATES.c.offer_id,
    )
)
FEATURED_VARIANTS = select(Variant.id).where(Variant.product_id == any_(IDS))

SOLD = (
    select(
        Variant.product_id,
        FeaturedOffer.currency,
        func.min(FeaturedOffer.price_minor).label("price_minor"),
        func.bool_or(Offer.is_in_stock).label("in_stock"),
    )
    .join(FeaturedOffer, FeaturedOffer.variant_id == Variant.id)
    .join(Offer, Offer.id == FeaturedOffer.offer_id)
    .where(Variant.product_id == any_(IDS))
    .group_by(Variant.product_id, FeaturedOffer.currency)
    .subquery("sold")
)
SELLERS = (
    select(
        CANDIDATES.c.product_id,
        CANDIDATES.c.currency,
        func.array_agg(CANDIDATES.c.seller_id.distinct()).label("seller_ids"),
    )
    .group_by(CANDIDATES.c.product_id, CANDIDATES.c.currency)
    .subquery("sellers_of")
)
BRAND_TAG = select(Brand.number + BRAND_TAGS_FROM).where(Brand.id == Product.brand_id).correlate(Product)
CHOICE_TAGS = (
    select(AttributeChoice.number + CHOICE_TAGS_FROM)
    .join(ProductAttributeValue, ProductAttributeValue.choice_id == AttributeChoice.id)
    .where(ProductAttributeValue.product_id == Product.id)
    .correlate(Product)
)
TAGS: ColumnElement[list[int]] = func.array_cat(
    Category.path,
    func.array_cat(func.array(BRAND_TAG.scalar_subquery()), func.array(CHOICE_TAGS.scalar_subquery())),
    type_=ARRAY(Integer),
)


def _carried_over(column: InstrumentedAttribute[int]) -> ColumnElement[int]:
    # A product that begins to be sold in another currency keeps its rating and its sales.
    other = select(func.max(column)).where(ProductListing.product_id == Product.id).correlate(Product)
    return func.coalesce(other.scalar_subquery(), 0)


LISTINGS = (
    select(
        Product.id.label("product_id"),
        SOLD.c.currency,
        Product.number,
        Category.path.label("category_nodes"),
        Product.brand_id,
        SOLD.c.price_minor,
        SOLD.c.in_stock,
        _carried_over(ProductListing.rating_score).label("rating_score"),
        _carried_over(ProductListing.rating_count).label("rating_count"),
        _carried_over(ProductListing.sold_30d).label("sold_30d"),
        Product.published_at,
        TAGS.label("tags"),
        SELLERS.c.seller_ids,
    )
    .join(SOLD, SOLD.c.product_id == Product.id)
    .join(SELLERS, and_(SELLERS.c.product_id == Product.id, SELLERS.c.currency == SOLD.c.currency))
    .join(Category, Category.id == Product.category_id)
    .join(Owner, Owner.id == Product.owner_seller_id)
    .where(Product.id == any_(IDS), PRODUCT_IS_PUBLIC)
)

BY_NAME: ColumnElement[str] = literal_column("'A'")
BY_TEXT: ColumnElement[str] = literal_column("'D'")
NAME = func.plain(Product.title + func.coalesce(" " + Brand.name, ""))
NAME_WORDS = func.to_tsvector(ENGLISH, NAME).concat(func.to_tsvector(SIMPLE, NAME))
CODES = union(
    select(Variant.gtin).where(Variant.product_id == Product.id, Variant.gtin.is_not(None)).correlate(Product),
    select(func.upper(Variant.mpn))
    .where(Variant.product_id == Product.id, Variant.mpn.is_not(None))
    .correlate(Product),
    select(func.upper(Offer.sku))
    .join(Variant, Variant.id == Offer.variant_id)
    .where(Variant.product_id == Product.id)
    .correlate(Product),
)
# Words as they stand beside their stems: half-typed words match the former, other forms of a word the latter.
SEARCH_ROWS = (
    select(
        Product.id.label("product_id"),
        literal(SEARCH_LOCALE).label("locale"),
        Product.number,
        func.plain(Product.title).label("title_plain"),
        func.array(CODES.scalar_subquery()).label("codes"),
        NAME_WORDS.label("title_words"),
        func.setweight(NAME_WORDS, BY_NAME)
        .concat(
            func.setweight(
                func.to_tsvector(ENGLISH, func.plain(func.left(Product.description, DESCRIPTION_SEARCHED))), BY_TEXT
            )
        )
        .label("words"),
    )
    .join(Brand, Brand.id == Product.brand_id, isouter=True)
    .where(Product.id == any_(IDS), Product.status != ProductStatus.ARCHIVED)
)
