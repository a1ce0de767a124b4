"""A database that cannot be written is said in words, not as a stack trace; nothing is half done."""

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event, text


@pytest.mark.usefixtures("town")
def test_a_full_or_read_only_database_is_503_and_works_again_when_it_can(
    service: FastAPI, client: TestClient, database_url: str
) -> None:
    engine = service.state.engine

    @event.listens_for(engine, "begin")
    def stop_writing(connection: Any) -> None:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # SQLite keeps the present size: no page more
        else:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    order = {"key": "k-1", "kind": "meter", "conversation": "c-1", "description": "表不走字" * 400}
    refused = client.post("/api/work-orders", json=order)
    assert (refused.status_code, refused.json()["error"]) == (503, "DatabaseUnavailable")
    assert "表" not in refused.text

    event.remove(engine, "begin", stop_writing)
    engine.dispose()
    assert client.post("/api/work-orders", json=order).json()["number"].endswith("0001")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM work_orders")).scalar_one() == 1
