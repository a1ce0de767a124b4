"""The desk over HTTP: rights held at the API, words fenced, no text lost, a screen that resumes without a gap."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.desk.people import LogIn
from ticketing.audit.models import AuditRecord

Waits = Callable[..., None]
C = "/api/desk/conversations/c-1"


def trail(sessions: sessionmaker[Session], kind: str) -> list[dict[str, Any]]:
    with sessions() as session:
        rows = session.scalars(select(AuditRecord).where(AuditRecord.kind == kind).order_by(AuditRecord.seq)).all()
        return [{"actor": row.actor, **row.data} for row in rows]


def test_a_customer_is_taken_answered_and_given_back(log_in: LogIn, waits: Waits) -> None:
    wei = log_in("1001")
    waits()
    lobby = wei.get("/api/desk/lobby").json()
    assert [(each["conversation"], each["position"], each["caller"]) for each in lobby["waiting"]] == [
        ("c-1", 1, "*******0001")
    ]
    assert lobby["waiting"][0]["summary"] == "电话*******0001，要人工"
    epoch = wei.post(f"{C}/take").json()["epoch"]
    assert wei.post(f"{C}/messages", json={"id": "s-1", "text": "您好", "epoch": epoch}).json()["repeated"] is False
    assert wei.post(f"{C}/messages", json={"id": "s-1", "text": "您好", "epoch": epoch}).json()["repeated"] is True
    assert wei.get("/api/desk/lobby").json()["mine"][0]["last_text"] == "您好"
    assert wei.post(f"{C}/return", json={"epoch": epoch}).json()["control"] == "bot"
    late = wei.post(f"{C}/messages", json={"id": "s-2", "text": "还在吗", "epoch": epoch})
    assert (late.status_code, late.json()["error"]) == (409, "NotYours")


def test_an_agent_may_not_what_only_a_supervisor_may_and_the_try_is_recorded(
    log_in: LogIn, sessions: sessionmaker[Session], waits: Waits
) -> None:
    wei = log_in("1001")
    answer = wei.get("/api/desk/wall")
    assert (answer.status_code, answer.json()["error"], answer.json()["missing"]) == (403, "RightMissing", "wall")
    assert wei.post("/api/desk/hazards/WO1/accept").status_code == 403
    assert wei.get("/api/desk/accounts").status_code == 403
    refused = trail(sessions, "desk.refused")
    assert [(each["actor"], each["missing"]) for each in refused] == [
        ("agent:韦晓岚", "wall"),
        ("agent:韦晓岚", "accept_hazard"),
        ("agent:韦晓岚", "accounts"),
    ]
    assert log_in("9001").get("/api/desk/wall").status_code == 200


@pytest.mark.parametrize(("login", "status"), [("1002", 403), ("9001", 200), ("7001", 200), ("0001", 403)])
def test_who_may_read_what_somebody_else_has(log_in: LogIn, waits: Waits, login: str, status: int) -> None:
    wei = log_in("1001")
    waits()
    wei.post(f"{C}/take")
    other = log_in(login)
    assert other.get(C).status_code == status
    assert other.post(f"{C}/open").status_code == status
    said = other.post(f"{C}/messages", json={"id": "s-1", "text": "插话", "epoch": 2})
    assert said.status_code in {403, 409}


def test_two_who_take_at_once_one_wins_and_the_other_is_told(log_in: LogIn, waits: Waits) -> None:
    clients = [log_in("1001"), log_in("1002")]
    waits()
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post(f"{C}/take"), clients))
    assert sorted(answer.status_code for answer in answers) in ([200, 403], [200, 409])
    again = clients[1 if answers[0].status_code == 200 else 0].post(f"{C}/take")
    assert again.status_code in {403, 409}


def test_what_the_loser_typed_is_kept_and_the_next_one_finds_it(log_in: LogIn, waits: Waits) -> None:
    wei, lu, huang = log_in("1001"), log_in("9001"), log_in("1002")
    waits()
    epoch = wei.post(f"{C}/take").json()["epoch"]
    assert wei.put(f"{C}/draft", json={"text": "请您先不要靠近"}).status_code == 200
    assert lu.post(f"{C}/hand-over", json={"to": "黄志强", "epoch": epoch}).json()["agent"] == "黄志强"
    late = wei.post(f"{C}/messages", json={"id": "s-1", "text": "请您先不要靠近", "epoch": epoch})
    assert (late.status_code, late.json()["agent"]) == (409, "黄志强")
    assert wei.post(f"{C}/open").json()["draft"]["mine"] == "请您先不要靠近"
    opened = huang.post(f"{C}/open").json()
    assert opened["draft"] == {"mine": "", "left": "请您先不要靠近", "left_by": "韦晓岚"}
    stale = huang.post(f"{C}/messages", json={"id": "s-1", "text": "您好", "epoch": epoch})
    assert (stale.status_code, stale.json()["error"]) == (409, "MovedOn")
    now = opened["page"]["head"]["epoch"]
    huang.put(f"{C}/draft", json={"text": "您好"})
    assert huang.post(f"{C}/messages", json={"id": "s-2", "text": "您好", "epoch": now}).status_code == 200
    assert huang.post(f"{C}/open").json()["draft"]["mine"] == ""


def test_a_screen_resumes_behind_its_numbers_without_a_gap(log_in: LogIn, waits: Waits, bot: TestClient) -> None:
    wei = log_in("1001")
    waits()
    first = wei.post(f"{C}/open").json()["page"]
    seen = first["messages"][-1]["seq"]
    epoch = wei.post(f"{C}/take").json()["epoch"]
    for number in range(3):
        wei.post(f"{C}/messages", json={"id": f"s-{number}", "text": f"第{number}句", "epoch": epoch})
    page = wei.get(C, params={"after": seen}).json()
    assert [each["seq"] for each in page["messages"]] == list(range(seen + 1, page["head"]["last_seq"] + 1))
    said = page["messages"][-1]["id"]
    reports = {"deliveries": [{"reply": said, "state": "delivered"}]}
    bot.post("/api/conversations/c-1/deliveries", json=reports)
    newer = wei.get(C, params={"after": page["head"]["last_seq"]}).json()
    assert newer["messages"] == [] and [each["message"] for each in newer["deliveries"]] == [said]
    last = newer["deliveries"][-1]["number"]
    assert wei.get(C, params={"after": 99, "after_delivery": last}).json()["deliveries"] == []


def test_back_to_the_queue_with_a_note_for_the_next_one(log_in: LogIn, waits: Waits) -> None:
    wei = log_in("1001")
    waits()
    epoch = wei.post(f"{C}/take").json()["epoch"]
    asked = {"skill": "billing", "note": "要查去年的账单", "epoch": epoch}
    assert wei.post(f"{C}/hand-over", json=asked).json() == {"control": "waiting", "epoch": 3, "agent": None}
    waiting = wei.get("/api/desk/lobby").json()["waiting"]
    assert [(each["skill"], each["summary"]) for each in waiting] == [("billing", "要查去年的账单")]
    assert wei.post(f"{C}/hand-over", json={"epoch": 3}).json()["error"] == "InvalidRequest"


def test_an_ending_is_kept_and_read_in_the_facts(log_in: LogIn, waits: Waits) -> None:
    wei = log_in("1001")
    waits()
    epoch = wei.post(f"{C}/take").json()["epoch"]
    assert (
        wei.post(f"{C}/end", json={"outcome": "solved", "note": "已说明", "epoch": epoch}).json()["control"] == "closed"
    )
    facts = wei.get(f"{C}/facts").json()
    assert [(each["outcome"], each["note"], each["agent"]) for each in facts["outcomes"]] == [
        ("solved", "已说明", "韦晓岚")
    ]
    assert facts["asked"]["summary"] == "电话*******0001，要人工"


@pytest.mark.usefixtures("town")
def test_the_customer_is_masked_and_unmasking_is_recorded(
    log_in: LogIn, waits: Waits, client: TestClient, sessions: sessionmaker[Session]
) -> None:
    wei, huang = log_in("1001"), log_in("1002")
    waits(caller="13907760001")
    proof = {"key": "p-1", "conversation": "c-1"}
    level = client.post("/api/identity/checks", json=proof).json()["level"]
    view = wei.get(f"{C}/customer").json()
    assert (view["level"], view["caller"]) == (level, "*******0001")
    assert "13907760001" not in str(view)
    refused = wei.post(f"{C}/unmask", json={"field": "caller"})
    assert (refused.status_code, refused.json()["error"]) == (409, "NotYours")
    wei.post(f"{C}/take")
    assert wei.post(f"{C}/unmask", json={"field": "caller"}).json() == {"value": "13907760001"}
    assert huang.post(f"{C}/unmask", json={"field": "caller"}).status_code == 403
    assert [(each["actor"], each["what"]) for each in trail(sessions, "personal.seen") if "agent" in each["actor"]] == [
        ("agent:韦晓岚", "caller")
    ]


@pytest.mark.usefixtures("town")
def test_orders_from_the_desk_are_made_once_with_their_clocks(log_in: LogIn, waits: Waits) -> None:
    wei = log_in("1001")
    waits()
    epoch = wei.post(f"{C}/take").json()["epoch"]
    wish = {"key": "o-1", "kind": "complaint", "description": "态度不好", "epoch": epoch}
    made = wei.post(f"{C}/orders", json=wish).json()
    assert made["outcome"] == "order" and wei.post(f"{C}/orders", json=wish).json() == made
    assert wei.post(f"{C}/orders", json={**wish, "key": "o-2", "kind": "meter"}).json()["error"] == "AddressMissing"
    outage = {**wish, "key": "o-3", "kind": "outage", "address": "右江区中山二路8号"}
    assert wei.post(f"{C}/orders", json=outage).json()["outcome"] in {"known", "order"}
    shown = wei.get(f"{C}/orders").json()
    assert made["order"]["number"] in [each["order"]["number"] for each in shown]
    assert all(each["clocks"] for each in shown if each["is_open"])


@pytest.mark.usefixtures("town")
def test_each_number_on_the_wall_has_its_rows(log_in: LogIn, waits: Waits) -> None:
    lu, wei = log_in("9001"), log_in("1001")
    waits(reason="hazard")
    waits("c-2", caller=None)
    wei.post("/api/desk/conversations/c-2/take")
    order = {"key": "o-1", "kind": "hazard", "address": "右江区中山二路8号", "epoch": 2}
    number = wei.post("/api/desk/conversations/c-2/orders", json=order).json()["order"]["number"]
    wall = lu.get("/api/desk/wall").json()
    assert [(each["conversation"], each["hazard"]) for each in wall["waiting"]] == [("c-1", True)]
    assert [each["agent"] for each in wall["talking"] if each["control"] == "agent"] == ["韦晓岚"]
    assert [each["order"] for each in wall["hazards"]] == [number]
    assert wall["taken_today"] == wall["taken_in_time_today"] == 1
    assert {each["id"] for each in wall["outages"]}
