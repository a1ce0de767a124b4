"""The door to Rasa: one customer's message in, names of talk tracks and slots out, no words.

There may be several workers. A conversation has its own, chosen by a hash, so that also without Redis its turns meet
in one process; when that worker is away the next one takes over (docs/decisions/007-several-workers.md).
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from hashlib import blake2b
from typing import Any

import structlog
from pydantic import ValidationError

from bot.message import Control, Draft, Expects, Frozen, Message
from bot.wire import Answered, BrokeOff, Unanswered, Wire

log = structlog.get_logger("bot")

PATH = "/webhooks/lamplighter/turn"
REST_S = 2.0
"""A worker that broke off is left alone for so long, so that not every turn waits for it in vain."""
NOT_NOW = 503
"""Rasa's way to say that nothing was done: the model is loading, or the conversation is in other hands."""


class EngineDown(Exception):
    """Rasa cannot be reached, is too slow, or does not answer as agreed."""


class EngineTurn(Frozen):
    """What Rasa wants said. `decision` goes to ticketing as it is."""

    replies: tuple[Draft, ...]
    expects: Expects = Expects()
    decision: dict[str, Any] | None = None
    hang_up: bool = False


def in_order(conversation: str, workers: Sequence[str]) -> list[str]:
    """The workers as this conversation prefers them: each has its share, and a lost one's share goes to all others."""
    return sorted(workers, key=lambda worker: blake2b(f"{conversation} {worker}".encode(), digest_size=8).digest())


class Engine:
    """Rasa as the front door sees it: one turn takes at most `patience_s` seconds, whoever answers in the end."""

    def __init__(self, wire: Wire, workers: Sequence[str], *, patience_s: float) -> None:
        self._wire = wire
        self._workers = tuple(workers)
        self._patience_s = patience_s
        self._rests_until = dict.fromkeys(workers, 0.0)

    async def ask(self, message: Message, *, control: Control, today: date) -> EngineTurn:
        """Raises EngineDown."""
        metadata = {
            "channel": message.channel,
            "kind": message.kind,
            "caller": message.caller,
            "control": control if control is Control.WAITING else Control.BOT,
            "today": today.isoformat(),
        }
        body = {
            "sender": message.conversation,
            "message_id": message.id,
            "text": message.text,
            "metadata": metadata,
        }
        try:
            async with asyncio.timeout(self._patience_s):
                response = await self._send(message.conversation, body)
            if response.status < 300:
                return EngineTurn.model_validate_json(response.content)
            reason = f"status {response.status}"
        except (Unanswered, ValidationError, TimeoutError) as error:
            reason = type(error).__name__
        log.warning("engine_down", error=reason)
        raise EngineDown(reason)

    async def is_up(self) -> bool:
        """One worker is enough."""
        return any(await asyncio.gather(*(self._is_up(worker) for worker in self._workers)))

    async def _is_up(self, worker: str) -> bool:
        try:
            return await self._wire.status(f"{worker}/") == 200
        except Unanswered:
            return False

    async def _send(self, conversation: str, body: dict[str, Any]) -> Answered:
        """Ask one worker after the other, and the first once more; the last try's failure is the caller's."""
        *first_tries, last_try = self._tries(conversation)
        for worker in first_tries:
            try:
                response = await self._wire.post(worker + PATH, body)
            except BrokeOff as error:  # perhaps in the middle of the turn; not stepped twice, for Rasa knows its id
                self._rests_until[worker] = time.monotonic() + REST_S
                log.warning("engine_worker_lost", worker=worker, error=type(error).__name__)
                continue
            if response.status != NOT_NOW:
                return response
        return await self._wire.post(last_try + PATH, body)

    def _tries(self, conversation: str) -> list[str]:
        now = time.monotonic()
        workers = in_order(conversation, self._workers)
        workers.sort(key=lambda worker: self._rests_until[worker] > now)  # stable: only who rests comes last
        return [*workers, workers[0]]
