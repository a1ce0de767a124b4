"""How often a customer may speak: a count per minute, in Redis when it is there, in this process otherwise."""

import time
from collections import Counter

import structlog
from redis.asyncio import Redis

from bot.errors import TooManyMessages
from bot.lanes import REST_S
from bot.places import TROUBLE

log = structlog.get_logger("bot")

WINDOW_S = 60


class Rate:
    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._rest_until = 0.0
        self._window = 0
        self._counts: Counter[str] = Counter()

    async def spend(self, what: str, *, limit: int) -> None:
        """Count one against `what` (a conversation, an address). Raises TooManyMessages above `limit` a minute."""
        now = time.time()
        window = int(now // WINDOW_S)
        if await self._count(what, window) > limit:
            raise TooManyMessages(seconds=int((window + 1) * WINDOW_S - now) + 1)

    async def _count(self, what: str, window: int) -> int:
        if self._redis is not None and time.monotonic() >= self._rest_until:
            key = f"lamplighter:rate:{what}:{window}"
            try:
                async with self._redis.pipeline(transaction=True) as pipe:
                    pipe.incr(key)
                    pipe.expire(key, 2 * WINDOW_S)
                    count, _ = await pipe.execute()
                return int(count)
            except TROUBLE as error:
                self._rest_until = time.monotonic() + REST_S
                log.warning("redis_lost", what="rate", error=type(error).__name__)
        if window != self._window:
            self._window, self._counts = window, Counter()
        self._counts[what] += 1
        return self._counts[what]
