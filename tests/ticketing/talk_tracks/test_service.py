"""What is said: the words in force for the channel; the plain ones, and an error in the log, when that cannot be."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker
from structlog.testing import capture_logs

from ticketing.talk_tracks.load import load
from ticketing.talk_tracks.service import NothingToSay, Rendered, render

AT = datetime(2026, 11, 23, tzinfo=UTC)
Sessions = sessionmaker[Session]
TRACKS = (
    "{utter_a: {chat: '工单号{order_number}，地址{address}', phone: '工单号{order_number}', personal: [address],"
    " buttons: [{title: '催工单{order_number}', payload: '催一下工单{order_number}'}]},"
    " utter_b: {chat: 只有文字}}"
)


def publish(session: Session, folder: Path, tracks: str = TRACKS) -> None:
    (folder / "words.yml").write_text(
        f"author: 甲\nreviewer: 乙\npublisher: 丙\ntalk_tracks: {tracks}", encoding="utf-8"
    )
    (folder / "domain").write_text("responses: {utter_d: [{text: '默认{n}'}]}", encoding="utf-8")
    load(session, at=AT, folder=folder, domain=folder / "domain")


@pytest.fixture
def published(sessions: Sessions, tmp_path: Path) -> None:
    with sessions.begin() as session:
        publish(session, tmp_path)


def say(
    sessions: Sessions, name: str, *, channel: str = "web", default: str | None = None, **slots: object
) -> Rendered:
    with sessions() as session:
        return render(session, name=name, slots=slots, channel=channel, default=default)


@pytest.mark.usefixtures("published")
def test_the_channel_chooses_the_variant_and_the_phone_falls_back_to_the_chat(sessions: Sessions) -> None:
    chat = Rendered(
        "工单号7，地址路", 1, ({"title": "催工单7", "payload": "催一下工单7"},), frozenset({"order_number"})
    )
    assert say(sessions, "utter_a", order_number=7, address="路") == chat
    assert say(sessions, "utter_a", channel="wechat", order_number=7, address="路") == chat
    assert say(sessions, "utter_a", channel="phone", order_number=7, address="路") == Rendered(
        "工单号7", 1, (), frozenset({"order_number"})
    )
    assert say(sessions, "utter_b", channel="phone") == Rendered("只有文字", 1, (), frozenset())


@pytest.mark.usefixtures("published")
def test_a_missing_slot_is_logged_and_the_plain_text_said_as_version_0(sessions: Sessions) -> None:
    with capture_logs() as logs:
        assert say(sessions, "utter_a", order_number=7, default="单号{order_number}。") == Rendered(
            "单号7。", 0, (), frozenset()
        )
    assert [(each["event"], each["log_level"], each["slots"]) for each in logs] == [
        ("talk_track_slot_missing", "error", ["address"])
    ]


@pytest.mark.usefixtures("published")
def test_an_unknown_name_is_said_in_its_default_words_as_version_0(sessions: Sessions) -> None:
    assert say(sessions, "utter_x", default="你好") == Rendered("你好", 0, (), frozenset())
    assert say(sessions, "utter_d", n=1) == Rendered("默认1", 0, (), frozenset())
    with capture_logs() as logs:
        assert say(sessions, "utter_d").text == "默认"
    assert logs[0]["version"] == 0
    with pytest.raises(NothingToSay):
        say(sessions, "utter_x", default=" ")


@pytest.mark.usefixtures("published")
def test_a_publication_is_said_from_its_commit_on_and_a_rolled_back_one_never(
    sessions: Sessions, tmp_path: Path
) -> None:
    new = "{utter_b: {chat: 新的文字}}"
    with sessions() as session:
        publish(session, tmp_path, new)
        assert render(session, name="utter_b", slots={}, channel="web").text == "新的文字"
        session.rollback()
    assert say(sessions, "utter_b").text == "只有文字"
    with sessions.begin() as session:
        publish(session, tmp_path, "{utter_b: {chat: 又一个}}")
    assert (say(sessions, "utter_b").text, say(sessions, "utter_b").version) == ("又一个", 2)


@pytest.mark.usefixtures("published")
def test_the_words_are_read_once_and_then_only_compared(sessions: Sessions) -> None:
    say(sessions, "utter_b")
    statements: list[str] = []
    with sessions() as session:
        event.listen(session.get_bind(), "before_cursor_execute", lambda *call: statements.append(call[2]))
        for _ in range(3):
            render(session, name="utter_b", slots={}, channel="web")
    reading = [each for each in statements if each.startswith("SELECT")]
    assert len(reading) == 3 and all("talk_track_edition" in each for each in reading)
