"""Work orders over the wire: who sees what, urging, amending, withdrawing, and refusals by name."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import Says
from ticketing.audit.models import AuditRecord
from ticketing.outages.models import OutageReport
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import Note

pytestmark = pytest.mark.usefixtures("town")


def make(client: TestClient, key: str = "k-1", kind: str = "meter", conversation: str = "c-1", **more: Any) -> Any:
    asked = {"key": key, "kind": kind, "conversation": conversation, "description": "电表不走字", **more}
    answer = client.post("/api/work-orders", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def found(client: TestClient, conversation: str, **query: str) -> list[str]:
    answer = client.get("/api/work-orders/find", params={"conversation": conversation, **query})
    assert answer.status_code == 200, answer.text
    return [order["number"] for order in answer.json()]


def wish(client: TestClient, number: str, what: str, key: str, conversation: str = "c-1", **more: str) -> Any:
    return client.post(f"/api/work-orders/{number}/{what}", json={"key": key, "conversation": conversation, **more})


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_the_catalogue_is_made_and_dispatched(client: TestClient, kind: str) -> None:
    order = make(client, kind=kind, address="右江区中山二路8号")
    assert (order["kind"], order["state"]) == (kind, "dispatched")
    assert order["priority"] == 1 if kind == "hazard" else order["priority"] > 1


def test_an_unknown_kind_does_not_fit(client: TestClient) -> None:
    asked = {"key": "k", "kind": "pizza", "conversation": "c-1", "description": ""}
    assert client.post("/api/work-orders", json=asked).status_code == 422


def test_checks_read_the_orders_of_a_conversation_with_the_demos_token(
    client: TestClient, demo: TestClient, sessions: sessionmaker[Session]
) -> None:
    order = make(client, address="右江区中山二路8号")
    make(client, key="k-2", conversation="c-2")
    listed = demo.get("/api/work-orders", params={"conversation": "c-1"}).json()
    assert listed == [order]
    assert {"number", "kind", "state", "priority", "conversation", "address"} <= set(listed[0])
    assert demo.get(f"/api/work-orders/{order['number']}").json() == order
    assert len(demo.get("/api/work-orders").json()) == 2
    with sessions() as session:
        looks = session.scalars(select(AuditRecord).where(AuditRecord.kind == "personal.seen")).all()
        assert [(look.actor, look.subject) for look in looks] == [
            ("demo", "orders:c-1"),
            ("demo", f"orders:{order['number']}"),
            ("demo", "orders:all"),
        ]


def test_a_conversation_sees_its_own_orders_newest_first_and_by_tail(client: TestClient) -> None:
    first, second = make(client, "k-1")["number"], make(client, "k-2")["number"]
    assert found(client, "c-1") == [second, first]
    assert found(client, "c-1", tail=first[-4:]) == [first]
    assert found(client, "c-2") == []


def test_the_same_number_calling_again_sees_its_order(client: TestClient, says: Says) -> None:
    says("call-1", caller="13900000055")
    says("call-2", caller="13900000055")
    says("call-3", caller="13900000056")
    number = make(client, conversation="call-1")["number"]
    assert found(client, "call-2") == [number]
    assert found(client, "call-3") == []


def test_an_accounts_orders_are_shown_on_level_two_only(client: TestClient) -> None:
    given = {"account_number": "0602100123450001", "customer_name": "韦小明"}
    for conversation, card in (("c-1", {}), ("c-2", {}), ("c-3", {"id_last4": "123X"})):
        asked = {"key": conversation, "conversation": conversation, **given, **card}
        client.post("/api/identity/checks", json=asked)
    number = make(client)["number"]
    assert found(client, "c-2") == []
    assert found(client, "c-3") == [number]


def test_a_denunciation_is_seen_by_its_own_conversation_only_and_hides_the_contact(
    client: TestClient, demo: TestClient, says: Says
) -> None:
    says("call-1", caller="13900000055")
    says("call-2", caller="13900000055")
    order = make(client, kind="violation", conversation="call-1", contact_phone="13900000055")
    assert order["contact_tail"] is None
    assert demo.get(f"/api/work-orders/{order['number']}").json()["contact_tail"] is None
    assert found(client, "call-1") == [order["number"]]
    assert found(client, "call-2") == []


def test_urging_counts_once_a_key_and_escalates_at_the_third(client: TestClient) -> None:
    number = make(client)["number"]
    states = [wish(client, number, "urge", key).json() for key in ("u-1", "u-1", "u-2", "u-3", "u-4")]
    assert [order["urges"] for order in states] == [1, 1, 2, 3, 4]
    assert [order["state"] for order in states] == ["dispatched", "dispatched", "dispatched", "escalated", "escalated"]


def test_amending_corrects_the_address(client: TestClient, sessions: sessionmaker[Session]) -> None:
    number = make(client, address="右江区中山一路3号")["number"]
    amended = wish(client, number, "amend", "a-1", text="说错了", address="右江区阳圩镇").json()
    assert amended["address"] == "右江区阳圩镇"
    with sessions() as session:
        assert [note.text for note in session.scalars(select(Note))] == ["说错了"]


def test_cancelling_closes_the_order_and_tells_the_outage(client: TestClient, sessions: sessionmaker[Session]) -> None:
    said = {"key": "r-1", "conversation": "c-1", "address": "中山二路8号"}
    number = client.post("/api/outages/reports", json=said).json()["order"]["number"]
    cancelled = wish(client, number, "cancel", "x-1", reason="来电了").json()
    assert (cancelled["state"], cancelled["state_label"]) == ("cancelled", "作废")
    assert wish(client, number, "cancel", "x-1", reason="来电了").json() == cancelled
    with sessions() as session:
        assert session.get_one(OutageReport, "r-1").withdrawn_at is not None
    for what in ("urge", "amend", "cancel"):
        refused = wish(client, number, what, f"late-{what}")
        assert (refused.status_code, refused.json()["error"]) == (409, "WorkOrderClosed")


def test_what_a_conversation_may_not_see_it_may_not_touch(client: TestClient) -> None:
    number = make(client)["number"]
    for what in ("urge", "amend", "cancel"):
        refused = wish(client, number, what, what, conversation="c-2")
        assert (refused.status_code, refused.json()["error"]) == (404, "WorkOrderNotFound")
        assert refused.json()["detail"] == wish(client, number, what, what, conversation="c-3").json()["detail"]


def step(client: TestClient, number: str, to: str, reason: str = "") -> Any:
    asked = {"key": f"{number}:{to}", "to": to, "reason": reason}
    return client.post(f"/api/work-orders/{number}/transitions", json=asked)


def test_a_crew_takes_the_order_to_its_end(client: TestClient, demo: TestClient) -> None:
    number = make(client)["number"]
    for to in ("acknowledged", "on_site", "restored", "reported_back", "followed_up", "archived"):
        assert step(demo, number, to).json()["state"] == to


def test_steps_are_refused_by_name(client: TestClient, demo: TestClient) -> None:
    number = make(client)["number"]
    refused = step(demo, number, "archived")
    assert (refused.status_code, refused.json()["error"]) == (409, "TransitionRefused")
    assert "acknowledged" in refused.json()["ways"]
    unexplained = step(demo, number, "suspended")
    assert (unexplained.status_code, unexplained.json()["error"]) == (422, "ReasonMissing")
    step(demo, number, "acknowledged")
    too_early = step(demo, number, "restored")
    assert (too_early.status_code, too_early.json()["error"]) == (409, "NotOnSite")
    assert step(demo, "WO209901010001", "acknowledged").status_code == 404


def test_the_front_door_is_no_crew_and_strangers_are_nobody(bot: TestClient, client: TestClient) -> None:
    number = make(client)["number"]
    assert step(bot, number, "acknowledged").status_code == 403
    stranger = TestClient(client.app, headers={"Authorization": "Bearer guess"})
    assert stranger.get("/api/work-orders").status_code == 401
