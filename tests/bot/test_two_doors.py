"""Two front doors over one store and one Redis: a customer may talk to either, or to both."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from websockets.asyncio.client import connect

from bot.config import Settings
from bot.main import app as front_door
from tests.bot.conftest import Trail, say
from tests.bot.engine_double import EngineDouble
from tests.bot.gate import Door
from tests.bot.serving import serving


@pytest.fixture(params=["with Redis", "without Redis"])
def shared(
    request: pytest.FixtureRequest, settings: Settings, ticketing: FastAPI, redis_port: int
) -> Iterator[Settings]:
    """The settings that both front doors have."""
    redis_url = f"redis://127.0.0.1:{redis_port}/0" if request.param == "with Redis" else ""
    with serving(Door(ticketing), lifespan="off") as url:
        yield settings.model_copy(
            update={"redis_url": redis_url, "ticketing_url": url, "engine_timeout_s": 20.0, "ticketing_timeout_s": 20.0}
        )


@asynccontextmanager
async def open_doors(settings: Settings, *, number: int = 2) -> AsyncIterator[list[httpx.AsyncClient]]:
    """Front doors that start at the same moment, and a customer at each."""
    doors = [front_door(settings) for _ in range(number)]
    async with AsyncExitStack() as stack:
        await asyncio.gather(*(stack.enter_async_context(door.router.lifespan_context(door)) for door in doors))
        yield [
            await stack.enter_async_context(
                httpx.AsyncClient(transport=httpx.ASGITransport(app=door), base_url="http://127.0.0.1", timeout=30)
            )
            for door in doors
        ]


async def test_a_repeat_at_the_other_door_gets_the_first_answer(
    shared: Settings, trail: Trail, engine: EngineDouble
) -> None:
    async with open_doors(shared) as (here, there):
        first = await say(here, "我家停电了", id="m-1")
        assert await say(there, "我家停电了", id="m-1") == first
        engine.delay_s = 0.3
        one, other = await asyncio.gather(say(here, "中山二路8号", id="m-2"), say(there, "中山二路8号", id="m-2"))
    assert one == other
    assert [text for speaker, text in await trail.said("c-1") if speaker == "customer"] == ["我家停电了", "中山二路8号"]
    assert len(await trail.said("c-1")) == 4


async def test_both_doors_write_into_one_store_at_once(shared: Settings, trail: Trail) -> None:
    async with open_doors(shared) as doors:
        await asyncio.gather(
            *(
                say(doors[(number + turn) % 2], f"我家停电了{turn}", id=f"m-{turn}", conversation=f"c-{number}")
                for number in range(8)
                for turn in range(5)
            )
        )
    for number in range(8):
        said = await trail.said(f"c-{number}")
        assert sorted(text for speaker, text in said if speaker == "customer") == [
            f"我家停电了{turn}" for turn in range(5)
        ]
        assert len(said) == 10


async def test_what_is_said_without_waiting_is_answered_in_order(shared: Settings, trail: Trail) -> None:
    """A burst over one WebSocket, each message asked twice; the page hears each answer once, in order."""
    said = [f"我家停电了{number}" for number in range(20)]
    heard: list[tuple[str, str]] = []
    with serving(front_door(shared)) as door:
        async with connect(door.replace("http", "ws") + "/channels/web/conversations/c-1/events", proxy=None) as line:
            for number, text in enumerate(said):
                for _ in range(2):
                    await line.send(json.dumps({"type": "message", "id": f"m-{number}", "text": text}))
            async with asyncio.timeout(30):
                while len(heard) < 2 * len(said):
                    event = json.loads(await line.recv())
                    if event["type"] in {"customer", "bot"}:
                        heard.append((event["type"], event["text"]))
    wanted = [line for text in said for line in (("customer", text), ("bot", f"您说的是：{text}。对吗？"))]
    assert heard == wanted
    assert await trail.said("c-1") == wanted


async def test_what_a_killed_door_left_behind_is_answered_before_what_comes_next(
    shared: Settings, trail: Trail, engine: EngineDouble
) -> None:
    engine.delay_s = 30.0
    killed = front_door(shared.model_copy(update={"engine_timeout_s": 60.0}))
    async with killed.router.lifespan_context(killed):
        transport = httpx.ASGITransport(app=killed)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as customer:
            asked = asyncio.create_task(say(customer, "我家停电了", id="m-1"))
            while not engine.asked:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            asked.cancel()  # its lane is free again, its message has no answer
            await asyncio.gather(asked, return_exceptions=True)
            engine.delay_s = 0.0
            other = front_door(shared)
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=other), base_url="http://127.0.0.1"
            ) as there:
                other.state.doors.store.open()
                await say(there, "中山二路8号", id="m-2")
                other.state.doors.store.close()
    said = [text for _, text in await trail.said("c-1")]
    assert said == ["我家停电了", "您说的是：我家停电了。对吗？", "中山二路8号", "您说的是：中山二路8号。对吗？"]
