"""Who is public: conditions that every reading of the catalogue shares."""

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased

from shop_graphql.catalogue.models import Offer, Product, Variant
from shop_graphql.catalogue.states import OfferStatus, ProductStatus, VariantStatus
from shop_graphql.sellers.models import Seller
from shop_graphql.sellers.states import SellerStatus

Owner = aliased(Seller, name="owner")
"""The seller whose product it is; `Seller` itself is the one whose offer it is."""

PRODUCT_IS_PUBLIC: ColumnElement[bool] = and_(
    Product.status == ProductStatus.PUBLISHED, Owner.status == SellerStatus.ACTIVE
)
VARIANT_IS_PUBLIC: ColumnElement[bool] = and_(PRODUCT_IS_PUBLIC, Variant.status == VariantStatus.ACTIVE)
OFFER_IS_PUBLIC: ColumnElement[bool] = and_(
    VARIANT_IS_PUBLIC, Offer.status == OfferStatus.ACTIVE, Seller.status == SellerStatus.ACTIVE
)
