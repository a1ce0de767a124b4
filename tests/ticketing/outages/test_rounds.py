"""Rounds place outages from reports: one outage, one order, one flow; callers before it are merged, later ones told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.outages.test_endpoints import report
from ticketing.customers import accounts, levels
from ticketing.customers.models import Standing
from ticketing.db import now
from ticketing.outages import alarms, marks, placing, restoration, rounds, service
from ticketing.outages.models import CallBack, HazardAlarm, Mark, Outage, OutageReport, Placement
from ticketing.outages.picture import ROUND, Picture
from ticketing.outages.taking import Report
from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders.models import WorkOrder

pytestmark = pytest.mark.usefixtures("town")

type Sessions = sessionmaker[Session]


class Book:
    def minutes(self, item: str, *, at: datetime) -> int | None:
        return 60


def run(sessions: Sessions, *, later: timedelta = timedelta()) -> int:
    return rounds.run(sessions, Book(), at=now() + later)


def call(client: TestClient, number: int, address: str, **more: Any) -> dict[str, Any]:
    said = {"conversation": f"c-{number}", "contact_phone": f"1390000{number:04d}", "scope": "building", **more}
    return report(client, f"r-{number}", address, **said)


def four_calls(client: TestClient) -> list[dict[str, Any]]:
    return [call(client, number, f"中山二路{number}号") for number in range(1, 5)]


def placed(sessions: Sessions) -> list[Outage]:
    with sessions() as session:
        return list(session.scalars(select(Outage).where(Outage.predicted).order_by(Outage.started)))


def flows(sessions: Sessions) -> list[str]:
    with sessions() as session:
        return list(
            session.scalars(select(OutboxEntry.key).where(OutboxEntry.kind == "flow").order_by(OutboxEntry.key))
        )


def test_calls_of_one_transformer_become_one_outage_with_one_order_and_one_flow(
    client: TestClient, sessions: Sessions
) -> None:
    first = four_calls(client)
    assert {each["outcome"] for each in first} == {"order"}
    assert run(sessions) > 0
    (outage,) = placed(sessions)
    assert outage.node == "TX-ZS2A"
    assert "中山二路" in outage.area
    assert outage.etr is not None and outage.etr > now() + timedelta(hours=1)
    assert flows(sessions) == [f"flow:outage:{outage.id}:0"]
    with sessions() as session:
        states = dict(session.execute(select(WorkOrder.number, WorkOrder.state)).all())
        assert [states[each["order"]["number"]] for each in first] == ["merged"] * 4
        assert states[outage.order_number or ""] == "dispatched"
        assert session.scalar(select(func.count()).where(OutageReport.outage == outage.id)) == 4
    told = call(client, 9, "中山二路20号")
    assert (told["outcome"], told["outage"]["id"], told["order"]) == ("known", outage.id, None)


def test_a_round_again_changes_nothing(client: TestClient, sessions: Sessions) -> None:
    four_calls(client)
    run(sessions)
    before = flows(sessions)
    assert run(sessions) == 0
    assert flows(sessions) == before
    assert len(placed(sessions)) == 1


def test_it_grows_to_the_feeder_and_stays_one(client: TestClient, sessions: Sessions) -> None:
    four_calls(client)
    run(sessions)
    (before,) = placed(sessions)
    for number in range(10, 18):
        call(client, number, "解放街小区" if number % 2 else f"中山二路{60 + number}号")
    run(sessions)
    alive = [each for each in placed(sessions) if each.state == "active"]
    assert [(each.id, each.node) for each in alive] == [(before.id, "FD-ZHONGSHAN")]
    with sessions() as session:
        assert [row.node for row in session.scalars(select(Placement).where(Placement.outage == before.id))] == [
            "TX-ZS2A",
            "FD-ZHONGSHAN",
        ]


def test_a_single_home_gets_its_own_flow_after_neighbours_had_time_to_ring(
    client: TestClient, sessions: Sessions
) -> None:
    order = call(client, 1, "中山二路8号", scope="household")["order"]["number"]
    run(sessions)
    assert flows(sessions) == []
    run(sessions, later=placing.GRACE + timedelta(seconds=5))
    assert flows(sessions) == [f"flow:order:{order}"]
    assert placed(sessions) == []


def test_a_place_that_nobody_knows_has_its_flow_at_once(client: TestClient, sessions: Sessions) -> None:
    order = call(client, 1, "外婆家后山")["order"]["number"]
    assert flows(sessions) == [f"flow:order:{order}"]


def test_who_calls_from_an_announced_outage_does_not_make_another(client: TestClient, sessions: Sessions) -> None:
    for number in range(1, 5):
        assert call(client, number, "百色学院")["outcome"] == "known"
    run(sessions)
    assert placed(sessions) == []


def test_one_caller_is_one_sign_however_often_they_ring(client: TestClient, sessions: Sessions) -> None:
    for number in range(1, 6):
        call(client, number, "中山二路8号", contact_phone="13900001111")
    run(sessions)
    assert placed(sessions) == []


def test_a_round_that_was_overtaken_is_thrown_away(
    client: TestClient, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    four_calls(client)
    decide = rounds.decide

    def overtaken(seen: Picture, *, at: datetime) -> Any:
        with sessions.begin() as session:
            marks.advance(session, ROUND)
        return decide(seen, at=at)

    monkeypatch.setattr(rounds, "decide", overtaken)
    assert run(sessions) == 0
    assert placed(sessions) == []
    monkeypatch.undo()
    assert run(sessions) > 0
    with sessions() as session:
        assert session.get_one(Mark, ROUND).number == 2


def test_a_breathing_machine_gets_an_order_of_its_own_and_a_lift_the_highest(
    client: TestClient, sessions: Sessions
) -> None:
    machine = call(client, 1, "百色学院", description="停电了，老人在用呼吸机")
    assert (machine["outcome"], machine["order"]["state"], machine["order"]["kind"]) == ("known", "escalated", "outage")
    lift = call(client, 2, "百色学院", description="电梯里有人困住了")
    assert (lift["order"]["kind"], lift["order"]["priority"]) == ("hazard", 1)
    assert call(client, 2, "百色学院", description="电梯里有人困住了") == lift
    lit = call(client, 3, "百色学院", description="邻居家都有电就我家没有")
    assert lit["order"]["state"] == "dispatched"


def test_the_third_call_escalates_the_outage_once(client: TestClient, sessions: Sessions) -> None:
    four_calls(client)
    run(sessions)
    (outage,) = placed(sessions)
    for number in range(21, 25):
        assert call(client, number, "中山二路8号", contact_phone="13900007777")["outcome"] == "known"
    with sessions() as session:
        assert session.get_one(WorkOrder, outage.order_number).state == "escalated"


def test_a_new_caller_where_two_bear_a_fault_out_has_an_order_that_joins_it(
    client: TestClient, sessions: Sessions
) -> None:
    for number in (1, 2):
        call(client, number, f"中山二路{number}号", scope="street")
    run(sessions)
    (outage,) = placed(sessions)
    again = call(client, 91, "中山二路1号", contact_phone="13900000001")
    assert (again["outcome"], again["order"]) == ("known", None)  # called before: told
    new = call(client, 3, "中山二路3号")
    assert (new["outcome"], new["order"]["state"]) == ("order", "dispatched")
    run(sessions)
    with sessions() as session:
        assert session.get_one(WorkOrder, new["order"]["number"]).state == "merged"
        assert session.get_one(OutageReport, "r-3").outage == outage.id
    assert flows(sessions) == [f"flow:outage:{outage.id}:0"]
    told = call(client, 4, "中山二路4号")  # three callers bear it out
    assert (told["outcome"], told["outage"]["id"], told["order"]) == ("known", outage.id, None)


def ring_again(
    sessions: Sessions, key: str, *, address: str = "中山二路8号", text: str = "", joins: bool = True
) -> Any:
    said = Report(key, f"c-{key}", address, "household", None, "13900008888", text, "actions")
    with sessions.begin() as session:
        return service.report(session, said, at=now(), joins=joins).order


def test_a_single_home_that_calls_again_keeps_its_order_and_the_third_call_escalates_it(sessions: Sessions) -> None:
    first, second, third = (ring_again(sessions, f"r-{number}") for number in range(3))
    assert first.number == second.number == third.number
    assert (second.state, third.state) == ("dispatched", "escalated")
    run(sessions, later=placing.GRACE + timedelta(seconds=5))
    assert flows(sessions) == [f"flow:order:{first.number}"]
    assert ring_again(sessions, "r-9", address="外婆家后山").number != first.number
    assert ring_again(sessions, "r-10", text="家里老人在用呼吸机").number != first.number
    assert ring_again(sessions, "r-11", joins=False).number != first.number


def test_a_withdrawn_order_is_no_answer_to_a_new_call(client: TestClient, sessions: Sessions) -> None:
    first = ring_again(sessions, "r-1")
    wish = {"key": "w-1", "conversation": "c-r-1"}
    withdrawn = client.post(f"/api/work-orders/{first.number}/cancel", json=wish)
    assert withdrawn.status_code == 200
    assert ring_again(sessions, "r-2").number != first.number


def restored(client: TestClient, sessions: Sessions) -> str:
    four_calls(client)
    run(sessions)
    (outage,) = placed(sessions)
    assert client.post(f"/api/outages/{outage.id}/restore").json()["state"] == "restored"
    return outage.id


def test_who_called_is_asked_once_and_a_no_opens_it_again_where_they_are(
    client: TestClient, sessions: Sessions
) -> None:
    id = restored(client, sessions)
    with sessions.begin() as session:  # nobody is left to text: a person calls back
        session.execute(update(OutageReport).values(contact_phone=None))
    assert restoration.ask_all(sessions, at=now()) == 4
    assert restoration.ask_all(sessions, at=now()) == 0
    asked = client.get(f"/api/outages/{id}/callbacks").json()
    assert [each["way"] for each in asked] == ["person"] * 4
    assert (
        client.post(f"/api/outages/callbacks/{asked[0]['id']}/answer", json={"power": True}).json()["state"]
        == "restored"
    )
    no = client.post(f"/api/outages/callbacks/{asked[1]['id']}/answer", json={"power": False}).json()
    assert (no["state"], no["reopened"], no["node"]) == ("active", 1, "TX-ZS2A")
    assert f"flow:outage:{id}:1" in flows(sessions)
    again = client.post(f"/api/outages/callbacks/{asked[1]['id']}/answer", json={"power": False}).json()
    assert again["reopened"] == 1


def test_who_was_asked_and_reports_instead_says_no(client: TestClient, sessions: Sessions) -> None:
    id = restored(client, sessions)
    with sessions.begin() as session:
        session.execute(update(OutageReport).where(OutageReport.key != "r-1").values(withdrawn_at=now()))
        row = session.get_one(OutageReport, "r-1")
        session.add(
            CallBack(id="cb", outage=id, report="r-1", conversation=row.conversation, way="sms", asked_at=now())
        )
        row.withdrawn_at = now()
    told = call(client, 31, "中山二路1号", contact_phone="13900000001")
    assert (told["outcome"], told["outage"]["id"], told["outage"]["state"]) == ("known", id, "active")


def test_a_hazard_rings_until_a_dispatcher_accepts(client: TestClient, sessions: Sessions) -> None:
    asked = {"key": "h-1", "kind": "hazard", "conversation": "c-1", "address": "中山二路8号", "description": "电线掉了"}
    number = client.post("/api/work-orders", json=asked).json()["number"]
    assert alarms.ring_all(sessions, [], at=now()) == 1
    assert alarms.ring_all(sessions, [], at=now()) == 0
    assert alarms.ring_all(sessions, [], at=now() + timedelta(seconds=31)) == 1
    (open_one,) = client.get("/api/outages/alarms").json()
    assert (open_one["order"], open_one["rung"], open_one["accepted_by"]) == (number, 2, None)
    accepted = client.post(f"/api/outages/alarms/{number}/accept", json={"dispatcher": "周调度"}).json()
    assert accepted["accepted_by"] == "周调度" and accepted["waited_s"] >= 0
    refused = client.post(f"/api/outages/alarms/{number}/accept", json={"dispatcher": "吴调度"})
    assert (refused.status_code, refused.json()["error"]) == (409, "AlarmTaken")
    assert alarms.ring_all(sessions, [], at=now() + timedelta(minutes=5)) == 0
    with sessions() as session:
        assert session.get_one(HazardAlarm, number).rung == 2


def test_a_planned_outage_is_announced_and_explains_reports(client: TestClient) -> None:
    at = now()
    asked = {"id": "P-1", "node": "TX-CX1", "cause": "检修", "starts": (at - timedelta(minutes=1)).isoformat()}
    view = client.put("/api/outages/planned", json={**asked, "ends": (at + timedelta(hours=2)).isoformat()}).json()
    assert view["area"] == "右江区城乡路、右江民族医学院"
    assert call(client, 1, "城乡路3号")["outage"]["id"] == "P-1"


def test_unknown_outages_and_what_is_over_are_refused_by_name(client: TestClient, sessions: Sessions) -> None:
    assert client.post("/api/outages/none/restore").json()["error"] == "OutageNotFound"
    id = restored(client, sessions)
    late = client.post(f"/api/outages/{id}/confirm", json={"node": "TX-ZS2A", "cause": "x"})
    assert (late.status_code, late.json()["error"]) == (409, "OutageNotActive")


def test_before_a_crew_goes_to_one_home(client: TestClient) -> None:
    order = call(client, 1, "中山二路8号")["order"]["number"]

    def advice(**said: str) -> str:
        return str(client.post(f"/api/outages/homes/{order}/check", json=said).json()["advice"])

    assert advice() == "ask_neighbours"
    assert advice(neighbours="lit") == "ask_breaker"
    assert advice(neighbours="lit", breaker="trips_again") == "own_electrician"


@pytest.mark.parametrize(
    ("account", "level", "advised"),
    [
        ("0602100123450004", levels.AMOUNT_DUE, "pay"),
        ("0602100123450004", 0, "verify"),  # a row alone proves nothing
        ("0602100123450001", levels.EVERYTHING, "verify"),  # proven, of another home
        ("0602100123450016", levels.EVERYTHING, "verify"),  # of another on the same transformer
    ],
)
def test_an_arrears_cut_is_told_to_who_has_proven_this_home(
    client: TestClient, sessions: Sessions, account: str, level: int, advised: str
) -> None:
    order = call(client, 1, "新兴路15号", scope="household")["order"]["number"]
    with sessions.begin() as session:
        holder = accounts.by_number(session, account)
        assert holder is not None
        session.add(Standing(conversation="c-1", account_id=holder.id, level=level, at=now()))
    asked = {"neighbours": "lit", "breaker": "up"}
    assert client.post(f"/api/outages/homes/{order}/check", json=asked).json()["advice"] == advised


def test_dark_neighbours_widen_the_report(client: TestClient, sessions: Sessions) -> None:
    order = call(client, 1, "中山二路8号", scope="household")["order"]["number"]
    client.post(f"/api/outages/homes/{order}/check", json={"neighbours": "dark"})
    with sessions() as session:
        assert session.scalar(select(OutageReport.scope)) == "building"


def test_without_joining_every_report_goes_its_own_way(client: TestClient, sessions: Sessions) -> None:
    four_calls(client)
    later = now() + placing.GRACE + timedelta(seconds=5)
    assert rounds.run(sessions, Book(), at=later, joins=False) == 4
    assert placed(sessions) == []
    with sessions() as session:
        flows = select(func.count()).where(OutboxEntry.kind == "flow", OutboxEntry.key.startswith("flow:"))
        assert session.scalar(flows) == 4
