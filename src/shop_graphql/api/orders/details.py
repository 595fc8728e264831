"""What stands on an order beside its goods: where it goes, whom to write to, what happened to it."""

from datetime import datetime
from typing import Any, Self

import strawberry

from shop_graphql.accounts.details import readable_email
from shop_graphql.api.scalars import CountryCode, EmailAddress
from shop_graphql.audit.states import ActorKind
from shop_graphql.orders.rows import ContactRow, TransitionRow
from shop_graphql.orders.states import OrderStatus, SubOrderStatus


@strawberry.type(description="Where parcels go.")
class OrderAddress:
    full_name: str = strawberry.field(description="Whom the parcel is for.")
    line1: str = strawberry.field(description="Street and number, or what stands for them.")
    line2: str | None = strawberry.field(description="What the first line had no room for.")
    city: str = strawberry.field(description="Town or city.")
    region: str | None = strawberry.field(description="State, province or county, where addresses have one.")
    postal_code: str | None = strawberry.field(description="Postcode, where addresses have one.")
    country: CountryCode = strawberry.field(description="The country.")

    @classmethod
    def from_json(cls, parts: dict[str, Any]) -> Self:
        return cls(
            full_name=parts["full_name"],
            line1=parts["line1"],
            line2=parts.get("line2"),
            city=parts["city"],
            region=parts.get("region"),
            postal_code=parts.get("postal_code"),
            country=CountryCode(parts["country"]),
        )


@strawberry.type(description="How the buyer of an order is reached. For the buyer and staff, never for sellers.")
class OrderContact:
    email: EmailAddress | None = strawberry.field(description="Where the order's mails go.")
    phone: str | None = strawberry.field(
        description="For questions about the delivery, as E.164; null if none was given."
    )

    @classmethod
    def from_row(cls, row: ContactRow) -> Self:
        return cls(email=EmailAddress(readable_email(row.email)) if row.email else None, phone=row.phone)


@strawberry.type(description="A change of an order's status, or of one seller's part of it.")
class OrderTimelineEntry:
    at: datetime = strawberry.field(description="When it happened.")
    by: ActorKind = strawberry.field(description="Who brought it about.")
    reason: str | None = strawberry.field(description="A word on why, such as `not_paid_in_time`; null without one.")
    order_status: OrderStatus | None = strawberry.field(description="The order's new status; null for a part's change.")
    sub_order_status: SubOrderStatus | None = strawberry.field(
        description="The part's new status; null for a change of the whole order."
    )
    sub_order_id: strawberry.ID | None = strawberry.field(description="Which part; null for the whole order.")

    @classmethod
    def from_row(cls, row: TransitionRow, sub_order_id: strawberry.ID | None) -> Self:
        of_order = row.sub_no is None
        return cls(
            at=row.at,
            by=row.actor_kind,
            reason=row.reason,
            order_status=OrderStatus(row.to_status) if of_order else None,
            sub_order_status=None if of_order else SubOrderStatus(row.to_status),
            sub_order_id=sub_order_id,
        )
