"""Receipts of replies that have left: noted once each, then told to ticketing by the drainer."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from bot.delivery import events, receipts
from bot.delivery.receipts import Delivery, Fate
from bot.delivery.store import Store
from bot.errors import StoreUnavailable

log = structlog.get_logger("bot")


class Receipts:
    def __init__(self, store: Store, *, ring: Callable[[], None]) -> None:
        self._store = store
        self.ring = ring

    async def handed_over(self, conversation: str, replies: Sequence[str]) -> None:
        """Words of the conversation's events were sent to the customer. Sent twice (two pages), noted once."""
        at = datetime.now(UTC)

        def note(connection: Connection) -> None:
            new = set(events.delivered(connection, conversation, replies, at=at))
            ordered = [reply for reply in replies if reply in new]
            receipts.put(
                connection, conversation, [Delivery(reply=reply, state=Fate.DELIVERED, at=at) for reply in ordered]
            )

        try:
            await self._store.write(note, lazy=True)
        except StoreUnavailable:
            log.warning("receipts_lost", conversation=conversation, receipts=len(replies))
            return
        self.ring()

    async def report(self, conversation: str, deliveries: Sequence[Delivery]) -> None:
        """What the telephone gateway says became of its replies. Raises StoreUnavailable."""

        def note(connection: Connection) -> None:
            events.delivered(
                connection, conversation, [delivery.reply for delivery in deliveries], at=datetime.now(UTC)
            )
            receipts.put(connection, conversation, deliveries)

        await self._store.write(note)
        self.ring()
