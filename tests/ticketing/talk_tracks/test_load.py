"""Publishing: a change is a new version, nothing else is; the one before retires and stays readable."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.service import trail
from ticketing.config import Settings
from ticketing.talk_tracks import __main__ as command
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.load import DOMAIN, Loaded, load
from ticketing.talk_tracks.models import DefaultText, State, TalkTrack

AT = datetime(2026, 11, 23, tzinfo=UTC)
Sessions = sessionmaker[Session]


def publish(sessions: Sessions, folder: Path, tracks: str, *, domain: str = "responses: {}") -> Loaded:
    (folder / "words.yml").write_text(
        f"author: 甲\nreviewer: 乙\npublisher: 丙\ntalk_tracks: {tracks}", encoding="utf-8"
    )
    (folder / "domain").write_text(domain, encoding="utf-8")
    with sessions.begin() as session:
        return load(session, at=AT, folder=folder, domain=folder / "domain")


def rows(sessions: Sessions) -> list[tuple[str, str, int, str, str]]:
    with sessions() as session:
        found = session.scalars(select(TalkTrack).order_by(TalkTrack.name, TalkTrack.version, TalkTrack.variant))
        return [(each.name, each.variant, each.version, each.state, each.text) for each in found]


def test_a_changed_text_becomes_the_next_version_and_repeating_changes_nothing(
    sessions: Sessions, tmp_path: Path
) -> None:
    first = "{utter_a: {chat: 一, phone: 壹}, utter_b: {chat: 乙}}"
    assert publish(sessions, tmp_path, first) == Loaded(("utter_a", "utter_b"), 0, ())
    assert publish(sessions, tmp_path, first) == Loaded((), 2, ())
    assert publish(sessions, tmp_path, "{utter_a: {chat: 一二, phone: 壹}, utter_b: {chat: 乙}}").published == (
        "utter_a",
    )
    assert rows(sessions) == [
        ("utter_a", "chat", 1, State.RETIRED, "一"),
        ("utter_a", "phone", 1, State.RETIRED, "壹"),
        ("utter_a", "chat", 2, State.PUBLISHED, "一二"),
        ("utter_a", "phone", 2, State.PUBLISHED, "壹"),
        ("utter_b", "chat", 1, State.PUBLISHED, "乙"),
    ]
    with sessions() as session:
        published = [(each.subject, each.actor, each.data["version"]) for each in trail(session)]
    assert published == [
        ("talk_track:utter_a", "丙", 1),
        ("talk_track:utter_b", "丙", 1),
        ("talk_track:utter_a", "丙", 2),
    ]


@pytest.mark.parametrize("change", ["buttons: [{title: 是, payload: 是的}]", "personal: [x]", "phone: 壹"])
def test_more_than_the_text_is_a_change(sessions: Sessions, tmp_path: Path, change: str) -> None:
    publish(sessions, tmp_path, "{utter_a: {chat: 一}}")
    assert publish(sessions, tmp_path, f"{{utter_a: {{chat: 一, {change}}}}}").published == ("utter_a",)


def test_a_wrong_file_publishes_nothing_at_all(sessions: Sessions, tmp_path: Path) -> None:
    with pytest.raises(TalkTrackFileError):
        publish(sessions, tmp_path, "{utter_a: {chat: 一}, utter_b: {chat: ''}}")
    assert rows(sessions) == []


def test_defaults_follow_the_domain_and_uncovered_names_are_told(sessions: Sessions, tmp_path: Path) -> None:
    for text in ("旧", "新"):
        done = publish(
            sessions, tmp_path, "{utter_a: {chat: 一}}", domain=f"responses: {{utter_z: [{{text: {text}}}]}}"
        )
        assert done.only_default == ("utter_z",)
        with sessions() as session:
            assert session.get_one(DefaultText, "utter_z").text == text


def test_two_versions_are_never_in_force_together(sessions: Sessions, tmp_path: Path) -> None:
    publish(sessions, tmp_path, "{utter_a: {chat: 一}}")
    people = {"author": "甲", "reviewer": "乙", "publisher": "丙", "buttons": [], "personal": []}
    with pytest.raises(IntegrityError), sessions.begin() as session:
        session.add(TalkTrack(name="utter_a", variant="chat", version=9, state=State.PUBLISHED, text="二", **people))


def test_the_command_publishes_the_projects_words(
    settings: Settings, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert DOMAIN.exists()
    monkeypatch.setattr("ticketing.commands.Settings", lambda: settings)
    assert command.main() == 0
    assert " 0 published" not in capsys.readouterr().out
    assert command.main() == 0
    assert "talk tracks: 0 published" in capsys.readouterr().out
    assert any(row[0] == "utter_callback_arranged" and row[3] == State.PUBLISHED for row in rows(sessions))
