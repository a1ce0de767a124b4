"""Health is about the real database: its revision, and whether it can be written."""

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from tests.ticketing.conftest import TOKENS
from ticketing.config import Settings
from ticketing.main import app
from ticketing.migrate import head


def test_well(client: TestClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "checks": {"database": "ok"}})


def test_a_database_at_another_revision_is_named(service: FastAPI, client: TestClient) -> None:
    with service.state.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert "python -m ticketing.migrate" in answer.json()["checks"]["database"]


def test_a_database_that_cannot_be_written_is_named(service: FastAPI, client: TestClient) -> None:
    with service.state.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text(f"CREATE VIEW alembic_version AS SELECT '{head()}' AS version_num"))
    answer = client.get("/health")
    assert answer.status_code == 503


def test_redis_that_is_away_shows_but_does_not_stop_the_service(settings: Settings) -> None:
    service = app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:9"}))
    client = TestClient(service, headers={"Authorization": f"Bearer {TOKENS['actions']}"})
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json()["checks"]["redis"].startswith("cannot be reached")
    service.state.engine.dispose()
