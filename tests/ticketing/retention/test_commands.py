"""Retention by its commands."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.test_commands import home  # noqa: F401  (fixture)
from tests.ticketing.retention.conftest import OTHER, PHONE, Lives, in_clear
from ticketing.retention.__main__ import main


@pytest.mark.usefixtures("home")
def test_a_hold_a_plan_an_erasure_and_a_run(
    sessions: sessionmaker[Session], lives: Lives, capsys: pytest.CaptureFixture[str]
) -> None:
    lives("c-1")
    lives("c-2", phone=OTHER)
    who = ["--by", "韦晓岚", "--reason", "争议"]
    assert main(["hold", "c-1", *who]) == 0
    assert main(["holds"]) == 0
    assert main(["plan"]) == 0
    said = capsys.readouterr().out
    assert "1 c-1 since" in said
    assert "held by disputes, left out: c-1" in said
    assert main(["erase", "--phone", PHONE, *who]) == 4
    said = capsys.readouterr().out
    assert "left out: c-1 (held)" in said
    assert "elsewhere: 前台" in said
    assert main(["lift", "1", *who]) == 1
    assert "SamePerson" in capsys.readouterr().err
    assert main(["lift", "1", "--by", "黄志强", "--reason", "了结"]) == 0
    assert main(["run"]) == 0
    assert "erasure 1: done" in capsys.readouterr().out
    assert in_clear(sessions, PHONE, OTHER) == []


def test_missing_settings_are_said_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TICKETING_DATA_KEY", raising=False)
    assert main(["plan"]) == 2
    assert "data_key" in capsys.readouterr().err
