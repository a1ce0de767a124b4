"""Inspectors find conversations by what happened in them and by what was not said; samples can be drawn again."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.replay.conftest import AT
from ticketing.audit.models import AuditRecord
from ticketing.conversations import service
from ticketing.conversations.schemas import Inbound, Turn
from ticketing.inspection import search
from ticketing.inspection.sampling import digest, sample


@pytest.fixture
def many(sessions: sessionmaker[Session], whole: str) -> None:
    """c-1 and forty short ones after it, a minute each; every fourth is not greeted."""
    with sessions.begin() as session:
        for number in range(40):
            at, id = AT + timedelta(minutes=number + 1), f"s-{number:02}"
            said = {"id": "m", "channel": "web", "kind": "text", "text": f"问题{number}", "at": at, "reply_to": "web:s"}
            service.record_message(session, id, Inbound.model_validate(said), at=at)
            words = "请讲" if number % 4 == 0 else "您好，请讲"
            decision = {"intent": "ask_bill" if number % 2 else "greet", "decision": "accept", "confidence": 1}
            replies = [{"talk_track": "utter_greet", "default": words}]
            turn: dict[str, Any] = {"turn": "m", "epoch": 1, "channel": "web", "replies": replies}
            service.record_replies(session, id, Turn.model_validate({**turn, "decision": decision}), at=at)


def found(office: TestClient, **query: Any) -> list[str]:
    """All pages."""
    ids: list[str] = []
    after = None
    while True:
        answer = office.get("/api/inspection/search", params={**query, **({"after": after} if after else {})})
        assert answer.status_code == 200, answer.text
        ids += [each["id"] for each in answer.json()["conversations"]]
        after = answer.json()["next"]
        if after is None:
            return ids


SHORT = [f"s-{number:02}" for number in reversed(range(40))]


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, [*SHORT, "c-1"]),
        ({"limit": 7}, [*SHORT, "c-1"]),
        ({"talk_track": "utter_created"}, ["c-1"]),
        ({"talk_track": "utter_created", "version": 2}, []),
        ({"intent": "ask_bill", "limit": 3}, [id for id in SHORT if int(id[2:]) % 2]),
        ({"decision": "clarify"}, []),
        ({"agent": "韦晓岚"}, ["c-1"]),
        ({"channel": "phone"}, ["c-1"]),
        ({"order_kind": "outage"}, ["c-1"]),
        ({"order_kind": "complaint"}, []),
        ({"since": "2026-11-23T01:40:00Z"}, ["s-39", "s-38", "s-37"]),
        ({"until": "2026-11-23T01:03:00Z"}, ["c-1"]),
        ({"words": "问题17"}, ["s-17"]),
        ({"without": "您好", "limit": 4}, [id for id in SHORT if int(id[2:]) % 4 == 0]),
        ({"without": ["您好", "请讲"]}, []),
        (
            {"words": ["问题1", "您好"], "without": "抱歉"},
            ["s-19", "s-18", "s-17", "s-15", "s-14", "s-13", "s-11", "s-10", "s-01"],
        ),
    ],
)
def test_search(demo: TestClient, query: dict[str, Any], wanted: list[str]) -> None:
    assert found(demo, **query) == wanted


@pytest.mark.usefixtures("many")
def test_no_answer_reads_the_words_of_everybody(demo: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "READ_AT_MOST", 9)
    first = demo.get("/api/inspection/search", params={"words": "问题0"}).json()
    assert (first["conversations"], first["next"]) == ([], "s-31")
    assert found(demo, words="问题0") == ["s-00"]


@pytest.mark.usefixtures("many")
def test_a_sample_is_drawn_again_by_its_seed(demo: TestClient, sessions: sessionmaker[Session]) -> None:
    def draw(**more: Any) -> Any:
        return demo.get(
            "/api/inspection/sample", params={"seed": "2026-11", "size": 5, "channel": "web", **more}
        ).json()

    first = draw()
    assert (first["population"], len(set(first["conversations"]))) == (40, 5)
    again = draw(until=first["until"])
    assert (again["conversations"], again["digest"]) == (first["conversations"], first["digest"])
    assert draw(seed="2026-12")["conversations"] != first["conversations"]
    with sessions() as session:
        kept = session.scalars(select(AuditRecord).where(AuditRecord.kind == "inspection.sampled")).all()
    assert kept[0].data["drawn"] == first["conversations"]
    assert kept[0].data["wanted"]["channel"] == "web"


@pytest.mark.usefixtures("many")
def test_a_search_is_recorded_and_its_words_can_be_erased(demo: TestClient, sessions: sessionmaker[Session]) -> None:
    found(demo, words="韦小明", channel="web")
    with sessions() as session:
        [kept] = session.scalars(select(AuditRecord).where(AuditRecord.kind == "inspection.searched")).all()
    assert kept.data == {"found": 0, "wanted": {"channel": "web"}}
    assert kept.text_hash is not None


def test_a_sample_is_even_and_one_more_in_the_population_changes_one_at_most() -> None:
    population = [f"c-{number}" for number in range(500)]
    drawn: dict[str, int] = {}
    for seed in range(400):
        for each in sample(population, size=50, seed=str(seed)):
            drawn[each] = drawn.get(each, 0) + 1
    assert min(drawn.values()) > 15  # 40 expected, 6 its standard deviation
    assert max(drawn.values()) < 65
    before = sample(population, size=50, seed="x")
    after = sample([*population, "new"], size=50, seed="x")
    assert len(set(before) - set(after)) <= 1
    assert sample(reversed(population), size=50, seed="x") == before
    assert digest(population) == digest(reversed(population)) != digest([*population, "new"])
