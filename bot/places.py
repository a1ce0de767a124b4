"""A queue before each thing that only one may have at a time: kept in Redis, served in the order of arrival.

Each step is one Lua script, so nothing happens between looking and writing. Whoever waits is told by pub/sub when the
turn has come; nobody polls. A place that is not renewed (its process died) falls after `ALIVE_MS` and those behind move
up. The engine stands in such queues too, so this file is one that Python 3.10 can read, and needs Redis alone.
"""

import asyncio
import contextlib
import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

TROUBLE = (RedisError, OSError, TimeoutError, asyncio.TimeoutError)  # two classes in Python 3.10
"""What Redis raises when it is away."""
ALIVE_MS = 4_000
"""The place of a dead process falls after this: a customer's turn has 8 s, and shall still be had elsewhere."""
RENEW_S = 1.0
LISTEN_S = 5.0
GRACE_MS = 20
"""Look a little after the place ahead has fallen, not a little before."""

# KEYS: the queue (a list of tokens), until when each is alive (a hash, ms by Redis' own clock). ARGV[1]: ALIVE_MS.
_NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"
_KEEP = "redis.call('PEXPIRE', KEYS[1], ARGV[1]) redis.call('PEXPIRE', KEYS[2], ARGV[1])\n"
_HEAD = """
local function head()
  while true do
    local first = redis.call('LINDEX', KEYS[1], 0)
    if not first then return nil, 0 end
    local left = tonumber(redis.call('HGET', KEYS[2], first) or 0) - now
    if left > 0 then return first, left end
    redis.call('LPOP', KEYS[1])
    redis.call('HDEL', KEYS[2], first)
  end
end
"""
STEP = (
    _NOW
    + _HEAD
    + "if redis.call('HEXISTS', KEYS[2], ARGV[2]) == 0 then redis.call('RPUSH', KEYS[1], ARGV[2]) end\n"
    + "redis.call('HSET', KEYS[2], ARGV[2], now + ARGV[1])\n"
    + _KEEP
    + "local first, left = head() if first == ARGV[2] then return 0 end return left"
)
"""Stand in the queue, if not yet, and say 0 at its head, else for how many ms the one at the head is alive for sure."""
LEAVE = (
    _NOW
    + _HEAD
    + "redis.call('LREM', KEYS[1], 1, ARGV[2]) redis.call('HDEL', KEYS[2], ARGV[2])\n"
    + "local first = head() if first then redis.call('PUBLISH', ARGV[3] .. string.match(first, '^%w+'), first) end"
)
RENEW = (
    _NOW
    + "for i = 3, #ARGV do\n"
    + "  if redis.call('HEXISTS', KEYS[2], ARGV[i]) == 0 then\n"
    + "    redis.call(ARGV[i] == ARGV[2] and 'LPUSH' or 'RPUSH', KEYS[1], ARGV[i])\n"
    + "  end\n"
    + "  redis.call('HSET', KEYS[2], ARGV[i], now + ARGV[1])\n"
    + "end\n"
    + _KEEP
)
"""Keep our places alive; a Redis that came back empty gets them again, who has the turn (ARGV[2]) in front."""


@dataclass(eq=False)
class Place:
    """One stand in one queue. `bell` rings when it may be its turn."""

    thing: str
    token: str
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    is_first: bool = False


class Places:
    """The queues as one process sees them. `prefix` tells one kind of queue from another."""

    def __init__(self, redis: Redis, *, prefix: str) -> None:
        self._redis: Any = redis
        self._prefix = prefix
        self._me = secrets.token_hex(6)
        self._numbers = itertools.count()
        self._ours: dict[str, Place] = {}
        self._renewing: asyncio.Task[None] | None = None
        self._listening: asyncio.Task[None] | None = None
        self._subscribed = asyncio.Event()
        self._step, self._leave, self._renew = (self._redis.register_script(text) for text in (STEP, LEAVE, RENEW))

    async def join(self, thing: str) -> Place:
        """Take the last place of the queue of `thing`. Raises one of TROUBLE."""
        place = Place(thing, f"{self._me}:{next(self._numbers)}")
        self._ours[place.token] = place
        try:
            place.is_first = not await self._look(place)
        except BaseException:
            del self._ours[place.token]
            raise
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._keep_alive())
        return place

    async def reach(self, place: Place) -> None:
        """Wait until `place` is at the head of its queue. Raises one of TROUBLE."""
        while not place.is_first:
            await self._listen()
            place.bell.clear()
            left_ms = await self._look(place)
            place.is_first = not left_ms
            if left_ms:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(place.bell.wait(), (left_ms + GRACE_MS) / 1000)

    async def leave(self, place: Place) -> None:
        """Give the place up and tell the next one. Raises one of TROUBLE."""
        if self._ours.pop(place.token, None) is not None:
            await self._leave(keys=self._keys(place.thing), args=[ALIVE_MS, place.token, self._channel("")])

    async def close(self) -> None:
        """Stop renewing and listening; places that are still held fall by themselves."""
        tasks = [task for task in (self._renewing, self._listening) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, place: Place) -> int:
        return int(await self._step(keys=self._keys(place.thing), args=[ALIVE_MS, place.token]))

    def _keys(self, thing: str) -> list[str]:
        return [f"{self._prefix}:{{{thing}}}:queue", f"{self._prefix}:{{{thing}}}:alive"]

    def _channel(self, process: str) -> str:
        return f"{self._prefix}:bell:{process}"

    async def _keep_alive(self) -> None:
        """Renew every place of ours while there is one."""
        while True:
            await asyncio.sleep(RENEW_S)
            if not self._ours:
                return
            with contextlib.suppress(*TROUBLE):  # who waits or leaves will say so
                await self._renew_all()

    async def _renew_all(self) -> None:
        queues: dict[str, list[Place]] = {}
        for place in self._ours.values():
            queues.setdefault(place.thing, []).append(place)
        for thing, places in queues.items():
            first = next((place.token for place in places if place.is_first), "")
            tokens = [place.token for place in places]
            await self._renew(keys=self._keys(thing), args=[ALIVE_MS, first, *tokens])

    async def _listen(self) -> None:
        """Return when our bells are heard; the first to wait starts the listening."""
        if self._listening is None or self._listening.done():
            self._subscribed.clear()
            self._listening = asyncio.create_task(self._hear())
        await self._subscribed.wait()

    async def _hear(self) -> None:
        """Ring the bell of each place that is called. In trouble all bells ring: each looks for itself."""
        try:
            async with self._redis.pubsub() as pubsub:
                await pubsub.subscribe(self._channel(self._me))
                self._subscribed.set()
                while True:
                    called = await pubsub.get_message(ignore_subscribe_messages=True, timeout=LISTEN_S)
                    place = self._ours.get(called["data"].decode()) if called else None
                    if place is not None:
                        place.bell.set()
        except TROUBLE:
            pass  # the next look of each place meets the same trouble and says so
        finally:
            self._subscribed.set()
            for place in self._ours.values():
                place.bell.set()
