"""One lane per conversation: its messages are answered one after another, also across front-door processes.

In this process an asyncio lock (first come, first served); with Redis also a lock there. Redis may be lost: then the
lane holds within each process only, and the epochs and keys of ticketing keep the record right.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger("bot")

HELD_MS = 15_000
"""A Redis lock of a dead process falls after this; a living one renews it three times as often."""
RETRY_S = 0.02
REST_S = 5.0
"""After a failure Redis is left alone for so long, so that no turn waits for it."""
TROUBLE = (RedisError, OSError, TimeoutError)

RELEASE = "if redis.call('get',KEYS[1])==ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end"
RENEW = "if redis.call('get',KEYS[1])==ARGV[1] then return redis.call('pexpire',KEYS[1],ARGV[2]) else return 0 end"


class Lanes:
    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._locks: dict[str, asyncio.Lock] = {}
        self._holders: dict[str, int] = {}
        self._rest_until = 0.0

    @contextlib.asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[None]:
        """Wait for the conversation's lane and keep it."""
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._holders[conversation] = self._holders.get(conversation, 0) + 1
        try:
            async with lock, self._across_processes(conversation):
                yield
        finally:
            self._holders[conversation] -= 1
            if not self._holders[conversation]:
                del self._holders[conversation], self._locks[conversation]

    @contextlib.asynccontextmanager
    async def _across_processes(self, conversation: str) -> AsyncIterator[None]:
        key, token = f"lamplighter:lane:{conversation}", secrets.token_hex(8)
        held = await self._acquire(key, token)
        renewal = asyncio.create_task(self._renew(key, token)) if held else None
        try:
            yield
        finally:
            if renewal is not None:
                renewal.cancel()
                await self._release(key, token)

    async def _acquire(self, key: str, token: str) -> bool:
        """True when the lock in Redis is ours; False when Redis is not there and the lane is this process's only."""
        if self._redis is None or time.monotonic() < self._rest_until:
            return False
        try:
            while not await self._redis.set(key, token, nx=True, px=HELD_MS):  # noqa: ASYNC110  # no event tells us
                await asyncio.sleep(RETRY_S)
        except TROUBLE as error:
            self._lost(error)
            return False
        return True

    async def _renew(self, key: str, token: str) -> None:
        assert self._redis is not None
        while True:
            await asyncio.sleep(HELD_MS / 3000)
            try:
                await self._redis.eval(RENEW, 1, key, token, str(HELD_MS))
            except TROUBLE as error:
                self._lost(error)

    async def _release(self, key: str, token: str) -> None:
        assert self._redis is not None
        try:
            await self._redis.eval(RELEASE, 1, key, token)
        except TROUBLE as error:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        self._rest_until = time.monotonic() + REST_S
        log.warning("redis_lost", what="lanes", error=type(error).__name__)
