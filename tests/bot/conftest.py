"""The front door with the real ticketing behind it (in process, behind a gate); Rasa's peer is a real HTTP server."""

import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy import text

from bot.config import ROOT, Settings
from bot.main import app as front_door
from tests.bot.engine_double import TOKEN, EngineDouble
from tests.bot.gate import Gate
from tests.bot.serving import serving
from tests.redis_server import redis_server
from ticketing.config import Settings as TicketingSettings
from ticketing.db import connect, session_factory
from ticketing.main import app as ticketing_app
from ticketing.migrate import upgrade_to_head
from ticketing.personal import vault
from ticketing.talk_tracks.load import load as publish

DATA_KEY = "bGFtcGxpZ2h0ZXIgdGVzdHMgb25seSAzMiBieXRlcyE="
OWN_WORDS = {
    "utter_outage_known": "{area}的停电已经知道，预计{etr}恢复。",
    "utter_outage_known_no_etr": "{area}的停电已经知道。",
    "utter_outage_order": "已登记，工单号{order_number}。",
    "utter_engine_down": "抱歉，我这边暂时查不了，已为您转给人工。",
    "utter_ticketing_down": "系统正在恢复，您说的都已记下，恢复后会有人联系您。",
    "utter_message_too_long": "您说的内容有点长，请简单说说。",
    "utter_not_words": "请用文字告诉我您需要什么帮助。",
    "utter_handoff_position": "您排在第{position}位。",
    "utter_callback_order": "已登记回电，工单号{order_number}。",
}


@pytest.fixture(scope="session")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("domain") / "domain.yml"
    responses = {name: [{"text": words}] for name, words in OWN_WORDS.items()}
    file.write_text(yaml.safe_dump({"responses": responses}, allow_unicode=True), "utf-8")
    return file


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with redis_server(tmp_path_factory.mktemp("redis")) as port:
        yield port


@pytest.fixture
async def redis(redis_port: int) -> AsyncIterator[Redis]:
    client = Redis(port=redis_port, socket_timeout=0.5, socket_connect_timeout=0.5)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def settings(tmp_path: Path, domain: Path, engine_url: str) -> Settings:
    return Settings.model_validate(
        {
            "home": tmp_path,
            "demo": True,
            "redis_url": "",
            "shared_database_url": "",
            "ticketing_url": "http://ticketing",
            "engine_url": engine_url,
            "domain": domain,
            "engine_timeout_s": 0.4,
            "messages_per_minute": 1000,
            "ticketing_token": "bot-token",
            "engine_token": TOKEN,
            "voice_token": "voice-token",
            "outgoing_token": "outgoing-token",
            "dialplan_token": "dialplan-token",
            "visitor_key": "visitor-key",
            "data_key": DATA_KEY,
        }
    )


@pytest.fixture
def engine() -> EngineDouble:
    return EngineDouble()


@pytest.fixture
def engine_url(engine: EngineDouble) -> Iterator[str]:
    with serving(engine.app()) as url:
        yield url


@pytest.fixture(scope="session")
def desk_words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published words of ticketing's own desk alone: what the front door says has its default text here."""
    folder = tmp_path_factory.mktemp("talk_tracks")
    shutil.copy(ROOT / "data" / "talk_tracks" / "desk.yml", folder)
    return folder


@pytest.fixture(scope="session")
def ticketing_template(desk_words: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    file = tmp_path_factory.mktemp("ticketing") / "template.db"
    url = f"sqlite:///{file}"
    upgrade_to_head(url)
    engine = connect(url)
    vault.open(DATA_KEY)
    with session_factory(engine).begin() as session:
        publish(session, at=datetime.now(UTC), folder=desk_words)
    engine.dispose()
    return file.read_bytes()


@pytest.fixture
def ticketing(tmp_path: Path, ticketing_template: bytes) -> Iterator[FastAPI]:
    """The real ticketing, its database migrated."""
    (tmp_path / "ticketing.db").write_bytes(ticketing_template)
    settings = TicketingSettings.model_validate(
        {
            "home": tmp_path,
            "demo": True,
            "database_url": f"sqlite:///{tmp_path / 'ticketing.db'}",
            "redis_url": "",
            "bot_token": "bot-token",
            "actions_token": "actions-token",
            "demo_token": "demo-token",
            "front_door_token": "outgoing-token",
            "data_key": DATA_KEY,
        }
    )
    service = ticketing_app(settings)
    yield service
    service.state.engine.dispose()


@pytest.fixture
def gate(ticketing: FastAPI) -> Gate:
    return Gate(ticketing)


@dataclass
class Trail:
    """Reads what ticketing has on record."""

    service: FastAPI

    async def _get(self, path: str) -> Any:
        transport = httpx.ASGITransport(app=self.service)
        headers = {"Authorization": "Bearer demo-token"}
        async with httpx.AsyncClient(transport=transport, base_url="http://ticketing", headers=headers) as client:
            response = await client.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    async def conversation(self, conversation: str) -> dict[str, Any]:
        found: dict[str, Any] = await self._get(f"/api/conversations/{conversation}")
        return found

    async def said(self, conversation: str) -> list[tuple[str, str]]:
        """(speaker, text) of each sentence, in order."""
        return [(one["speaker"], one["text"]) for one in (await self.conversation(conversation))["messages"]]

    def handoffs(self, conversation: str) -> list[str]:
        """The reasons for which a person was wished."""
        with self.service.state.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT reason FROM handoffs WHERE conversation = :conversation ORDER BY at"),
                {"conversation": conversation},
            )
            return [row.reason for row in rows]


@pytest.fixture
def trail(ticketing: FastAPI) -> Trail:
    return Trail(ticketing)


@pytest.fixture
async def door(settings: Settings, gate: Gate) -> AsyncIterator[FastAPI]:
    """The front door, its drainers running."""
    service = front_door(settings, ticketing=gate)
    async with service.router.lifespan_context(service):
        yield service


@pytest.fixture
async def client(door: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A customer on this machine, demo mode."""
    transport = httpx.ASGITransport(app=door)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=20) as client:
        yield client


async def say(client: httpx.AsyncClient, text: str, *, id: str, conversation: str = "c-1") -> dict[str, Any]:
    """Send one message and return the answer, which must be a 200."""
    response = await client.post(f"/channels/web/conversations/{conversation}/messages", json={"text": text, "id": id})
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer
