"""Bells for open pages: "something new", "is typing", "control changed". The rows are the truth; a bell may be lost.

Pages of this process are rung at once; with Redis also those of the other front-door processes.
"""

import asyncio
import contextlib
import json
import secrets
from collections import deque
from collections.abc import Iterator
from typing import Any

import structlog
from redis.asyncio import Redis

from bot.lanes import REST_S
from bot.places import TROUBLE

log = structlog.get_logger("bot")

CHANNEL = "lamplighter:bot:bell"
LOOK_AGAIN_S = 15.0
"""An open page looks into the store this often even when no bell rang."""


class Listener:
    """One open page. `notices` are shown now or never; events are read from the store."""

    def __init__(self) -> None:
        self.notices: deque[dict[str, Any]] = deque(maxlen=20)
        self._rung = asyncio.Event()

    def ring(self, notice: dict[str, Any] | None) -> None:
        if notice is not None:
            self.notices.append(notice)
        self._rung.set()

    async def wait(self) -> None:
        """Until the bell rings, at most `LOOK_AGAIN_S` seconds."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), LOOK_AGAIN_S)
        self._rung.clear()


class Hub:
    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._me = secrets.token_hex(8)
        self._listeners: dict[str, set[Listener]] = {}
        self._sending: set[asyncio.Task[None]] = set()

    @contextlib.contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        listener = Listener()
        self._listeners.setdefault(conversation, set()).add(listener)
        try:
            yield listener
        finally:
            self._listeners[conversation].discard(listener)
            if not self._listeners[conversation]:
                del self._listeners[conversation]

    def ring(self, conversation: str, notice: dict[str, Any] | None = None) -> None:
        """Tell the conversation's pages that there are new events, or `notice`."""
        self._ring_here(conversation, notice)
        if self._redis is not None:
            task = asyncio.create_task(self._publish(conversation, notice))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    def _ring_here(self, conversation: str, notice: dict[str, Any] | None) -> None:
        for listener in self._listeners.get(conversation, ()):
            listener.ring(notice)

    async def _publish(self, conversation: str, notice: dict[str, Any] | None) -> None:
        assert self._redis is not None
        bell = json.dumps({"from": self._me, "conversation": conversation, "notice": notice})
        try:
            await self._redis.publish(CHANNEL, bell)
        except TROUBLE as error:
            log.warning("redis_lost", what="bell", error=type(error).__name__)

    async def run(self) -> None:
        """Hear the bells of the other processes, until cancelled."""
        while self._redis is not None:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    while True:
                        bell = await pubsub.get_message(ignore_subscribe_messages=True, timeout=None)
                        if bell is not None:
                            self._hear(bell["data"])
            except TROUBLE as error:
                log.warning("redis_lost", what="bells", error=type(error).__name__)
                await asyncio.sleep(REST_S)

    def _hear(self, data: bytes) -> None:
        bell = json.loads(data)
        if bell["from"] != self._me:
            self._ring_here(bell["conversation"], bell["notice"])
