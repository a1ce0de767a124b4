"""Rasa's lock of a conversation across workers: atomic, first come first served, without a poll.

Rasa's own RedisLockStore reads, changes and writes in three steps (two workers may both believe to be next) and asks
once a second. Here a turn stands in a queue kept in Redis by single scripts, and the one before it tells when it is
done (`bot.places`). A dead worker's place falls after 4 s. Without Redis the lock holds within this worker, where the
front door sends all turns of a conversation; and the tracker store refuses a turn that was
overtaken (see `live_store`).
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any, AsyncGenerator

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockError, LockStore
from redis.asyncio import Redis

from bot.lanes import LaneBusy, Lanes

WAIT_S = 6.0  # the front door waits 8 s for a turn; a dead worker's place falls after 4
REDIS_WAIT_S = 2.0  # an answer takes 0.4 ms, but may be read late: Rasa keeps the event loop while it thinks


class FairLockStore(LockStore):
    """`lock_store: {type: bot.engine.lock_store.FairLockStore, url: redis://…}`; an empty URL: one worker, no Redis."""

    def __init__(self, endpoint_config: Any = None) -> None:
        url = getattr(endpoint_config, "url", None)
        redis = Redis.from_url(url, socket_timeout=REDIS_WAIT_S, socket_connect_timeout=REDIS_WAIT_S) if url else None
        self._lanes = Lanes(redis, prefix="lamplighter:engine")

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = WAIT_S
    ) -> AsyncGenerator[TicketLock, None]:
        """Hold the conversation, as long as the holder lives. Raises LockError after `wait_time_in_seconds`."""
        try:
            async with self._lanes.hold(conversation_id, within_s=wait_time_in_seconds):
                yield TicketLock(conversation_id)
        except LaneBusy as error:
            raise LockError(f"conversation '{conversation_id}' is in other hands: {error}") from error
