"""Waits for what a drainer does in its own time; fails loudly when it never does."""

import asyncio
import time
from collections.abc import Awaitable, Callable

LIMIT_S = 15.0


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    end = time.monotonic() + LIMIT_S
    while not await holds():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.02)
