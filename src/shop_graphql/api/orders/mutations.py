"""Checking out: decode, place the order, give it as it stands."""

from uuid import UUID

import strawberry

from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload
from shop_graphql.api.ids import key_of
from shop_graphql.api.orders.types import Order
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.api.scalars import CountryCode, EmailAddress, MoneyInput
from shop_graphql.orders import queries as orders
from shop_graphql.orders.contacts import Contact, ShippingAddress
from shop_graphql.orders.service.place import ExpectedTotal, place
from shop_graphql.platform.auth import SYSTEM


@strawberry.input(description="How the buyer is reached.")
class CheckoutContactInput:
    email: EmailAddress | None = strawberry.field(
        default=None, description="Where the order's mails go. Guests must give one; a member's own is the default."
    )
    phone: str | None = strawberry.field(
        default=None, description="For questions about the delivery; read as a number of the address's country."
    )


@strawberry.input(description="Where parcels go.")
class AddressInput:
    full_name: str = strawberry.field(description="Whom the parcel is for, at most 100 characters.")
    line1: str = strawberry.field(description="Street and number, or what stands for them, at most 200 characters.")
    line2: str | None = strawberry.field(default=None, description="More of the same, at most 200 characters.")
    city: str = strawberry.field(description="Town or city, at most 100 characters.")
    region: str | None = strawberry.field(default=None, description="State or county, at most 100 characters.")
    postal_code: str | None = strawberry.field(default=None, description="Postcode, at most 20 characters.")
    country: CountryCode = strawberry.field(description="The country.")

    def decoded(self) -> ShippingAddress:
        """As the domain knows it."""
        return ShippingAddress(
            full_name=self.full_name,
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            region=self.region,
            postal_code=self.postal_code,
            country=self.country,
        )


@strawberry.input(description="What to order, and where to send it.")
class CheckoutInput:
    cart_id: strawberry.ID = strawberry.field(description="The cart that becomes an order.")
    idempotency_key: str = strawberry.field(
        description="1 to 255 printable characters, new for each purchase: repeating it repeats the answer alone."
    )
    contact: CheckoutContactInput | None = strawberry.field(default=None, description="How the buyer is reached.")
    shipping_address: AddressInput = strawberry.field(description="Where the parcels go.")
    expected_total: MoneyInput | None = strawberry.field(
        default=None,
        description="The total that the buyer has agreed to. If absent, each line's price must be the one last seen.",
    )

    def contact_decoded(self) -> Contact:
        """As the domain knows it."""
        address, contact = self.shipping_address.decoded(), self.contact or CheckoutContactInput()
        return Contact(shipping=address, email=contact.email, phone=contact.phone)

    def expected_decoded(self) -> ExpectedTotal | None:
        """As the domain knows it. Raises: BadUserInput."""
        total = self.expected_total
        return ExpectedTotal(minor=total.to_minor(), currency=total.currency) if total else None


@strawberry.type(description="The order, waiting for payment.")
class CheckoutPayload(Payload):
    order: Order | None = strawberry.field(default=None, description="The order; null when refused.")
    replayed: bool = strawberry.field(
        default=False, description="Whether an earlier request with the same key had placed it."
    )


async def placed_order(info: Info, key: UUID) -> Order:
    """The order that the caller has just placed, or placed earlier under the same key."""
    # The key was the caller's own, and so is the order: whoever replays may have lost the cart's secret since.
    rows = await orders.orders_by_ids(info.context.reader, [key], SYSTEM)
    return Order.from_row(rows[key])


@strawberry.type
class OrderMutations:
    @strawberry.mutation(
        description="Turn a cart into an order that waits 30 minutes for payment, its units held. All or nothing, and "
        "nothing is adjusted. Refused with NOT_FOUND, CART_NOT_OPEN, CART_EMPTY, EMAIL_INVALID, INVALID, "
        "OFFER_UNAVAILABLE, QUANTITY_INVALID, CURRENCY_MISMATCH, PRICE_CHANGED, OUT_OF_STOCK, "
        "IDEMPOTENCY_KEY_MISMATCH or IDEMPOTENCY_IN_PROGRESS.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def checkout(self, info: Info, input: CheckoutInput) -> CheckoutPayload | None:
        actor, cart_id, key = info.context.actor, key_of(input.cart_id, "Cart"), input.idempotency_key
        contact, total = input.contact_decoded(), input.expected_decoded()
        async with info.context.transaction() as tx:
            placed = await place(
                tx.session, actor=actor, cart_id=cart_id, key=key, contact=contact, expected_total=total, now=tx.now
            )
        if tx.errors:
            return CheckoutPayload(user_errors=tx.errors)
        return CheckoutPayload(order=await placed_order(info, placed.order_id), replayed=placed.replayed)
