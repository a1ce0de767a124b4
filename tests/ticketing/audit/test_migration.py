"""Records from before the chain are chained by the first sealing."""

from pathlib import Path

from alembic import command
from sqlalchemy import text

from tests.ticketing.audit.proof import sign, verdict
from ticketing.audit.sealing import seal_all
from ticketing.db import connect, session_factory
from ticketing.migrate import _config, upgrade


def test_records_from_before_are_chained(database_url: str, tmp_path: Path) -> None:
    engine = connect(database_url)
    with engine.begin() as connection:
        command.downgrade(_config(connection), "0007")
    with engine.begin() as connection:
        for number in range(3):
            connection.execute(
                text(
                    "INSERT INTO audit_records (at, kind, subject, actor, data) "
                    "VALUES (:at, 'order.created', :subject, 'bot', '{\"kind\": \"outage\"}')"
                ),
                {"at": "2026-11-23 00:00:00.000000", "subject": f"order:WO{number}"},
            )
    upgrade(engine)
    sessions = session_factory(engine)
    assert seal_all(sessions) == 3
    assert sign(sessions, tmp_path) == 3
    assert verdict(sessions, tmp_path).wrong is None
    engine.dispose()
