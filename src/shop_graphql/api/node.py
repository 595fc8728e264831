"""The interface of everything that has a global id."""

import strawberry


@strawberry.interface(description="An object that can be fetched again by its id.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque, URL-safe and the same for ever.")
