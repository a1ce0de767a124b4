"""From draft to retirement by three people; every step is on record, and none can be left out."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.talk_tracks.conftest import FOURTH, PUBLISHER, READER, WRITER, Desk
from ticketing.audit.service import trail
from ticketing.db import now
from ticketing.talk_tracks.clock import tick
from ticketing.talk_tracks.service import render

Sessions = sessionmaker[Session]
NAME = "utter_stopped"
BAD = "你这个残废，我们30分钟内到。"


def said(sessions: Sessions, name: str = NAME, *, channel: str = "web", language: str = "zh-CN", **slots: Any) -> str:
    with sessions() as session:
        return render(session, name=name, slots=slots, channel=channel, default="默认", language=language).text


def kinds(sessions: Sessions) -> list[tuple[str, str]]:
    with sessions() as session:
        return [(each.kind.removeprefix("talk_track."), each.actor) for each in trail(session, limit=1000)]


def test_words_are_said_after_draft_review_and_publication_by_three_people(desk: Desk, sessions: Sessions) -> None:
    number = desk.draft(NAME, chat="好的，先不办了。", phone="好的，不办了。")
    assert said(sessions) == "默认"
    desk.step(NAME, number, "submit", by=WRITER)
    desk.step(NAME, number, "review", by=READER, accept=True)
    assert said(sessions) == "默认"
    answer = desk.step(NAME, number, "publish", by=PUBLISHER)
    assert (answer["state"], answer["author"], answer["reviewer"], answer["publisher"]) == (
        "published",
        "甲",
        "乙",
        "丙",
    )
    assert (said(sessions), said(sessions, channel="phone")) == ("好的，先不办了。", "好的，不办了。")
    assert kinds(sessions) == [("drafted", "甲"), ("submitted", "甲"), ("accepted", "乙"), ("published", "丙")]


@pytest.mark.parametrize(
    ("reviewer", "publisher"), [(WRITER, PUBLISHER), (READER, WRITER), (READER, READER), (" 甲 ", PUBLISHER)]
)
def test_one_person_never_answers_for_two_steps(desk: Desk, sessions: Sessions, reviewer: str, publisher: str) -> None:
    number = desk.draft(NAME, chat="好的。")
    desk.step(NAME, number, "submit", by=WRITER)
    if reviewer.strip() == WRITER:
        refused = desk.step(NAME, number, "review", by=reviewer, accept=True, expect=422)
    else:
        desk.step(NAME, number, "review", by=reviewer, accept=True)
        refused = desk.step(NAME, number, "publish", by=publisher, expect=422)
    assert refused["error"] == "PublicationRefused"
    assert [each["reason"] for each in refused["reasons"]] == ["same_person"]
    assert said(sessions) == "默认"


def test_lint_errors_and_unknown_places_stop_a_draft_before_review(desk: Desk) -> None:
    number = desk.draft(NAME, chat=BAD)
    refused = desk.step(NAME, number, "submit", by=WRITER, expect=422)
    rules = {each["detail"].split()[2] for each in refused["reasons"]}
    assert {"discrimination.disability", "promises.number"} <= rules
    number = desk.draft("utter_due", chat="应交{amuont}元。")
    refused = desk.step("utter_due", number, "submit", by=WRITER, expect=422)
    assert refused["reasons"][0]["reason"] == "unknown_placeholder"


def test_no_step_can_be_left_out_and_nobody_else_submits(desk: Desk) -> None:
    number = desk.draft(NAME, chat="好的。")
    for what, body in (
        ("publish", {}),
        ("review", {"accept": True}),
        ("schedule", {"published_from": "2099-01-01T00:00Z"}),
    ):
        assert desk.step(NAME, number, what, by=PUBLISHER, expect=409, **body)["error"] == "WrongState"
    assert desk.step(NAME, number, "submit", by=READER, expect=403)["error"] == "NotTheAuthor"
    desk.step(NAME, number, "submit", by=WRITER)
    assert desk.step(NAME, number, "submit", by=WRITER, expect=409)["state"] == "review"
    assert desk.step(NAME, 9, "submit", by=WRITER, expect=404)["error"] == "VersionNotFound"
    assert desk.get("/utter_nowhere", expect=404)["error"] == "TalkTrackNotFound"


def test_a_rejection_has_a_reason_and_ends_the_version(desk: Desk) -> None:
    number = desk.draft(NAME, chat="好的。")
    desk.step(NAME, number, "submit", by=WRITER)
    desk.step(NAME, number, "review", by=READER, accept=False, expect=422)
    desk.step(NAME, number, "review", by=READER, accept=False, reason="太冷淡")
    assert desk.step(NAME, number, "publish", by=PUBLISHER, expect=409)["state"] == "rejected"
    [shown] = desk.get(f"/{NAME}")
    assert (shown["state"], shown["reason"], shown["reviewer"]) == ("rejected", "太冷淡", "乙")


def test_a_new_draft_replaces_the_authors_earlier_one(desk: Desk) -> None:
    desk.draft(NAME, chat="一")
    desk.draft(NAME, by=FOURTH, chat="别人的")
    desk.draft(NAME, chat="二")
    assert [(each["version"], each["state"]) for each in desk.get(f"/{NAME}")] == [
        (3, "draft"),
        (2, "draft"),
        (1, "retired"),
    ]


def test_a_rollback_is_one_action_and_can_go_on(desk: Desk, sessions: Sessions) -> None:
    for text in ("一。", "二。", "三。"):
        desk.published(NAME, chat=text)
    first = {each["version"]: each["published_at"] for each in desk.get(f"/{NAME}")}
    assert desk.post(f"/{NAME}/rollback", by=FOURTH, reason="说错了")["version"] == 2
    assert said(sessions) == "二。"
    assert desk.post(f"/{NAME}/rollback", by=FOURTH, reason="也不对")["version"] == 1
    assert said(sessions) == "一。"
    refused = desk.post(f"/{NAME}/rollback", by=FOURTH, reason="还有吗", expect=409)
    assert refused["error"] == "NothingBefore"
    assert {each["version"]: each["published_at"] for each in desk.get(f"/{NAME}")} == first
    assert kinds(sessions)[-2:] == [("rolled_back", "丁"), ("rolled_back", "丁")]


def test_words_come_into_force_at_their_time_and_not_before(desk: Desk, sessions: Sessions) -> None:
    desk.published(NAME, chat="旧。")
    number = desk.approved(NAME, chat="新。")
    due = now() + timedelta(hours=2)
    refused = desk.step(NAME, number, "schedule", by=READER, published_from=due.isoformat(), expect=422)
    assert refused["reasons"][0]["reason"] == "same_person"
    past = (now() - timedelta(minutes=1)).isoformat()
    desk.step(NAME, number, "schedule", by=PUBLISHER, published_from=past, expect=409)
    desk.step(NAME, number, "schedule", by=PUBLISHER, published_from=due.isoformat())
    assert tick(sessions, at=due - timedelta(seconds=1)) == 0
    assert said(sessions) == "旧。"
    assert tick(sessions, at=due) == 1
    assert said(sessions) == "新。"
    assert tick(sessions, at=due) == 0
    assert kinds(sessions)[-1] == ("published", "schedule")


def test_of_two_that_are_due_together_the_later_one_stays(desk: Desk, sessions: Sessions) -> None:
    early, late = now() + timedelta(hours=1), now() + timedelta(hours=2)
    for text, due in (("晚。", late), ("早。", early)):
        number = desk.approved(NAME, chat=text)
        desk.step(NAME, number, "schedule", by=PUBLISHER, published_from=due.isoformat())
    assert tick(sessions, at=late) == 2
    assert said(sessions) == "晚。"


def test_a_scheduled_version_that_was_taken_back_never_comes(desk: Desk, sessions: Sessions) -> None:
    number = desk.approved(NAME, chat="新。")
    due = now() + timedelta(hours=1)
    desk.step(NAME, number, "schedule", by=PUBLISHER, published_from=due.isoformat())
    desk.step(NAME, number, "retire", by=FOURTH, reason="不要了")
    assert tick(sessions, at=due) == 0
    assert said(sessions) == "默认"


def test_words_that_are_still_said_cannot_be_retired(desk: Desk, sessions: Sessions) -> None:
    number = desk.published("utter_due_open", chat="应交{amount}元。", personal=["amount"])
    refused = desk.step("utter_due_open", number, "retire", by=FOURTH, reason="不要了", expect=409)
    assert refused["error"] == "StillSaid"
    number = desk.published("utter_of_yesterday", chat="好的。")
    desk.step("utter_of_yesterday", number, "retire", by=FOURTH, reason="没有人说了")
    assert said(sessions, "utter_of_yesterday") == "默认"


def test_languages_have_words_of_their_own_and_fall_back_to_ours(desk: Desk, sessions: Sessions) -> None:
    chinese = desk.published(NAME, chat="好的。")
    english = desk.published(NAME, chat="All right.", language="en")
    assert (chinese, english) == (1, 2)
    assert (said(sessions), said(sessions, language="en"), said(sessions, language="vi")) == (
        "好的。",
        "All right.",
        "好的。",
    )
    assert [(each["language"], each["in_force"]) for each in desk.get("")] == [("en", 2), ("zh-CN", 1)]
    refused = desk.post(f"/{NAME}/rollback", by=FOURTH, reason="说错了", language="en", expect=409)
    assert refused["error"] == "NothingBefore"


def test_a_required_disclosure_cannot_be_skipped_in_another_language(desk: Desk) -> None:
    number = desk.draft("utter_identity_machine", chat="I am a machine.", language="en")
    refused = desk.step("utter_identity_machine", number, "submit", by=WRITER, expect=422)
    assert "disclosures.machine" in refused["reasons"][0]["detail"]


def test_the_desk_finds_what_waits_and_what_says_something(desk: Desk) -> None:
    desk.published(NAME, chat="好的，先不办了。")
    number = desk.draft("utter_welcome", chat="不客气。")
    desk.step("utter_welcome", number, "submit", by=WRITER)
    assert [each["name"] for each in desk.get("", state="review")] == ["utter_welcome"]
    assert [each["name"] for each in desk.get("", text="先不办")] == [NAME]
    assert desk.get("", language="en") == []


def test_the_difference_between_versions_is_told_sign_by_sign(desk: Desk) -> None:
    desk.draft(NAME, chat="请你稍等。")
    desk.draft(NAME, chat="请您稍等。", phone="请稍等。")
    shown = desk.get(f"/{NAME}/diff", before=1, after=2)
    assert [(each["part"], each["marked"]) for each in shown] == [
        ("chat", "请[-你-]{+您+}稍等。"),
        ("phone", "{+请稍等。+}"),
    ]
    assert desk.get(f"/{NAME}/diff", before=2, after=2) == []
    desk.get(f"/{NAME}/diff", before=1, after=9, expect=404)


def test_the_bot_may_not_publish_and_a_text_is_checked_for_who_types(
    desk: Desk, bot: TestClient, client: TestClient
) -> None:
    body = {"by": WRITER, "chat": "好的。"}
    assert client.post(f"/api/talk-tracks/{NAME}/versions", json=body).status_code == 403
    assert bot.post(f"/api/talk-tracks/{NAME}/versions", json=body).status_code == 403
    assert client.post("/api/talk-tracks/lint", json={"text": "好"}).status_code == 403
    answer = bot.post("/api/talk-tracks/lint", json={"text": "你打13812345678", "channel": "chat"}).json()
    assert [(each["rule"], each["start"], each["end"]) for each in answer["findings"]] == [
        ("tone.you", 0, 1),
        ("personal_data.mobile", 2, 13),
    ]
    assert answer["errors"] == 1 and answer["edition"]
    assert bot.post("/api/talk-tracks/lint", json={"text": "{x}"}).json()["findings"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/Utter_X/versions", {"chat": "好"}),
        ("/utter_x/versions", {"chat": ""}),
        ("/utter_x/versions", {"chat": "好", "buttons": [{"title": "a", "payload": "/restart"}]}),
        ("/utter_x/versions", {"chat": "好", "language": "Chinese!"}),
    ],
)
def test_a_request_that_does_not_fit_is_refused(desk: Desk, path: str, body: dict[str, Any]) -> None:
    assert desk.post(path, by=WRITER, expect=422, **body)["error"] == "InvalidRequest"


def test_everyone_must_have_a_name(desk: Desk) -> None:
    assert desk.post(f"/{NAME}/versions", by="  ", expect=422, chat="好")["error"] == "InvalidRequest"
