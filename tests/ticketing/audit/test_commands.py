"""From the database to a proof, by the commands alone; and what somebody did to the database is named."""

import base64
import time
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.proof import KEY, write
from tests.ticketing.audit.test_checkpointing import past_the_triggers
from tests.ticketing.conftest import DATA_KEY, TOKENS
from ticketing.audit.__main__ import main
from ticketing.audit.checkpoint import fingerprint, read
from ticketing.audit.models import AuditLink
from ticketing.config import Settings
from ticketing.main import app


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, database_url: str) -> Path:
    """The data directory of an installation whose settings are in the environment."""
    given = {f"TICKETING_{name.upper()}_TOKEN": value for name, value in TOKENS.items()}
    given |= {"TICKETING_FRONT_DOOR_TOKEN": "front-door-token", "TICKETING_DATA_KEY": DATA_KEY}
    given |= {"DATABASE_URL": database_url, "LAMPLIGHTER_HOME": str(tmp_path)}
    given |= {"TICKETING_AUDIT_KEY": base64.b64encode(KEY.private_bytes_raw()).decode()}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return tmp_path


def fill(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for number in range(20):
            write(session, number)


def proven(home: Path) -> int:
    """Export, and verify; the exit code of the verifier."""
    journal = home / "audit-checkpoints" / "chain-001.jsonl"
    assert main(["export", str(home / "export.jsonl")]) == 0
    return main(["verify", str(home / "export.jsonl"), "--checkpoint", str(journal)])


def test_a_trail_is_signed_exported_and_proven(
    sessions: sessionmaker[Session], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(sessions)
    assert main(["checkpoint"]) == 0
    assert "20 records signed" in capsys.readouterr().out
    assert proven(home) == 0
    assert main(["key"]) == 0
    assert fingerprint(KEY.public_key().public_bytes_raw()) in capsys.readouterr().out
    assert not list(home.glob("*.part"))


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit_records SET actor = 'x' WHERE subject = 'order:WO6'", "Record 7 is the first that is wrong"),
        ("DELETE FROM audit_chain WHERE position = 20", "Record 20 is the first that is wrong: it is missing"),
        ("UPDATE audit_chain SET hash = 'f' WHERE position = 3", "Record 3 is the first that is wrong"),
    ],
)
def test_what_the_databases_owner_changed_is_named(
    sessions: sessionmaker[Session], home: Path, capsys: pytest.CaptureFixture[str], statement: str, named: str
) -> None:
    fill(sessions)
    main(["checkpoint"])
    past_the_triggers(sessions, statement)
    assert proven(home) == 1
    assert named in capsys.readouterr().out


def test_records_that_somebody_kept_out_of_the_chain_are_counted(
    sessions: sessionmaker[Session], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(sessions)
    past_the_triggers(sessions, "DELETE FROM audit_pending WHERE seq = (SELECT min(seq) FROM audit_pending)")
    assert main(["export", str(home / "export.jsonl")]) == 0
    assert "1 records stand in the database outside the chain" in capsys.readouterr().err


def test_an_export_goes_to_standard_output_too(
    sessions: sessionmaker[Session], home: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    fill(sessions)
    assert main(["export", "-"]) == 0
    assert capfdbinary.readouterr().out.count(b"\n") == 20


def test_without_a_key_nothing_can_be_signed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETING_AUDIT_KEY", "")
    assert main(["checkpoint"]) == 2
    assert "TICKETING_AUDIT_KEY is not set" in capsys.readouterr().err


def test_a_database_that_is_away_is_said_in_words(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    assert main(["export", str(home / "export.jsonl")]) == 3
    said = capsys.readouterr().err
    assert "cannot be used" in said
    assert "secret" not in said


def test_the_running_service_seals_and_signs_by_itself(settings: Settings, service: FastAPI, tmp_path: Path) -> None:
    key = base64.b64encode(KEY.private_bytes_raw()).decode()
    signed = {"audit_key": key, "audit_checkpoint_s": 0.1}
    running = app(Settings.model_validate(settings.model_dump(by_alias=True) | signed))
    with TestClient(running):
        with running.state.sessions.begin() as session:
            write(session, 1)
        journal = tmp_path / "audit-checkpoints" / "chain-001.jsonl"
        for _ in range(200):
            with running.state.sessions() as session:
                is_sealed = session.scalar(select(AuditLink.position)) is not None
            if is_sealed and journal.exists() and journal.stat().st_size:
                break
            time.sleep(0.05)
    assert read(journal.read_bytes().splitlines(keepends=True)).position == 1
