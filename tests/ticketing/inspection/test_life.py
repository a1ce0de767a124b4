"""Filled in by one, contested once by whom it scores, decided by another; each step in the trail, the matter held."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.models import AuditRecord
from ticketing.db import now
from ticketing.inspection import service
from ticketing.inspection.errors import TooLate
from ticketing.inspection.sheet import load

SHEET = load()
FULL = {each.id: each.points for each in SHEET.criteria}
LOW = {**FULL, "manner": 2}


def post(office: TestClient, path: str, **body: Any) -> Any:
    answer = office.post(f"/api/inspection/sheets{path}", json=body)
    return answer.json() | {"status": answer.status_code}


def filled(office: TestClient, **changes: Any) -> Any:
    asked = {"conversation": "c-1", "agent": "韦晓岚", "scores": LOW, "remarks": "语气生硬", "by": "检查员甲"}
    return post(office, "", **{**asked, **changes})


def error(answer: dict[str, Any]) -> tuple[int, str]:
    return answer["status"], answer["error"]


@pytest.mark.usefixtures("whole")
def test_from_the_score_to_the_last_word(demo: TestClient, sessions: sessionmaker[Session]) -> None:
    sheet = filled(demo)
    assert (sheet["status"], sheet["total"], sheet["state"], sheet["sheet"]) == (200, 92, "filled", "service/1")
    number = sheet["id"]
    assert error(filled(demo, by="检查员乙")) == (409, "AlreadyFilled")
    assert error(post(demo, f"/{number}/decision", by="检查员乙", reason="无")) == (409, "NotContested")
    for by in ("检查员甲", "黄志强"):
        assert error(post(demo, f"/{number}/contest", by=by, reason="不服")) == (409, "NotTheAgent")
    contested = post(demo, f"/{number}/contest", by="韦晓岚", reason="客户先骂人")
    assert (contested["state"], contested["contest"]) == ("contested", "客户先骂人")
    assert error(post(demo, f"/{number}/contest", by="韦晓岚", reason="再说一次")) == (409, "ContestedBefore")
    assert [each["conversation"] for each in demo.get("/api/retention/holds").json()] == ["c-1"]
    for by in ("检查员甲", "韦晓岚"):
        assert error(post(demo, f"/{number}/decision", by=by, reason="维持")) == (409, "SamePerson")
    wrong = post(demo, f"/{number}/decision", by="检查员乙", reason="改", scores={**FULL, "manner": 99})
    assert error(wrong) == (422, "ScoresDoNotFit")
    decided = post(demo, f"/{number}/decision", by="检查员乙", reason="客户确有辱骂", scores=FULL)
    assert (decided["state"], decided["total"], decided["first_scores"]) == ("decided", 100, LOW)
    assert demo.get("/api/retention/holds").json() == []
    assert error(post(demo, f"/{number}/contest", by="韦晓岚", reason="还是不服")) == (409, "ContestedBefore")
    assert demo.get(f"/api/inspection/sheets/{number}").json()["decided_by"] == "检查员乙"
    with sessions() as session:
        trail = session.scalars(select(AuditRecord).where(AuditRecord.subject == f"inspection:{number}")).all()
        kinds = [each.kind for each in trail]
        assert kinds == ["inspection.filled", "inspection.contested", "inspection.decided"]
        assert [each.actor for each in trail] == ["agent:检查员甲", "agent:韦晓岚", "agent:检查员乙"]
        assert "生硬" not in str([each.data for each in trail])
    shown = demo.get("/api/audit/conversations/c-1/replay").json()["inspections"]
    assert [(each["agent"], each["total"]) for each in shown] == [("韦晓岚", 100)]


@pytest.mark.usefixtures("whole")
def test_who_may_be_scored_and_by_whom(demo: TestClient) -> None:
    assert error(filled(demo, agent="黄志强")) == (409, "AgentNotInConversation")
    assert error(filled(demo, by="韦晓岚")) == (409, "SamePerson")
    assert error(filled(demo, conversation="c-2")) == (404, "ConversationNotFound")
    assert filled(demo, agent="bot")["total"] == 92
    listed = demo.get("/api/inspection/sheets", params={"agent": "bot", "state": "filled"}).json()
    assert [each["agent"] for each in listed] == ["bot"]
    assert demo.get("/api/inspection/sheets", params={"state": "contested"}).json() == []


@pytest.mark.usefixtures("whole")
def test_the_time_for_contesting_ends(demo: TestClient, sessions: sessionmaker[Session]) -> None:
    number = filled(demo)["id"]
    late = now() + timedelta(days=SHEET.contest_days, minutes=1)
    with sessions() as session, pytest.raises(TooLate):
        service.contest(session, SHEET, number, by="韦晓岚", reason="不服", at=late)


@pytest.mark.usefixtures("whole")
def test_upheld_points_stay(demo: TestClient) -> None:
    number = filled(demo)["id"]
    post(demo, f"/{number}/contest", by="韦晓岚", reason="不服")
    decided = post(demo, f"/{number}/decision", by="检查员乙", reason="维持")
    assert (decided["total"], decided["first_scores"]) == (92, None)


@pytest.mark.usefixtures("whole")
def test_who_contested_for_the_bot_does_not_decide(demo: TestClient) -> None:
    number = filled(demo, agent="bot")["id"]
    post(demo, f"/{number}/contest", by="话术编辑", reason="规则如此")
    assert error(post(demo, f"/{number}/decision", by="话术编辑", reason="改")) == (409, "SamePerson")
    assert post(demo, f"/{number}/decision", by="检查员乙", reason="维持")["state"] == "decided"
