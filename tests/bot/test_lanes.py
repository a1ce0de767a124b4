"""One lane per conversation across processes (each `Lanes` stands for one), with a real Redis, and without it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot import places
from bot.errors import TooManyMessages
from bot.lanes import LaneBusy, Lanes
from tests.redis_server import free_port, redis_server


@asynccontextmanager
async def process(port: int) -> AsyncIterator[Lanes]:
    """The lanes of one process, with its own connections."""
    client = Redis(port=port, socket_timeout=0.5, socket_connect_timeout=0.5)
    lanes = Lanes(client)
    yield lanes
    await lanes.close()
    await client.aclose()


@pytest.fixture
async def here(redis_port: int) -> AsyncIterator[Lanes]:
    async with process(redis_port) as lanes:
        yield lanes


@pytest.fixture
async def there(redis_port: int) -> AsyncIterator[Lanes]:
    async with process(redis_port) as lanes:
        yield lanes


async def arrivals(*lanes: Lanes, each: int = 20, thing: str = "c-1", between_s: float = 0.003) -> list[int]:
    """The order in which messages that come to the processes in turn, none waiting for another, get the lane."""
    order: list[int] = []
    inside = 0

    async def turn(number: int) -> None:
        nonlocal inside
        async with lanes[number % len(lanes)].hold(thing):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.002)
            order.append(number)
            inside -= 1

    async with asyncio.TaskGroup() as group:
        for number in range(each * len(lanes)):
            group.create_task(turn(number))
            await asyncio.sleep(between_s)
    return order


async def test_two_processes_answer_in_the_order_of_arrival(here: Lanes, there: Lanes, redis_port: int) -> None:
    """A message has arrived when it stands in the queue; from then on nobody who comes later is before it."""
    order: list[int] = []

    async def turn(number: int) -> None:
        async with (here, there, there)[number % 3].hold("c-1"):
            await asyncio.sleep(0.001 * (number % 5))
            order.append(number)

    async with Redis(port=redis_port) as redis, asyncio.TaskGroup() as group:
        async with here.hold("c-1"):
            for number in range(40):
                group.create_task(turn(number))
                while await redis.llen("lamplighter:lane:{c-1}:queue") < number + 2:  # noqa: ASYNC110  # Redis has no event for it
                    await asyncio.sleep(0.001)
        assert order == []
    async with Redis(port=redis_port) as redis:
        assert order == list(range(40))
        assert await redis.keys("lamplighter:lane:*") == []


async def test_a_burst_in_one_process_keeps_its_order(here: Lanes) -> None:
    assert await arrivals(here, each=100, between_s=0.0) == list(range(100))


async def test_without_redis_a_lane_still_holds_in_its_process() -> None:
    async with process(free_port()) as lanes:
        assert await arrivals(lanes, between_s=0.0) == list(range(20))


async def test_the_next_one_is_told_and_does_not_poll(here: Lanes, there: Lanes) -> None:
    waits = []
    for _ in range(20):
        free = asyncio.Event()

        async def hold(free: asyncio.Event) -> None:
            async with here.hold("c-1"):
                await free.wait()

        holding = asyncio.create_task(hold(free))
        await asyncio.sleep(0.01)
        waiting = asyncio.create_task(arrivals(there, each=1))
        await asyncio.sleep(0.02)
        free.set()
        await holding
        left = time.monotonic()
        await waiting
        waits.append(time.monotonic() - left)
    assert sorted(waits)[10] < 0.015  # of which the turn itself takes 2 ms


async def test_the_place_of_a_dead_process_falls(here: Lanes, redis_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "ALIVE_MS", 300)
    async with Redis(port=redis_port) as redis:
        dead = places.Places(redis, prefix="lamplighter:lane")
        for _ in range(3):  # one has the lane, two wait
            await dead.join("c-1")
        await dead.close()  # nobody renews them any more
        started = time.monotonic()
        async with here.hold("c-1"):
            assert 0.2 < time.monotonic() - started < 2.0


async def test_a_living_holder_keeps_its_lane_however_long(
    here: Lanes, there: Lanes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "ALIVE_MS", 300)
    monkeypatch.setattr(places, "RENEW_S", 0.05)
    async with here.hold("c-1"):
        with pytest.raises(LaneBusy):
            async with there.hold("c-1", within_s=1.0):
                raise AssertionError("two have the lane")
    async with there.hold("c-1", within_s=1.0):
        pass


async def test_who_waited_too_long_leaves_no_place_behind(here: Lanes, there: Lanes) -> None:
    async with here.hold("c-1"):
        with pytest.raises(LaneBusy):
            async with here.hold("c-1", within_s=0.05):
                raise AssertionError("two have the lane")
    started = time.monotonic()
    async with there.hold("c-1"):
        assert time.monotonic() - started < 0.5


async def test_a_redis_that_comes_back_empty_gets_the_queue_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "RENEW_S", 0.05)
    port = free_port()
    async with process(port) as here, process(port) as there:
        with redis_server(tmp_path, port=port):
            holding = here.hold("c-1")
            await holding.__aenter__()
        with redis_server(tmp_path, port=port):
            await asyncio.sleep(0.3)
            with pytest.raises(LaneBusy):
                async with there.hold("c-1", within_s=0.3):
                    raise AssertionError("two have the lane")
            await holding.__aexit__(None, None, None)
            async with there.hold("c-1", within_s=1.0):
                pass


async def test_who_is_not_admitted_does_not_hold_up_the_others(here: Lanes) -> None:
    async def full() -> None:
        await asyncio.sleep(0.01)
        raise TooManyMessages(seconds=1)

    with pytest.raises(TooManyMessages):
        async with here.hold("c-1", admit=full):
            raise AssertionError("it was admitted")
    assert await arrivals(here, each=3) == [0, 1, 2]


async def test_admission_is_asked_in_the_order_of_arrival(here: Lanes) -> None:
    asked: list[int] = []

    async def turn(number: int) -> None:
        async def admit() -> None:
            await asyncio.sleep(0.01 if number % 2 else 0.0)
            asked.append(number)

        async with here.hold("c-1", admit=admit):
            pass

    await asyncio.gather(*(turn(number) for number in range(20)))
    assert asked == list(range(20))


async def test_a_free_lane_costs_about_a_millisecond_at_most(here: Lanes) -> None:
    costs = []
    for number in range(300):
        started = time.perf_counter()
        async with here.hold(f"c-{number}"):
            pass
        costs.append(time.perf_counter() - started)
    assert sorted(costs)[150] < 0.003  # 0.47 ms measured at a load of 5
