"""Kinds of actors, as `platform.auth.Actor.kind` names them."""

from enum import StrEnum


class ActorKind(StrEnum):
    USER = "user"
    STAFF = "staff"
    API_KEY = "api_key"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"
