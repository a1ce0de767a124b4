"""What the channels share: the turn, the store, the bells, the limits. Wired once in main.py."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.channels.wechat.wiring import Wiring
from bot.config import Settings
from bot.delivery.handed_over import Receipts
from bot.delivery.hub import Hub
from bot.delivery.store import Store
from bot.rate import Rate
from bot.turn import Turns


@dataclass(frozen=True)
class Doors:
    settings: Settings
    store: Store
    turns: Turns
    hub: Hub
    rate: Rate
    receipts: Receipts
    wechat: Wiring | None = None
    """None: not set up."""
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def in_background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` apart from the connection that asked for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, *, within_s: float) -> None:
        """Let what runs come to its end; what does not is finished after the restart."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)
