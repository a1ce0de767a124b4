"""The actions' tests talk to the real ticketing app, in process, on a demo town of their own."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

import ticketing.seed
from actions.backend import Backend
from actions.config import Settings as ActionsSettings
from actions.main import app as actions_app
from tests.actions.scene import TOKEN, Scene
from ticketing.config import Settings
from ticketing.conversations.seed import seed_desk
from ticketing.db import connect, now, session_factory
from ticketing.demo import read
from ticketing.main import app
from ticketing.migrate import upgrade_to_head
from ticketing.personal import vault
from ticketing.rulebook import rules
from ticketing.talk_tracks.load import load as load_talk_tracks

DATA_KEY = "bGFtcGxpZ2h0ZXIgdGVzdHMgb25seSAzMiBieXRlcyE="
BOT, ACTIONS = "bot-token", "actions-token"


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded SQLite file; each test copies it."""
    file = tmp_path_factory.mktemp("town") / "ticketing.db"
    vault.open(DATA_KEY)
    upgrade_to_head(f"sqlite:///{file}")
    engine = connect(f"sqlite:///{file}")
    with session_factory(engine).begin() as session:
        ticketing.seed.sow(session, read(), rules.load(), at=now())
        seed_desk(session, at=now())
        load_talk_tracks(session, at=now())
    engine.dispose()
    return file


@pytest.fixture
def ticketing_app(town: Path, tmp_path: Path) -> Iterator[FastAPI]:
    shutil.copy(town, tmp_path / "ticketing.db")
    settings = Settings.model_validate(
        {
            "home": tmp_path,
            "demo": True,
            "database_url": f"sqlite:///{tmp_path / 'ticketing.db'}",
            "redis_url": "",
            "bot_token": BOT,
            "actions_token": ACTIONS,
            "demo_token": None,
            "front_door_token": "front-door-token",
            "data_key": DATA_KEY,
        }
    )
    service = app(settings)
    yield service
    service.state.engine.dispose()


@pytest.fixture
async def backend(ticketing_app: FastAPI) -> AsyncIterator[Backend]:
    """Actions' own door, onto the app instead of a socket."""
    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(ticketing_app),
        base_url="http://ticketing",
        headers={"Authorization": f"Bearer {ACTIONS}"},
    )
    door = Backend(client)
    yield door
    await door.close()


@pytest.fixture
async def front_door(ticketing_app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Ticketing as the front door calls it: conversations begin there."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(ticketing_app),
        base_url="http://ticketing",
        headers={"Authorization": f"Bearer {BOT}"},
    ) as client:
        yield client


@pytest.fixture
async def server(backend: Backend) -> AsyncIterator[httpx.AsyncClient]:
    """The action server, called as Rasa calls it."""
    settings = ActionsSettings.model_validate({"token": TOKEN, "ticketing_token": ACTIONS})
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(actions_app(settings, backend)), base_url="http://actions"
    ) as client:
        yield client


@pytest.fixture
def scene(server: httpx.AsyncClient, front_door: httpx.AsyncClient) -> Scene:
    """A web conversation with somebody unknown."""
    return Scene(server, front_door)


@pytest.fixture
def call(server: httpx.AsyncClient, front_door: httpx.AsyncClient) -> Scene:
    """A telephone call from 韦小明's registered number (account tail 0001, one bill open)."""
    return Scene(server, front_door, id="call-1", channel="phone", caller="13907760001")
