"""Rasa's lock across workers (each `FairLockStore` stands for one), with a real Redis, and without it."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine.lock_store import FairLockStore
from tests.redis_server import free_port, redis_server

ROOT = Path(__file__).resolve().parents[2]
HOLD_FOREVER = """
import asyncio, sys
from bot.engine.lock_store import FairLockStore
from rasa.utils.endpoints import EndpointConfig

async def hold():
    store = FairLockStore(EndpointConfig(sys.argv[1]))
    async with store.lock("c-1"):
        print("held", flush=True)
        await asyncio.sleep(600)

asyncio.run(hold())
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with redis_server(tmp_path_factory.mktemp("redis")) as port:
        yield f"redis://127.0.0.1:{port}/0"


def worker(url):
    return FairLockStore(EndpointConfig(url))


async def turns(*workers, each=25):
    """The order in which turns get the lock; fails when two have it."""
    order, inside = [], []

    async def turn(number):
        async with workers[number % len(workers)].lock("c-1"):
            inside.append(number)
            assert inside == [number]
            await asyncio.sleep(0.002)
            order.append(inside.pop())

    await asyncio.gather(*(turn(number) for number in range(each * len(workers))))
    return order


def test_rasa_takes_it_by_its_name():
    endpoint = EndpointConfig.from_dict({"type": "bot.engine.lock_store.FairLockStore", "url": ""})
    assert isinstance(LockStore.create(endpoint), FairLockStore)


def test_two_workers_have_one_lock(url):
    order = asyncio.run(turns(worker(url), worker(url)))
    assert sorted(order) == list(range(50))
    for mine in (0, 1):  # each worker's turns in the order in which they came
        assert [number for number in order if number % 2 == mine] == list(range(mine, 50, 2))


def test_fifty_turns_of_one_conversation_do_not_wait_a_second_each(url):
    started = time.monotonic()
    asyncio.run(turns(worker(url), worker(url)))
    assert time.monotonic() - started < 5  # a poll once a second could take 49 s


def test_a_killed_worker_holds_up_its_conversation_for_seconds_only(url):
    dead = subprocess.Popen([sys.executable, "-c", HOLD_FOREVER, url], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert dead.stdout.readline() == "held\n"
    dead.kill()
    dead.wait()

    async def take():
        async with worker(url).lock("c-1"):
            return time.monotonic()

    started = time.monotonic()
    assert 1.0 < asyncio.run(take()) - started < 6.0


def test_who_waits_too_long_is_told_so(url):
    async def wait():
        first, second = worker(url), worker(url)
        async with first.lock("c-1"):
            with pytest.raises(LockError, match="'c-1' is in other hands"):
                async with second.lock("c-1", wait_time_in_seconds=0.2):
                    raise AssertionError("two have the lock")

    asyncio.run(wait())


@pytest.mark.parametrize("away", [f"redis://127.0.0.1:{free_port()}/0", ""])
def test_without_redis_the_lock_holds_within_the_worker(away):
    assert asyncio.run(turns(worker(away), each=20)) == list(range(20))


def test_a_free_lock_costs_about_a_millisecond_at_most(url):
    async def costs():
        store, taken = worker(url), []
        for number in range(300):
            started = time.perf_counter()
            async with store.lock(f"c-{number}"):
                pass
            taken.append(time.perf_counter() - started)
        return sorted(taken)

    assert asyncio.run(costs())[150] < 0.003
