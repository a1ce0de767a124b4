"""The conversation as it was, over the wire, on the page and by the command; and what was changed behind our back."""

import json
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.audit.test_commands import home  # noqa: F401  (fixture)
from tests.ticketing.replay.conftest import CALLER, HEARD
from ticketing.audit.models import AuditRecord, AuditText
from ticketing.audit.sealing import seal_all
from ticketing.conversations.models import Message
from ticketing.replay.__main__ import main


def test_heard_understood_decided_said_and_what_became(
    demo: TestClient, client: TestClient, sessions: sessionmaker[Session], whole: str
) -> None:
    seal_all(sessions)
    demo.get("/api/work-orders", params={"conversation": whole})
    answer = demo.get(f"/api/audit/conversations/{whole}/replay", params={"by": "检查员"})
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    heard, said, joined, agent = shown["steps"]
    assert (heard["text"], heard["heard"]) == (HEARD, {"kind": "speech", "confidence": 0.87})
    assert heard["understood"] == {
        "intent": "report_outage",
        "confidence": 0.93,
        "decision": "accept",
        "entities": [{"entity": "address", "value": "右江区中山二路8号"}],
        "dropped": False,
    }
    assert heard["decided"] == [{"talk_track": "utter_created", "version": 1}]
    assert heard["took_ms"] == {
        "heard_to_recorded": 20,
        "recorded_to_answered": 380,
        "answered_to_delivered": 500,
        "heard_to_delivered": 900,
    }
    approved = said["said"]["approved"]
    assert [approved[who] for who in ("author", "reviewer", "publisher")] == ["甲", "乙", "丙"]
    assert (said["said"]["version"], said["said"]["is_default"], bool(approved["published_at"])) == (1, False, True)
    [rule] = said["said"]["rules"]
    assert (rule["rule"], rule["amount"], rule["unit"]) == ("arrival-urban", 45, "minutes")
    assert "南方电网" in rule["source"]
    assert [(each["state"], each["cut_at_ms"]) for each in said["became"]] == [("delivered", None), ("cut", 1200)]
    assert (joined["speaker"], joined["said"]["talk_track"]) == ("system", "utter_agent_joined")
    assert (agent["agent"], agent["said"]["talk_track"]) == ("韦晓岚", None)
    assert {each["proof"]["words"] for each in shown["steps"]} == {"as_sealed"}
    assert all(each["proof"]["position"] for each in shown["steps"])
    assert [each["turn"] for each in shown["dropped"]] == ["m-2"]
    assert [(each["kind"], bool(each["log"])) for each in shown["orders"]] == [("outage", True)]
    assert [(each["actor"], each["subject"]) for each in shown["looks"]] == [("demo", "orders:c-1")]
    assert shown["conversation"]["caller"] == "*******0001"
    assert CALLER not in answer.text
    again = demo.get(f"/api/audit/conversations/{whole}/replay").json()
    assert [(each["actor"], each["kind"]) for each in again["looks"]] == [
        ("demo", "personal.seen"),
        ("agent:检查员", "replay.looked_at"),
    ]


def test_words_that_were_changed_or_erased_are_told_apart(
    demo: TestClient, sessions: sessionmaker[Session], whole: str
) -> None:
    with sessions.begin() as session:
        hashes = session.scalars(
            select(AuditRecord.text_hash)
            .where(AuditRecord.kind.in_(["conversation.heard", "conversation.said"]))
            .order_by(AuditRecord.seq)
        ).all()
        session.execute(update(Message).where(Message.seq == 1).values(text="我家没停电"))
        session.execute(update(AuditText).where(AuditText.hash == hashes[1]).values(text="别的话"))
        session.execute(delete(AuditText).where(AuditText.hash == hashes[2]))
        session.execute(update(Message).where(Message.seq == 3).values(text=""))
    steps = demo.get(f"/api/audit/conversations/{whole}/replay").json()["steps"]
    assert [each["proof"]["words"] for each in steps] == ["changed", "changed", "erased", "as_sealed"]


def test_the_page_is_whole_in_itself_and_harmless(demo: TestClient, whole: str) -> None:
    answer = demo.get(f"/audit/replay/{whole}")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for words in (
        "识别 87%",
        "意图 report_outage 93%",
        "判定 接受",
        "第 1 版",
        "审核 乙",
        "1200 毫秒处",
        "合计 900 毫秒",
    ):
        assert words in answer.text
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")


def test_it_is_the_offices_only(bot: TestClient, demo: TestClient, service: FastAPI, whole: str) -> None:
    for path in (f"/api/audit/conversations/{whole}/replay", f"/audit/replay/{whole}"):
        assert TestClient(service).get(path).status_code == 401
        assert bot.get(path).status_code == 403
    assert demo.get("/audit/replay/nobody").json()["error"] == "ConversationNotFound"


@pytest.mark.usefixtures("home")
def test_the_command_tells_it_and_records_the_look(
    sessions: sessionmaker[Session], whole: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([whole, "--by", "检查员"]) == 0
    told = capsys.readouterr().out
    for words in (
        "客户（识别 87%）",
        "判定 接受",
        "utter_created 第 1 版：起草 甲，审核 乙，发布 丙",
        "arrival-urban（45 minutes",
    ):
        assert words in told
    assert main([whole, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["steps"]) == 4
    assert main([whole, "--html", str(tmp_path / "page.html")]) == 0
    assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o600
    assert main(["nobody"]) == 1
    assert "ConversationNotFound" in capsys.readouterr().err
    with sessions() as session:
        looks = session.scalars(select(AuditRecord).where(AuditRecord.kind == "replay.looked_at")).all()
    assert looks[0].actor == "agent:检查员"
    assert [each.data["way"] for each in looks] == ["command"] * 3
