"""Orders that wait for payment, written straight into the tables: what paying needs and nothing else."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text, update

from shop_graphql.accounts import service as accounts
from shop_graphql.accounts.tokens import AccessTokens
from shop_graphql.inventory.models import StockItem
from shop_graphql.inventory.service import holds
from shop_graphql.platform.auth import Actor
from shop_graphql.platform.db import Database
from shop_graphql.platform.ids import TimeOrderedIds
from shop_graphql.sellers.models import SellerMember
from shop_graphql.sellers.states import MemberRole
from tests.database.rows import (
    a_location,
    a_product,
    a_seller,
    a_stock_item,
    a_sub_order,
    a_user,
    a_variant,
    a_world,
    an_offer,
    an_order,
    an_order_line,
)

HOLD = timedelta(minutes=30)
UNIT_MINOR = 1000
_digits = itertools.count(1)
_ids = TimeOrderedIds()


@dataclass(frozen=True)
class Unpaid:
    """An order of two units, each 10.00 EUR, from one seller; with `sellers=2` the same again from another one."""

    id: UUID
    buyer: Actor
    seller: Actor
    stranger: Actor
    total_minor: int
    offer_ids: tuple[UUID, ...]


async def make_unpaid(
    db: Database, *, now: datetime, on_hand: int = 5, sellers: int = 1, guest: bool = False
) -> Unpaid:
    """A committed order with its units held until half an hour after `now`."""
    async with db.write() as session:
        world = await a_world(session)
        stranger, cart_id = a_user(), _ids.new(now)
        member = a_user()
        session.add_all([stranger, member])
        await session.flush()
        session.add(SellerMember(seller_id=world.seller.id, user_id=member.id, role=MemberRole.FULFILLER, added_at=now))
        offers = [(world.seller, world.offer, world.product)]
        if sellers == 2:
            other = a_seller()
            product = a_product(other, world.category)
            variant = a_variant(product)
            offer, location = an_offer(variant, other), a_location(other)
            for row in (other, product, variant, offer, location, a_stock_item(offer, location)):
                session.add(row)
                await session.flush()
            offers.append((other, offer, product))
        await session.execute(update(StockItem).where(StockItem.id == world.stock.id).values(on_hand=on_hand))
        total = 2 * UNIT_MINOR * len(offers)
        order = an_order(
            world.buyer,
            at=now,
            digits=next(_digits),
            items_minor=total,
            total_minor=total,
            expires_at=now + HOLD,
            cart_id=cart_id if guest else None,
        )
        session.add(order)
        await session.flush()
        for number, (seller, offer, product) in enumerate(offers, start=1):
            part = a_sub_order(order, seller, sub_no=number)
            session.add(part)
            await session.flush()
            session.add(an_order_line(part, offer, product, line_no=number))
        await session.flush()
        lines = [holds.HoldLine(number, offer.id, 2) for number, (_, offer, _) in enumerate(offers, start=1)]
        await holds.hold(session, owner_id=order.id, lines=lines, until=now + HOLD, now=now)
    return Unpaid(
        id=order.id,
        buyer=Actor(cart_id=cart_id) if guest else Actor(user_id=world.buyer.id),
        seller=Actor(user_id=member.id, seller_roles={world.seller.id: MemberRole.FULFILLER}),
        stranger=Actor(user_id=stranger.id),
        total_minor=total,
        offer_ids=tuple(offer.id for _, offer, _ in offers),
    )


async def take_the_rest(db: Database, order: Unpaid, *, now: datetime, quantity: int) -> None:
    """Somebody else holds `quantity` units of the order's first offer."""
    async with db.write() as session:
        line = holds.HoldLine(1, order.offer_ids[0], quantity)
        await holds.hold(session, owner_id=_ids.new(now), lines=[line], until=now + HOLD, now=now)


async def scalars(db: Database, statement: str, **params: object) -> list[object]:
    """The first column of what a statement gives."""
    return list(await db.reader.fetch(text(statement), params, into=lambda *row: row[0]))


async def token_of(db: Database, tokens: AccessTokens, who: Actor, *, now: datetime) -> str:
    """An access token of a fresh session of one of the order's people."""
    assert who.user_id is not None, "guests have no token"
    async with db.write() as session:
        session_id = await accounts.open_session(session, user_id=who.user_id, device_label=None, now=now)
    return tokens.issue(who.user_id, session_id, now)[0]
