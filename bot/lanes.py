"""One lane per conversation: its messages are answered one after another, in the order in which they came, also across
processes.

In this process asyncio locks (first come, first served); with Redis also a queue there (`bot.places`), in which a
message stands from its arrival on. Redis may be lost: then the lane holds within each process only, and the epochs and
keys of ticketing keep the record right. The engine has lanes of its own, as the second fence.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import structlog
from redis.asyncio import Redis

from bot.places import TROUBLE, Place, Places

log = structlog.get_logger("bot")

REST_S = 5.0
"""After a failure Redis is left alone for so long, so that no turn waits for it."""


class LaneBusy(Exception):
    """The turn did not come within the time that was given."""


@dataclass
class _Lane:
    entrance: asyncio.Lock = field(default_factory=asyncio.Lock)
    """What is asked of Redis on arrival is asked in the order of arrival."""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    visitors: int = 0


async def everybody() -> None:
    """Admits any message."""


class Lanes:
    def __init__(self, redis: Redis | None, *, prefix: str = "lamplighter:lane") -> None:
        self._places = None if redis is None else Places(redis, prefix=prefix)
        self._lanes: dict[str, _Lane] = {}
        self._rest_until = 0.0

    @contextlib.asynccontextmanager
    async def hold(
        self, conversation: str, *, admit: Callable[[], Awaitable[None]] = everybody, within_s: float | None = None
    ) -> AsyncIterator[None]:
        """Wait for the conversation's lane and keep it.

        `admit` may refuse at the entrance by raising; it is asked in the order of arrival. Raises LaneBusy when the
        turn does not come within `within_s` seconds (None: wait as long as it takes).
        """
        lane = self._lanes.setdefault(conversation, _Lane())
        lane.visitors += 1
        try:
            async with lane.entrance:
                await admit()
                place = await self._join(conversation)
            try:
                await self._reach_in_time(lane, place, within_s)
                try:
                    yield
                finally:
                    await self._leave(place)
                    lane.turn.release()
            except BaseException:
                await self._leave(place)
                raise
        finally:
            lane.visitors -= 1
            if not lane.visitors:
                del self._lanes[conversation]

    async def close(self) -> None:
        if self._places is not None:
            await self._places.close()

    async def _join(self, conversation: str) -> Place | None:
        """A place in Redis; None when Redis is not there and the lane is this process's only."""
        if self._places is None or time.monotonic() < self._rest_until:
            return None
        try:
            return await self._places.join(conversation)
        except TROUBLE as error:
            self._lost(error)
            return None

    async def _reach_in_time(self, lane: _Lane, place: Place | None, within_s: float | None) -> None:
        try:
            await asyncio.wait_for(self._reach(lane, place), within_s)
        except asyncio.TimeoutError:  # noqa: UP041  # another class than TimeoutError in the engine's Python 3.10
            raise LaneBusy(f"the lane did not come free within {within_s} s") from None

    async def _reach(self, lane: _Lane, place: Place | None) -> None:
        await lane.turn.acquire()
        try:
            if place is not None and self._places is not None:
                await self._places.reach(place)
        except TROUBLE as error:
            self._lost(error)
        except BaseException:
            lane.turn.release()
            raise

    async def _leave(self, place: Place | None) -> None:
        if place is None or self._places is None:
            return
        try:
            await self._places.leave(place)
        except TROUBLE as error:
            self._lost(error)

    def _lost(self, error: BaseException) -> None:
        self._rest_until = time.monotonic() + REST_S
        log.warning("redis_lost", what="lanes", error=type(error).__name__)
