"""The one decision: the API and the files are refused alike."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.talk_tracks.conftest import Desk
from ticketing.talk_tracks.files import TalkTrackFileError
from ticketing.talk_tracks.gate import Reason, people, refusals, same
from ticketing.talk_tracks.lint.book import read
from ticketing.talk_tracks.load import load
from ticketing.talk_tracks.models import TalkTrack
from ticketing.talk_tracks.words import Words

ON = date(2026, 11, 23)
THREE = {"author": "甲", "reviewer": "乙", "publisher": "丙"}


def reasons(words: Words, **who: str) -> list[Reason]:
    return [each.reason for each in refusals(words, read(), on=ON, **{**THREE, **who})]


@pytest.mark.parametrize(
    "who",
    [
        {"reviewer": "甲"},
        {"publisher": "甲"},
        {"publisher": "乙"},
        {"publisher": "ａlice", "author": "Alice"},
        {"reviewer": "甲 "},
    ],
)
def test_three_people_are_three(who: dict[str, str]) -> None:
    assert reasons(Words("utter_welcome", "不客气。"), **who) == [Reason.SAME_PERSON]


def test_nobody_is_not_a_person() -> None:
    assert [each.reason for each in people(author="甲", reviewer="", publisher=None)] == [Reason.PERSON_MISSING] * 2
    assert same("李 敏") == same("李敏\u3000")


def test_all_that_is_wrong_is_told_at_once() -> None:
    words = Words("utter_due", "你这个残废，应交{amuont}元。", buttons=(("去死", "好的"),))
    assert reasons(words, publisher="甲") == [
        Reason.SAME_PERSON,
        Reason.LINT,
        Reason.LINT,
        Reason.UNKNOWN_PLACEHOLDER,
    ]


def test_words_that_only_warn_may_be_published() -> None:
    assert reasons(Words("utter_welcome", "你不用谢！！")) == []


WRONG = [
    pytest.param({"chat": "你这个残废。"}, "lint", id="a lint error"),
    pytest.param({"chat": "请稍等。", "phone": "请拨打120。"}, "lint", id="a lint error on the phone"),
    pytest.param({"chat": "应交{amuont}元。"}, "unknown_placeholder", id="an unknown place"),
    pytest.param(
        {"chat": "好。", "buttons": [{"title": "催{x}", "payload": "催"}]}, "unknown_placeholder", id="in a button"
    ),
]


@pytest.mark.parametrize(("words", "reason"), WRONG)
def test_the_api_and_the_files_refuse_the_same(
    desk: Desk, sessions: sessionmaker[Session], tmp_path: Path, words: dict[str, Any], reason: str
) -> None:
    number = desk.draft("utter_due", **words)
    refused = desk.step("utter_due", number, "submit", by="甲", expect=422)
    by_api = [f"{each['reason']}: {each['detail']}" for each in refused["reasons"]]
    by_file = imported(sessions, tmp_path, words)
    assert by_api[0].startswith(reason)
    assert by_file == f"a.yml: utter_due: {by_api[0]}"


@pytest.mark.parametrize("who", [{"reviewer": "甲"}, {"publisher": "甲"}, {"publisher": "乙"}])
def test_the_files_cannot_publish_by_one_person_alone(
    sessions: sessionmaker[Session], tmp_path: Path, who: dict[str, str]
) -> None:
    assert "same_person" in imported(sessions, tmp_path, {"chat": "好。"}, **who)
    assert "same_person" in imported(sessions, tmp_path, {"chat": "好。", "author": "丙"})
    with sessions() as session:
        assert session.scalars(select(TalkTrack)).all() == []


def imported(sessions: sessionmaker[Session], folder: Path, words: dict[str, Any], **who: str) -> str:
    """What the refusal of the import says."""
    file = {**THREE, **who, "talk_tracks": {"utter_welcome": {"chat": "不客气。"}, "utter_due": words}}
    (folder / "a.yml").write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    (folder / "domain").write_text("responses: {}", encoding="utf-8")
    with pytest.raises(TalkTrackFileError) as refused, sessions.begin() as session:
        load(session, at=datetime(2026, 11, 23, tzinfo=UTC), folder=folder, domain=folder / "domain")
    return str(refused.value)
