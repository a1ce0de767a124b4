"""Several front-door processes with one real Redis: bells across processes and a common rate, also without it."""

import asyncio
import json

import pytest
from redis.asyncio import Redis

from bot.delivery.hub import Hub
from bot.errors import TooManyMessages
from bot.rate import Rate
from tests.bot.eventually import eventually


async def test_a_bell_rings_on_the_pages_of_another_process(redis: Redis) -> None:
    here, there = Hub(redis), Hub(redis)
    hearing = asyncio.create_task(there.run())
    try:
        with there.listen("c-1") as listener:

            async def is_heard() -> bool:
                here.ring("c-1", {"type": "typing", "on": True})
                await asyncio.sleep(0.02)
                return bool(listener.notices)

            await eventually(is_heard)
            assert json.dumps(listener.notices[0]) == '{"type": "typing", "on": true}'
            await asyncio.sleep(1.2)  # longer than the socket's time-out: an idle bell stays hung
            listener.notices.clear()
            await eventually(is_heard)
    finally:
        hearing.cancel()


@pytest.mark.parametrize("which", ["redis", "alone"])
async def test_the_rate_is_kept_with_and_without_redis(
    which: str, request: pytest.FixtureRequest, redis: Redis
) -> None:
    rate = Rate(redis if which == "redis" else None)
    with pytest.raises(TooManyMessages):
        for _ in range(7):  # two windows of three at most
            await rate.spend("conversation:c-1", limit=3)
