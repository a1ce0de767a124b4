"""Storm days: two people switch on, a third reviews; the words hold for the area and until the end, never longer."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.talk_tracks.conftest import FOURTH, PUBLISHER, READER, WRITER, Desk
from ticketing.audit.service import trail
from ticketing.db import now
from ticketing.talk_tracks import emergency, service
from ticketing.talk_tracks.clock import tick
from ticketing.talk_tracks.errors import EmergencyRefused
from ticketing.talk_tracks.load import load
from ticketing.talk_tracks.service import render

Sessions = sessionmaker[Session]
NAME = "utter_outage_known_no_etr"
HOUR = timedelta(hours=1)
STORM = "受天气影响，{emergency_area}预计{emergency_time}恢复，范围{area}。"


@pytest.fixture
def ready(desk: Desk) -> None:
    """Usual words in force, and words for the storm that stand ready."""
    desk.published(NAME, chat="停电已知，范围{area}。")
    desk.published("utter_welcome", chat="不客气。")
    desk.published(NAME, chat=STORM, emergency_set="storm")
    desk.published("utter_welcome", chat="不客气，{emergency_area}正在抢修。", emergency_set="storm")


def wish(**more: Any) -> dict[str, Any]:
    at = now()
    times = {"restoration": (at + 6 * HOUR).isoformat(), "until": (at + 5 * HOUR).isoformat()}
    return {"emergency_set": "storm", "area": "右江区", **times, **more}


def switched_on(desk: Desk, **more: Any) -> int:
    id = int(desk.post("/emergencies", by=WRITER, expect=201, **wish(**more))["id"])
    assert desk.post(f"/emergencies/{id}/confirm", by=READER)["state"] == "on"
    return id


def said(sessions: Sessions, name: str = NAME, **slots: str) -> tuple[str, int]:
    with sessions() as session:
        words = render(session, name=name, slots=slots, channel="web")
        return words.text, words.version


def later(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    monkeypatch.setattr(service, "now", lambda: at)


@pytest.mark.usefixtures("ready")
def test_its_words_are_said_after_two_actions_in_its_area_only(desk: Desk, sessions: Sessions) -> None:
    here, there = "右江区中山二路", "田阳区那坡镇"
    usual = ("停电已知，范围右江区中山二路。", 1)
    assert said(sessions, area=here) == usual
    id = switched_on(desk)
    text, version = said(sessions, area=here)
    assert text.startswith("受天气影响，右江区预计") and text.endswith("恢复，范围右江区中山二路。") and version == 2
    assert said(sessions, area=there) == ("停电已知，范围田阳区那坡镇。", 1)
    assert said(sessions, "utter_welcome") == ("不客气，右江区正在抢修。", 2)
    desk.post(f"/emergencies/{id}/off", by=FOURTH, reason="风停了")
    assert said(sessions, area=here) == usual


@pytest.mark.usefixtures("ready")
def test_one_action_changes_nothing_and_the_same_person_cannot_do_both(desk: Desk, sessions: Sessions) -> None:
    id = desk.post("/emergencies", by=WRITER, expect=201, **wish())["id"]
    assert said(sessions, area="右江区") == ("停电已知，范围右江区。", 1)
    for same in (WRITER, f" {WRITER} "):
        refused = desk.post(f"/emergencies/{id}/confirm", by=same, expect=409)
        assert refused["error"] == "SecondPersonNeeded"
    desk.post(f"/emergencies/{id}/confirm", by=READER)
    assert desk.post(f"/emergencies/{id}/confirm", by=PUBLISHER, expect=409)["error"] == "EmergencyRefused"
    assert desk.post("/emergencies", by=FOURTH, expect=409, **wish())["error"] == "EmergencyRefused"
    desk.post("/emergencies", by=FOURTH, expect=201, **wish(area="田阳区"))


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize("after", [5 * HOUR, 6 * HOUR])
def test_nothing_of_it_is_said_after_its_end_even_if_nobody_is_there_to_end_it(
    desk: Desk, sessions: Sessions, monkeypatch: pytest.MonkeyPatch, after: timedelta
) -> None:
    switched_on(desk)
    later(monkeypatch, now() + after)
    assert said(sessions, area="右江区") == ("停电已知，范围右江区。", 1)


@pytest.mark.usefixtures("ready")
def test_the_time_that_it_tells_never_lies_in_the_past(
    desk: Desk, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    switched_on(desk, restoration=(now() + HOUR).isoformat())
    later(monkeypatch, now() + HOUR)
    assert said(sessions, area="右江区") == ("停电已知，范围右江区。", 1)


@pytest.mark.usefixtures("ready")
def test_the_clock_ends_it_and_records_it(desk: Desk, sessions: Sessions) -> None:
    switched_on(desk)
    assert tick(sessions, at=now() + 4 * HOUR) == 0
    assert tick(sessions, at=now() + 5 * HOUR) == 1
    assert tick(sessions, at=now() + 5 * HOUR) == 0
    [shown] = desk.get("/emergencies")
    assert (shown["state"], shown["off_by"], shown["off_reason"]) == ("off", "schedule", "its end has come")


@pytest.mark.usefixtures("ready")
def test_a_wish_that_nobody_takes_up_lapses(desk: Desk, sessions: Sessions) -> None:
    id = desk.post("/emergencies", by=WRITER, expect=201, **wish())["id"]
    with pytest.raises(EmergencyRefused, match="lapsed"), sessions.begin() as session:
        emergency.confirm(session, id, by=READER, at=now() + HOUR)
    assert tick(sessions, at=now() + HOUR) == 1
    with sessions() as session:
        assert [each.data["reason"] for each in trail(session, limit=999) if each.kind.endswith("_off")] == [
            "nobody confirmed it"
        ]


@pytest.mark.usefixtures("ready")
def test_a_third_person_reviews_and_one_of_the_two_cannot(desk: Desk, sessions: Sessions) -> None:
    id = switched_on(desk)
    for one in (WRITER, READER):
        refused = desk.post(f"/emergencies/{id}/review", by=one, accept=True, expect=409)
        assert refused["error"] == "SecondPersonNeeded"
    shown = desk.post(f"/emergencies/{id}/review", by=PUBLISHER, accept=False, reason="时间没有依据")
    assert (shown["state"], shown["accepted"], shown["remarks"]) == ("off", False, "时间没有依据")
    assert said(sessions, area="右江区") == ("停电已知，范围右江区。", 1)
    assert desk.post(f"/emergencies/{id}/review", by=PUBLISHER, accept=True, expect=409)["error"] == "EmergencyRefused"


@pytest.mark.usefixtures("ready")
def test_a_missing_review_is_recorded_once_and_a_late_one_is_called_late(desk: Desk, sessions: Sessions) -> None:
    id = switched_on(desk)
    assert tick(sessions, at=now() + 23 * HOUR) == 1  # its end
    assert tick(sessions, at=now() + 25 * HOUR) == 1
    assert tick(sessions, at=now() + 26 * HOUR) == 0
    with sessions.begin() as session:
        row = emergency.review(session, id, by=PUBLISHER, accept=True, remarks=None, at=now() + 27 * HOUR)
        assert not emergency.is_overdue(row, at=now() + 27 * HOUR) and row.overdue_at is not None
    with sessions() as session:
        told = {each.kind: each.data for each in trail(session, limit=999)}
    assert "talk_track.emergency_review_overdue" in told
    assert told["talk_track.emergency_reviewed"]["late"] is True


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"emergency_set": "flood"}, (409, "EmergencySetEmpty")),
        ({"until": "2020-01-01T00:00:00Z"}, (422, "EmergencyTimes")),
        ({"restoration": "2020-01-01T00:00:00Z"}, (422, "EmergencyTimes")),
        ({"until": "2099-01-01T00:00:00Z"}, (422, "EmergencyTimes")),
        ({"until": "2026-11-23T00:00:00"}, (422, "InvalidRequest")),
        ({"restoration": "今晚"}, (422, "InvalidRequest")),
        ({"area": "到处"}, (422, "InvalidRequest")),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(desk: Desk, more: dict[str, str], error: tuple[int, str]) -> None:
    assert desk.post("/emergencies", by=WRITER, expect=error[0], **wish(**more))["error"] == error[1]


def test_its_places_and_sets_are_kept_apart_from_the_usual_words(desk: Desk) -> None:
    number = desk.draft(NAME, chat=STORM)
    refused = desk.step(NAME, number, "submit", by=WRITER, expect=422)
    assert {each["reason"] for each in refused["reasons"]} == {"unknown_placeholder"}
    number = desk.draft("utter_welcome", chat="不客气，正在抢修。", emergency_set="storm")
    refused = desk.step("utter_welcome", number, "submit", by=WRITER, expect=422)
    assert "placeholders.area" in refused["reasons"][0]["detail"]


def test_the_projects_own_storm_words_can_be_switched_on(desk: Desk, sessions: Sessions) -> None:
    with sessions.begin() as session:
        load(session, at=now())
    switched_on(desk)
    with sessions() as session:
        heard = render(session, name="utter_greet_call", slots={}, channel="phone")
    assert "右江区部分地方停电" in heard.text and "录音" in heard.text and "转人工" in heard.text
