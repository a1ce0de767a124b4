"""Messages that a crash left without an answer are finished: replayed, or apologised for when they are old.

Replaying is safe by the wires: ticketing knows a message by its id and a turn by its name, actions carry keys.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from bot.delivery import inbound
from bot.delivery.store import Store
from bot.errors import StoreUnavailable
from bot.message import Message
from bot.turn import Turns

log = structlog.get_logger("bot")

LEFT_ALONE = timedelta(seconds=30)
"""A turn takes at most 8 s in Rasa and a few in ticketing: an older one has lost its process."""
EVERY_S = 10.0


class Recovery:
    def __init__(self, store: Store, turns: Turns) -> None:
        self._store = store
        self._turns = turns

    async def run(self) -> None:
        """At once what an earlier process of ours left behind, then now and then, until cancelled."""
        # A shared store has other living processes: theirs is only taken when it is old.
        age = LEFT_ALONE if self._store.is_shared else timedelta(0)
        while True:
            await self._finish(age)
            age = LEFT_ALONE
            await asyncio.sleep(EVERY_S)

    async def _finish(self, age: timedelta) -> None:
        before, cipher = datetime.now(UTC) - age, self._store.cipher
        try:
            messages = await self._store.read(
                lambda connection: inbound.unfinished(connection, before=before, cipher=cipher)
            )
        except StoreUnavailable:
            return
        for message in messages:
            await self._finish_one(message)

    async def _finish_one(self, message: Message) -> None:
        try:
            await self._turns.take(message)
        except StoreUnavailable:
            log.warning("recovery_put_off", conversation=message.conversation)
        except Exception:
            log.exception("recovery_failed", conversation=message.conversation)
        else:
            log.info("turn_recovered", conversation=message.conversation)
