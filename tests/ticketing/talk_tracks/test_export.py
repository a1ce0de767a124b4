"""From the database into git and back: nothing is lost, and what did not change is not touched."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.talk_tracks.conftest import FOURTH, Desk
from ticketing.config import Settings
from ticketing.db import now
from ticketing.talk_tracks import __main__ as command
from ticketing.talk_tracks.files import TalkTrackFileError, read
from ticketing.talk_tracks.load import FILES, load

Sessions = sessionmaker[Session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FILES, tmp_path / "tracks"))


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, folder: Path, capsys: pytest.CaptureFixture[str]) -> "Run":
    monkeypatch.setattr("ticketing.commands.Settings", lambda: settings)
    return Run(folder, capsys)


class Run:
    """The command on a copy of the project's files; gives back what it printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._folder, self._capsys = folder, capsys

    def __call__(self, what: str, *, expect: int = 0) -> str:
        assert command.main([what, str(self._folder)]) == expect
        printed = self._capsys.readouterr()
        return printed.out + printed.err


def texts(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text("utf-8") for each in folder.rglob("*.yml")}


def test_nothing_is_written_when_nothing_was_decided(run: Run, folder: Path, sessions: Sessions) -> None:
    run("import")
    before = texts(folder)
    assert "0 files written" in run("export")
    assert texts(folder) == before


def test_what_people_decided_comes_into_git_and_is_then_unchanged(run: Run, folder: Path, desk: Desk) -> None:
    run("import")
    before, was = texts(folder), {(each.name, each.emergency_set): each for each in read(folder)}
    buttons = [{"title": "转人工", "payload": "转人工"}]
    desk.published("utter_welcome", chat="不用客气: {}。", phone="不客气。", buttons=buttons)
    desk.published("utter_new", chat="新的话。")
    desk.published("utter_welcome", chat="You are welcome.", language="en")
    written = run("export")
    assert "3 files written" in written
    changed = {name for name, text in texts(folder).items() if before.get(name) != text}
    assert changed == {"conversation.yml", "unsorted.yml", "unsorted.en.yml"}
    now_there = {(each.name, each.emergency_set): each for each in read(folder) if each.language == "zh-CN"}
    entry = now_there.pop(("utter_welcome", None))
    assert (entry.entry.chat, entry.entry.phone, entry.author, entry.publisher) == (
        "不用客气: {}。",
        "不客气。",
        "甲",
        "丙",
    )
    assert now_there.pop(("utter_new", None)).file == "unsorted.yml"
    assert now_there == {key: each for key, each in was.items() if key != ("utter_welcome", None)}
    assert texts(folder)["conversation.yml"].startswith("# The manners of a conversation")
    assert "talk tracks: 0 published" in run("import")
    assert "0 files written" in run("export")


def test_an_import_does_not_undo_what_was_decided_since(run: Run, desk: Desk, folder: Path) -> None:
    run("import")
    desk.published("utter_welcome", chat="不用谢。")
    assert "utter_welcome: other words are in force since" in run("import")
    desk.post("/utter_welcome/rollback", by=FOURTH, reason="说错了")
    desk.published("utter_welcome", chat="别客气。")
    file = folder / "conversation.yml"
    file.write_text(file.read_text("utf-8").replace("chat: 不客气。", "chat: 您太客气了。"), encoding="utf-8")
    assert "1 published" in run("import")
    [shown, *_] = desk.get("/utter_welcome")
    assert (shown["chat"], shown["state"], shown["author"]) == ("您太客气了。", "published", "李敏")


def test_an_emergency_set_is_imported_ready_and_not_in_force(sessions: Sessions, desk: Desk) -> None:
    with sessions.begin() as session:
        load(session, at=now())
    states = {each["state"]: each["emergency_set"] for each in desk.get("/utter_greet_call")}
    assert states == {"published": None, "standby": "storm"}


def test_lint_needs_no_database_and_fails_on_an_error(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ticketing.commands.Settings", None)
    assert "0 errors" in run("lint")
    file = folder / "conversation.yml"
    file.write_text(file.read_text("utf-8").replace("chat: 不客气。", "chat: 你这个残废。"), encoding="utf-8")
    assert "conversation.yml utter_welcome chat: error discrimination.disability [3:5] “残废”" in run("lint", expect=1)
    file.write_text("talk_tracks: [", encoding="utf-8")
    assert "not YAML" in run("lint", expect=1)


def test_a_refused_import_keeps_nothing(run: Run, folder: Path, desk: Desk) -> None:
    file = folder / "conversation.yml"
    file.write_text(file.read_text("utf-8").replace("reviewer: 韦芳", "reviewer: 李敏"), encoding="utf-8")
    assert "same_person: the reviewer must not be the author (李敏)" in run("import", expect=1)
    assert desk.get("") == []


def test_a_file_that_is_broken_is_not_overwritten(run: Run, folder: Path) -> None:
    run("import")
    (folder / "sms.yml").write_text("talk_tracks: [", encoding="utf-8")
    assert "not YAML" in run("export", expect=1)
    assert (folder / "sms.yml").read_text("utf-8") == "talk_tracks: ["
    with pytest.raises(TalkTrackFileError):
        read(folder)
