"""SIGKILL of one of two real front doors in the middle of a rush: all is answered once, in order, or reported."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.config import Settings
from tests.bot.channels.wechat.conftest import AES_KEY, TOKEN
from tests.bot.channels.wechat.test_gateway import echo
from tests.bot.engine_double import EngineDouble
from tests.bot.gate import Door
from tests.bot.serving import free_port, serving
from tests.bot.test_kill import front_door
from tests.wechat.pusher import PATIENCE_S, Pusher
from tests.wechat.world import World

CUSTOMERS, EACH, RATE = 20, 4, 20
"""80 pushes at 20 a second."""


def open_rows(home: Path) -> int:
    question = (
        "SELECT (SELECT count(*) FROM wechat_push WHERE done_at IS NULL)"
        " + (SELECT count(*) FROM wechat_line WHERE settled_at IS NULL)"
    )
    with sqlite3.connect(f"file:{home / 'bot.db'}?mode=ro", uri=True) as store:
        return int(store.execute(question).fetchone()[0])


def reported(home: Path) -> dict[str, int]:
    with sqlite3.connect(f"file:{home / 'bot.db'}?mode=ro", uri=True) as store:
        return dict(store.execute("SELECT reason, count(*) FROM wechat_line WHERE state = 'failed' GROUP BY reason"))


class OneOf:
    """The doors behind WeChat's one address; a try goes to the next."""

    def __init__(self, client: httpx.AsyncClient, ports: list[int]) -> None:
        self._client, self._ports, self._turn = client, ports, 0

    async def post(self, query: Mapping[str, str], body: bytes, content_type: str) -> tuple[int, bytes]:
        """Where nobody listens the next door is asked, as a load balancer does; a line that broke is no answer."""
        self._turn += 1
        for number in range(self._turn, self._turn + len(self._ports)):
            url = f"http://127.0.0.1:{self._ports[number % len(self._ports)]}/channels/wechat/push"
            headers = {"content-type": content_type}
            try:
                answer = await self._client.post(url, params=query, content=body, headers=headers)
            except httpx.ConnectError:
                continue
            except httpx.TransportError:
                break
            return answer.status_code, answer.content
        return 0, b""


@pytest.mark.timeout(400)
async def test_a_killed_process_in_a_rush(  # noqa: PLR0917
    settings: Settings,
    ticketing: FastAPI,
    engine: EngineDouble,
    engine_url: str,
    world: World,
    world_url: str,
    pusher: Pusher,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    engine.delay_s = 0.05
    for name, value in {
        "APP_ID": world.app_id, "SECRET": world.secret, "TOKEN": TOKEN, "AES_KEY": AES_KEY, "API_URL": world_url,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"BOT_WECHAT_{name}", value)
    ports = [free_port(), free_port()]
    with (
        serving(Door(ticketing), lifespan="off") as desk,
        front_door(tmp_path, settings.domain, engine_url, desk, ports[0]),
        front_door(tmp_path, settings.domain, engine_url, desk, ports[1]) as victim,
    ):
        async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            doors, telling, began = OneOf(client, ports), [], time.monotonic()
            for number in range(CUSTOMERS * EACH):
                await asyncio.sleep(max(began + number / RATE - time.monotonic(), 0))
                fields = world.says(f"oKILL-{number % CUSTOMERS:06}", f"停电{number // CUSTOMERS}")
                again = pusher.tell(fields, doors.post, wait=lambda: asyncio.sleep(0.5))
                telling.append(asyncio.create_task(again))
                if number == CUSTOMERS * EACH // 2:
                    victim.send_signal(signal.SIGKILL)
            assert all(await asyncio.gather(*telling)), pusher.unacknowledged
        end = time.monotonic() + 120
        while open_rows(tmp_path):
            assert time.monotonic() < end, f"{open_rows(tmp_path)} rows are still open"
            await asyncio.sleep(0.2)
        drained_s = time.monotonic() - began
    wanted = {f"oKILL-{number:06}": [echo(f"停电{turn}") for turn in range(EACH)] for number in range(CUSTOMERS)}
    shown = {openid: "\n".join(world.person(openid).texts) for openid in wanted}
    doubled = sum(shown[openid].count(one) > 1 for openid, all_of in wanted.items() for one in all_of)
    missing = sum(one not in shown[openid] for openid, all_of in wanted.items() for one in all_of)
    found = reported(tmp_path)
    acks, fetches = max(pusher.acks_ms), world.tokens.fetches
    print(f"drained {drained_s:.1f} s, ack at most {acks:.0f} ms, reported {found}, tokens {fetches}")
    assert doubled == 0
    assert missing <= sum(found.values())
    assert set(found) <= {"unconfirmed"}
    for openid, all_of in wanted.items():
        places = [shown[openid].find(one) for one in all_of if one in shown[openid]]
        assert places == sorted(places), openid
