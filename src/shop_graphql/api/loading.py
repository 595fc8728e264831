"""Dataloaders made from batch queries: two functions instead of a class per field."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any, TypeVar

from aiodataloader import DataLoader

from shop_graphql.platform.db import Reader

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

BATCH_MAX = 1_000
"""Keys in one statement; a page of a hundred objects never comes near it."""


def one(reader: Reader, fetch: Callable[[Reader, list[K]], Awaitable[Mapping[K, V]]]) -> "DataLoader[K, V | None]":
    """A loader giving one struct per key, or None where there is none."""

    async def load(keys: list[K]) -> list[V | None]:
        found = await fetch(reader, keys)
        return [found.get(key) for key in keys]

    return DataLoader(load, max_batch_size=BATCH_MAX)


def many(
    reader: Reader, fetch: Callable[[Reader, list[K]], Awaitable[Mapping[K, list[V]]]]
) -> "DataLoader[K, list[V]]":
    """A loader giving a list of structs per key, empty where there are none."""

    async def load(keys: list[K]) -> list[list[V]]:
        found = await fetch(reader, keys)
        return [found.get(key, []) for key in keys]

    return DataLoader(load, max_batch_size=BATCH_MAX)


def forget(group: object) -> None:
    """Drop everything that the loaders of one `…Loaders` object remember."""
    for loader in vars(group).values():
        if isinstance(loader, DataLoader):
            loader.clear_all()


AnyLoader = DataLoader[Any, Any]
