"""Filling a cart: decode, call one use case, give the cart as it is now."""

import secrets

import strawberry

from shop_graphql.api.cart.types import Cart, cart_of
from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload
from shop_graphql.api.ids import key_of, keys_of
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.api.scalars import CurrencyCode
from shop_graphql.cart import service as carts
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.errors import BadUserInput

LINES_MAX = 100
SECRET_BYTES = 32
CART_ID = "The cart: the caller's own, or the one whose secret is sent in `X-Cart-Token`."


@strawberry.input(description="What kind of cart.")
class CartCreateInput:
    currency: CurrencyCode | None = strawberry.field(
        default=None, description="The currency of its prices; the shop's own if absent."
    )


@strawberry.input(description="Units of one offer.")
class CartLineAddInput:
    offer_id: strawberry.ID = strawberry.field(description="What to buy, and from whom.")
    quantity: int = strawberry.field(description="Units, 1 to 9999.")


@strawberry.input(description="What to put into a cart.")
class CartLinesAddInput:
    cart_id: strawberry.ID = strawberry.field(description=CART_ID)
    lines: list[CartLineAddInput] = strawberry.field(
        description="1 to 100 lines; an offer that is in the cart already has its units added up."
    )


@strawberry.input(description="A line's new quantity.")
class CartLineUpdateInput:
    id: strawberry.ID = strawberry.field(description="The line.")
    quantity: int = strawberry.field(description="Units from now on, 1 to 9999; to take a line out, remove it.")


@strawberry.input(description="Which lines to change.")
class CartLinesUpdateInput:
    cart_id: strawberry.ID = strawberry.field(description=CART_ID)
    lines: list[CartLineUpdateInput] = strawberry.field(description="1 to 100 lines, each at most once.")


@strawberry.input(description="Which lines to take out.")
class CartLinesRemoveInput:
    cart_id: strawberry.ID = strawberry.field(description=CART_ID)
    line_ids: list[strawberry.ID] = strawberry.field(description="1 to 100 lines.")


@strawberry.type(description="A cart to fill.")
class CartCreatePayload(Payload):
    cart: Cart | None = strawberry.field(default=None, description="The open cart; null when refused.")
    token: str | None = strawberry.field(
        default=None,
        description="A guest cart's secret, told this once: send it in `X-Cart-Token`. Null for a signed-in user.",
    )


@strawberry.type
class CartPayload(Payload):
    cart: Cart | None = strawberry.field(default=None, description="The cart as it is now; null when refused.")


@strawberry.type(description="The cart with more in it.")
class CartLinesAddPayload(CartPayload):
    pass


@strawberry.type(description="The cart with other quantities.")
class CartLinesUpdatePayload(CartPayload):
    pass


@strawberry.type(description="The cart with fewer lines.")
class CartLinesRemovePayload(CartPayload):
    pass


def check_count(field: str, count: int) -> None:
    """Raises: BadUserInput for an empty list or too long a one."""
    if not 1 <= count <= LINES_MAX:
        raise BadUserInput(f"`{field}` holds 1 to {LINES_MAX} entries, not {count}.")


def shop_currency(info: Info) -> str:
    """What prices are in unless somebody asks for another currency."""
    return info.context.services.settings.shop_currency


@strawberry.type
class CartMutations:
    @strawberry.mutation(
        description="Open a cart. A signed-in user has one open cart and is given it, in the currency asked for if it "
        "is empty; a guest is given a new one and its secret. Refused with CURRENCY_MISMATCH.",
        extensions=[Needs(Access.ANYONE)],
    )
    async def cart_create(self, info: Info, input: CartCreateInput) -> CartCreatePayload | None:
        actor, secret, default = info.context.actor, secrets.token_urlsafe(SECRET_BYTES), shop_currency(info)
        async with info.context.transaction() as tx:
            key = await carts.create(
                tx.session, actor=actor, currency=input.currency, shop_currency=default, secret=secret, now=tx.now
            )
        if tx.errors:
            return CartCreatePayload(user_errors=tx.errors)
        if actor.user_id is not None:
            return CartCreatePayload(cart=await cart_of(info, key, actor))
        return CartCreatePayload(cart=await cart_of(info, key, Actor(cart_id=key)), token=secret)

    @strawberry.mutation(
        description="Put offers into a cart, all of them or none. Refused with NOT_FOUND, CART_NOT_OPEN, "
        "QUANTITY_INVALID, OFFER_UNAVAILABLE, CURRENCY_MISMATCH, OUT_OF_STOCK or TOO_MANY.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def cart_lines_add(self, info: Info, input: CartLinesAddInput) -> CartLinesAddPayload | None:
        cart_id = key_of(input.cart_id, "Cart")
        check_count("lines", len(input.lines))
        lines = [carts.Wanted(key_of(line.offer_id, "Offer"), line.quantity) for line in input.lines]
        async with info.context.transaction() as tx:
            await carts.add_lines(tx.session, actor=info.context.actor, cart_id=cart_id, lines=lines, now=tx.now)
        if tx.errors:
            return CartLinesAddPayload(user_errors=tx.errors)
        return CartLinesAddPayload(cart=await cart_of(info, cart_id, info.context.actor))

    @strawberry.mutation(
        description="Set the quantities of lines, all of them or none; today's prices count as seen. Refused with "
        "NOT_FOUND, CART_NOT_OPEN, QUANTITY_INVALID, OFFER_UNAVAILABLE, CURRENCY_MISMATCH or OUT_OF_STOCK.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def cart_lines_update(self, info: Info, input: CartLinesUpdateInput) -> CartLinesUpdatePayload | None:
        cart_id = key_of(input.cart_id, "Cart")
        check_count("lines", len(input.lines))
        lines = [carts.Wanted(key_of(line.id, "CartLine"), line.quantity) for line in input.lines]
        async with info.context.transaction() as tx:
            await carts.update_lines(tx.session, actor=info.context.actor, cart_id=cart_id, lines=lines, now=tx.now)
        if tx.errors:
            return CartLinesUpdatePayload(user_errors=tx.errors)
        return CartLinesUpdatePayload(cart=await cart_of(info, cart_id, info.context.actor))

    @strawberry.mutation(
        description="Take lines out of a cart, all of them or none. Refused with NOT_FOUND or CART_NOT_OPEN.",
        extensions=[Needs(Access.SHOPPER)],
    )
    async def cart_lines_remove(self, info: Info, input: CartLinesRemoveInput) -> CartLinesRemovePayload | None:
        cart_id = key_of(input.cart_id, "Cart")
        check_count("lineIds", len(input.line_ids))
        keys = keys_of(input.line_ids, "CartLine")
        async with info.context.transaction() as tx:
            await carts.remove_lines(tx.session, actor=info.context.actor, cart_id=cart_id, line_ids=keys, now=tx.now)
        if tx.errors:
            return CartLinesRemovePayload(user_errors=tx.errors)
        return CartLinesRemovePayload(cart=await cart_of(info, cart_id, info.context.actor))
