"""A cache that may vanish: every failure of Redis is a miss, never an error.

For public catalogue answers only; what decides a sale or a price is never cached.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shop_graphql.platform.observability import CACHE_READS, log

Value = TypeVar("Value")

OUTAGE = (RedisError, OSError, asyncio.TimeoutError)


class Cache:
    """Structs by key, encoded as MessagePack."""

    def __init__(self, redis: Redis, *, prefix: str = "shop:1:") -> None:
        self._redis = redis
        self._prefix = prefix

    async def get_or_load(
        self, key: str, load: Callable[[], Awaitable[Value]], *, kind: type[Value], ttl_seconds: int
    ) -> Value:
        """The cached value, or what `load` gives, which is then kept for `ttl_seconds`."""
        cached = await self._get(key)
        if cached is not None:
            try:
                value = msgspec.msgpack.decode(cached, type=kind)
                CACHE_READS.labels("hit").inc()
                return value
            except msgspec.DecodeError:
                # Written by another version of the code; what the database says is right.
                log.info("cache.undecodable", key=key)
        CACHE_READS.labels("miss").inc()
        value = await load()
        await self._set(key, msgspec.msgpack.encode(value), ttl_seconds)
        return value

    async def forget(self, *keys: str) -> None:
        """Drop `keys`; when Redis is away their time to live bounds how long they stay."""
        try:
            await self._redis.delete(*(self._prefix + key for key in keys))
        except OUTAGE as error:
            log.warning("cache.away", error=str(error))

    async def clear(self) -> None:
        """Drop everything that this shop has cached."""
        async for key in self._redis.scan_iter(match=f"{self._prefix}*"):
            await self._redis.delete(key)

    async def is_there(self) -> bool:
        """Whether Redis answers."""
        try:
            return bool(await self._redis.ping())
        except OUTAGE:
            return False

    async def _get(self, key: str) -> bytes | None:
        try:
            cached: bytes | None = await self._redis.get(self._prefix + key)
            return cached
        except OUTAGE as error:
            log.warning("cache.away", error=str(error))
            return None

    async def _set(self, key: str, value: bytes, ttl_seconds: int) -> None:
        try:
            await self._redis.set(self._prefix + key, value, ex=ttl_seconds)
        except OUTAGE as error:
            log.warning("cache.away", error=str(error))


def connect(url: str) -> Redis:
    """A client that gives up quickly: a cache that hangs is worse than none."""
    client: Redis = Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5, health_check_interval=15)
    return client
