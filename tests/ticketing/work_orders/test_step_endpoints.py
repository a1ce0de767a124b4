"""The steps of an order over the wire: who may speak for whom, the named refusals, the timeline."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from ticketing.db import now
from ticketing.outages.models import Outage

pytestmark = pytest.mark.usefixtures("town")
CREW = {"kind": "crew", "name": "CR-YJ-REPAIR"}
OTHER = {"kind": "crew", "name": "CR-ALL-REPAIR"}


@pytest.fixture
def number(client: TestClient) -> str:
    asked = {"key": "k-1", "kind": "outage", "conversation": "c-1", "address": "中山二路8号"}
    made: str = client.post("/api/work-orders", json=asked).json()["number"]
    return made


def step(caller: TestClient, number: str, to: str, key: str | None = None, **more: Any) -> Any:
    asked = {"key": key or f"{number}:{to}", "to": to, **more}
    return caller.post(f"/api/work-orders/{number}/transitions", json=asked)


def refusal(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


def test_a_crew_takes_the_order_to_its_end_told_by_its_app(flows: TestClient, number: str) -> None:
    for to in ("acknowledged", "on_site", "restored", "reported_back"):
        assert step(flows, number, to, by=CREW).json()["state"] == to
    for to in ("followed_up", "archived"):
        assert step(flows, number, to).json()["state"] == to
    assert refusal(step(flows, number, "archived", key="twice")) == (409, "AlreadyClosed")
    assert refusal(step(flows, number, "dispatched", key="again", reason="x")) == (409, "AlreadyClosed")


def test_the_same_webhook_twice_gets_the_same_answer_and_is_one_step(flows: TestClient, number: str) -> None:
    answers = [step(flows, number, "acknowledged", key="event-7", by=CREW) for _ in range(2)]
    assert answers[0].status_code == answers[1].status_code == 200
    assert answers[0].json() == answers[1].json()
    assert refusal(step(flows, number, "on_site", key="event-7", by=CREW)) == (409, "KeyReused")


def test_an_event_from_the_future_is_refused_one_from_the_past_is_entered(flows: TestClient, number: str) -> None:
    ahead = (now() + timedelta(hours=1)).isoformat()
    refused = step(flows, number, "acknowledged", by=CREW, at=ahead)
    assert refusal(refused) == (422, "EventFromTheFuture")
    assert refused.json()["ahead_s"] in range(3590, 3601)
    before = (now() - timedelta(hours=1)).isoformat()
    assert step(flows, number, "acknowledged", by=CREW, at=before).json()["state"] == "acknowledged"
    assert "补录" in flows.get(f"/api/work-orders/{number}/timeline").json()["lines"][-1]["why"]
    assert step(flows, number, "on_site", by=CREW, at="2026-11-23T09:00:00").status_code == 422  # no zone


def test_an_order_offered_to_all_goes_to_the_first_who_takes_it(
    demo: TestClient, flows: TestClient, number: str
) -> None:
    step(demo, number, "returned", reason="车坏了")
    assert step(demo, number, "dispatched", crew="*").json()["crew"] is None
    assert step(flows, number, "acknowledged", key="a", by=OTHER).json()["crew"] == "百色供电局抢修指挥中心"
    late = step(flows, number, "acknowledged", key="b", by=CREW)
    assert refusal(late) == (409, "AcceptedByAnother")
    assert late.json()["crew"] == OTHER["name"]
    assert refusal(step(flows, number, "on_site", by=CREW)) == (409, "NotYourOrder")


def test_taken_by_radio_for_nobody_in_particular_it_is_the_crews_that_comes_first(
    demo: TestClient, flows: TestClient, number: str
) -> None:
    step(demo, number, "returned", reason="车坏了")
    step(demo, number, "dispatched", crew="*")
    assert step(demo, number, "acknowledged").json()["crew"] is None
    assert step(flows, number, "on_site", by=OTHER).json()["crew"] == "百色供电局抢修指挥中心"
    assert refusal(step(flows, number, "restored", by=CREW)) == (409, "NotYourOrder")


def test_a_dispatcher_names_a_crew(demo: TestClient, number: str) -> None:
    step(demo, number, "returned", reason="车坏了")
    assert step(demo, number, "dispatched", crew="CR-TY-REPAIR").json()["crew"] == "田阳供电所抢修班"
    unknown = step(demo, number, "dispatched", key="x", crew="CR-NOBODY")
    assert refusal(unknown) == (404, "CrewNotFound")


def test_merging_over_the_wire(demo: TestClient, number: str, sessions: sessionmaker[Session]) -> None:
    assert refusal(step(demo, number, "merged", reason="same")) == (422, "OutageMissing")
    assert refusal(step(demo, number, "merged", reason="same", outage="OUT-9")) == (409, "NotMergeable")
    with sessions.begin() as session:
        started = now()
        session.add(
            Outage(id="OUT-9", kind="fault", node="TX-ZS2A", area="", cause="", state="active", started=started)
        )
    assert step(demo, number, "merged", reason="same", outage="OUT-9").json()["state"] == "merged"


@pytest.mark.parametrize(
    ("caller", "kind", "status"),
    [
        ("demo", "crew", 200),
        ("demo", "flow", 403),
        ("flows", "crew", 200),
        ("flows", "agent", 403),
        ("client", "crew", 403),
        ("bot", "crew", 403),
    ],
)
def test_each_caller_speaks_only_for_its_own(
    request: pytest.FixtureRequest, number: str, caller: str, kind: str, status: int
) -> None:
    asking: TestClient = request.getfixturevalue(caller)
    by = {"kind": kind, "name": "CR-YJ-REPAIR"}
    answer = step(asking, number, "escalated", reason="because", by=by)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"] == "Forbidden"


def test_no_flow_says_that_a_crew_is_there(flows: TestClient, number: str) -> None:
    refused = step(flows, number, "acknowledged")
    assert refusal(refused) == (403, "ActorRefused")
    assert refused.json()["roles"] == ["agent", "crew", "dispatcher"]


def test_the_timeline_tells_the_order_s_life_and_no_personal_words(
    client: TestClient, flows: TestClient, number: str
) -> None:
    wish = {"key": "u-1", "conversation": "c-1", "text": "我家老人等着吸氧"}
    client.post(f"/api/work-orders/{number}/urge", json=wish)
    step(flows, number, "acknowledged", by=CREW)
    told = flows.get(f"/api/work-orders/{number}/timeline").json()
    assert [line["what"] for line in told["lines"]] == ["受理", "派发", "催办", "接单"]
    assert [line["who"] for line in told["lines"]] == ["系统 actions", "系统 actions", "客户", "班组 CR-YJ-REPAIR"]
    assert {clock["item"]: clock["verdict"] for clock in told["clocks"]} == {
        "dispatch": "kept",
        "acceptance": "kept",
        "arrival": "running",
    }
    arrival = next(clock for clock in told["clocks"] if clock["item"] == "arrival")
    assert (arrival["rule"], arrival["confidence"]) == ("arrival-urban", "example")
    assert arrival["remaining_s"] in range(45 * 60 - 60, 45 * 60 + 1)
    assert told["text"].endswith(arrival["text"])
    assert "吸氧" not in str(told)
    assert "中山" not in str(told)


def test_the_timeline_is_not_for_everybody(client: TestClient, bot: TestClient, flows: TestClient, number: str) -> None:
    for caller in (client, bot):
        assert caller.get(f"/api/work-orders/{number}/timeline").status_code == 403
    assert flows.get("/api/work-orders/WO209901010001/timeline").status_code == 404
