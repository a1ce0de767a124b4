"""The front door with a strict WeChat before it: real HTTP to the simulator, pushes by its own signing and sealing."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from bot.channels.wechat.push import Mode
from bot.config import Settings
from bot.main import app as front_door
from tests.bot.eventually import eventually
from tests.bot.gate import Gate
from tests.bot.serving import serving
from tests.wechat.clock import Clock
from tests.wechat.pusher import Pusher
from tests.wechat.servers import app as servers
from tests.wechat.world import World

TOKEN, AES_KEY = "push-token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OPENID = "oABCD-1234567890_customer"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock)


@pytest.fixture
def world_url(world: World) -> Iterator[str]:
    with serving(servers(world)) as url:
        yield url


@pytest.fixture
def settings(settings: Settings, world: World, world_url: str) -> Settings:
    return settings.model_copy(
        update={
            "engine_timeout_s": 5.0,
            "wechat_app_id": world.app_id,
            "wechat_secret": SecretStr(world.secret),
            "wechat_token": SecretStr(TOKEN),
            "wechat_aes_key": SecretStr(AES_KEY),
            "wechat_mode": Mode.SAFE,
            "wechat_api_url": world_url,
            "wechat_timeout_s": 1.0,
            "wechat_nudge_template": "tpl-1",
        }
    )


@pytest.fixture
async def door(settings: Settings, gate: Gate, clock: Clock) -> AsyncIterator[FastAPI]:
    service = front_door(settings, ticketing=gate, clock=clock)
    async with service.router.lifespan_context(service):
        yield service


@pytest.fixture
def pusher(world: World, clock: Clock) -> Pusher:
    return Pusher(clock, token=TOKEN, aes_key=AES_KEY, app_id=world.app_id)


@dataclass
class Phone:
    """A customer's WeChat: what is done on it reaches the door as pushes, what is shown on it is in `texts`."""

    world: World
    pusher: Pusher
    client: httpx.AsyncClient
    openid: str = OPENID

    async def post(self, query: Mapping[str, str], body: bytes, content_type: str) -> tuple[int, bytes]:
        headers = {"content-type": content_type}
        response = await self.client.post("/channels/wechat/push", params=query, content=body, headers=headers)
        return response.status_code, response.content

    async def tell(self, fields: Mapping[str, Any]) -> None:
        assert await self.pusher.tell(fields, self.post)

    async def say(self, text: str) -> None:
        await self.tell(self.world.says(self.openid, text))

    async def show(self) -> None:
        await self.tell(self.world.shows(self.openid))

    @property
    def texts(self) -> list[str]:
        return self.world.person(self.openid).texts

    async def shows_messages(self, number: int) -> list[str]:
        """Wait until so many messages have been shown, and a moment longer: no more may come."""

        async def are_there() -> bool:
            return len(self.texts) >= number

        await eventually(are_there)
        await asyncio.sleep(0.15)
        assert len(self.texts) == number, self.texts
        return self.texts


@pytest.fixture
def phone(world: World, pusher: Pusher, client: httpx.AsyncClient) -> Phone:
    return Phone(world, pusher, client)


@pytest.fixture
def conversation(door: FastAPI) -> str:
    """The pseudonym of `OPENID`."""
    found: str = door.state.doors.wechat.gateway.conversation_of(OPENID)
    return found


@dataclass
class Agent:
    """Ticketing's side of the door."""

    client: httpx.AsyncClient
    conversation: str

    async def says(self, text: str, *, id: str, **more: Any) -> None:
        words = {
            "id": id, "conversation": self.conversation, "reply_to": f"wechat:{OPENID}", "epoch": 2,
            "speaker": "agent", "text": text, "control": "agent", **more,
        }  # fmt: skip
        accepted = await self.client.post("/outgoing", json=words, headers={"Authorization": "Bearer outgoing-token"})
        assert accepted.status_code == 202, accepted.text

    async def window(self) -> dict[str, Any]:
        asked = await self.client.get(
            f"/channels/wechat/conversations/{self.conversation}/window",
            headers={"Authorization": "Bearer outgoing-token"},
        )
        assert asked.status_code == 200, asked.text
        found: dict[str, Any] = asked.json()
        return found

    async def sees(self, **wanted: Any) -> dict[str, Any]:
        """Wait until the window says so."""

        async def is_so() -> bool:
            found = await self.window()
            return all(found[name] == value for name, value in wanted.items())

        await eventually(is_so)
        return await self.window()


@pytest.fixture
def agent(client: httpx.AsyncClient, conversation: str) -> Agent:
    return Agent(client, conversation)
