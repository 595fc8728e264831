"""Signing up and signing in."""

from datetime import datetime
from typing import Self

import strawberry

from shop_graphql.accounts import flows as accounts
from shop_graphql.api.accounts.types import User
from shop_graphql.api.context import Info
from shop_graphql.api.errors import Payload, UserError
from shop_graphql.api.permissions import Access, Needs
from shop_graphql.api.scalars import EmailAddress


@strawberry.input(description="Who signs up.")
class UserRegisterInput:
    email: EmailAddress = strawberry.field(description="Where mails go, and the name to sign in with.")
    password: str = strawberry.field(
        description="15 to 256 characters of any kind; common ones, patterns and the person's own name are refused."
    )
    display_name: str = strawberry.field(description="How the person wants to be called, 1 to 100 characters.")
    locale: str | None = strawberry.field(
        default=None, description="The language of mails and texts, as a BCP 47 tag: de-AT. English if absent."
    )


@strawberry.input(description="Who signs in.")
class UserLoginInput:
    email: EmailAddress = strawberry.field(description="The account's address; upper and lower case are the same.")
    password: str = strawberry.field(description="The account's password.")


@strawberry.type
class SignInPayload(Payload):
    user: User | None = strawberry.field(default=None, description="Who is signed in now; null when refused.")
    access_token: str | None = strawberry.field(
        default=None, description="Send it as `Authorization: Bearer`. Keep it secret; null when refused."
    )
    access_token_expires_at: datetime | None = strawberry.field(
        default=None, description="From then on the token is refused, 30 minutes after signing in; null when refused."
    )

    @classmethod
    def of(cls, signed_in: accounts.SignedIn) -> Self:
        return cls(
            user=User.from_row(signed_in.user),
            access_token=signed_in.access_token,
            access_token_expires_at=signed_in.access_token_expires_at,
        )


@strawberry.type(description="The new account, signed in.")
class UserRegisterPayload(SignInPayload):
    pass


@strawberry.type(description="The account, signed in.")
class UserLoginPayload(SignInPayload):
    pass


@strawberry.type
class AccountMutations:
    @strawberry.mutation(
        description="Make an account and sign in. Refused with EMAIL_INVALID, EMAIL_TAKEN, PASSWORD_TOO_SHORT, "
        "PASSWORD_TOO_LONG, PASSWORD_TOO_COMMON or INVALID.",
        extensions=[Needs(Access.ANYONE)],
    )
    async def user_register(self, info: Info, input: UserRegisterInput) -> UserRegisterPayload | None:
        services, errors = info.context.services, list[UserError]()
        async with info.context.refusals(errors):
            signed_in = await accounts.sign_up(
                services,
                email=input.email,
                password=input.password,
                display_name=input.display_name,
                locale=input.locale,
            )
            return UserRegisterPayload.of(signed_in)
        return UserRegisterPayload(user_errors=errors)

    @strawberry.mutation(
        description="Sign in. Refused with CREDENTIALS_INVALID, whichever of address and password is wrong.",
        extensions=[Needs(Access.ANYONE)],
    )
    async def user_login(self, info: Info, input: UserLoginInput) -> UserLoginPayload | None:
        services, errors = info.context.services, list[UserError]()
        async with info.context.refusals(errors):
            signed_in = await accounts.sign_in(services, email=input.email, password=input.password)
            return UserLoginPayload.of(signed_in)
        return UserLoginPayload(user_errors=errors)
