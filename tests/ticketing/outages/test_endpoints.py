"""Outages over the wire: what is known is told, anything else becomes one order, never two."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import Says
from ticketing.db import now
from ticketing.outages.models import Outage, OutageReport
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.numbers import LOCAL

pytestmark = pytest.mark.usefixtures("town")


def report(client: TestClient, key: str, address: str, **more: Any) -> dict[str, Any]:
    said = {
        "key": key,
        "conversation": "c-1",
        "address": address,
        "scope": "household",
        "description": "停电了",
        **more,
    }
    answer = client.post("/api/outages/reports", json=said)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def orders(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(WorkOrder)) or 0


def test_a_known_outage_is_told_with_its_etr_and_makes_no_order(
    client: TestClient, sessions: sessionmaker[Session]
) -> None:
    told = report(client, "r-1", "城东大道百色学院旁边")
    assert told["outcome"] == "known"
    assert told["order"] is None
    assert told["outage"]["id"] == "OUT-DEMO-FAULT"
    assert told["outage"]["etr"] > now().isoformat()
    assert orders(sessions) == 0
    with sessions() as session:
        attached = session.scalars(select(OutageReport)).one()
        assert (attached.outage, attached.transformer) == ("OUT-DEMO-FAULT", "TX-CD1")


def test_another_place_makes_an_order_for_the_crew_of_the_district(client: TestClient) -> None:
    order = report(client, "r-1", "右江区中山二路8号", contact_phone="13900000009")["order"]
    day = f"{now().astimezone(LOCAL):%Y%m%d}"
    assert order["number"] == f"WO{day}0001"
    assert (order["kind"], order["state"], order["state_label"], order["priority"]) == (
        "outage",
        "dispatched",
        "派发",
        2,
    )
    assert order["crew"] == "右江供电所抢修一班"
    assert order["contact_tail"] == "0009"
    assert order["promise"]["minutes"] == 45


def test_a_place_that_nobody_knows_still_makes_an_order_with_the_words_as_said(client: TestClient) -> None:
    order = report(client, "r-1", "外婆家后山那棵大榕树")["order"]
    assert order["address"] == "外婆家后山那棵大榕树"
    assert order["crew"] == "百色供电局抢修指挥中心"


def test_a_road_of_which_only_a_part_is_dark_makes_an_order(client: TestClient) -> None:
    assert report(client, "r-1", "城东大道")["outcome"] == "order"
    assert report(client, "r-2", "右江区")["outcome"] == "order"


def test_the_callers_number_is_the_contact_when_none_is_said(client: TestClient, says: Says) -> None:
    says("c-1", caller="13900000077")
    assert report(client, "r-1", "中山二路8号")["order"]["contact_tail"] == "0077"


def test_the_same_key_gets_the_same_outcome(client: TestClient, sessions: sessionmaker[Session]) -> None:
    assert report(client, "r-1", "中山二路8号") == report(client, "r-1", "中山二路8号")
    assert report(client, "r-2", "百色学院") == report(client, "r-2", "百色学院")
    assert orders(sessions) == 1


def test_the_same_key_in_parallel_makes_one_order(client: TestClient, sessions: sessionmaker[Session]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: report(client, "r-1", "中山二路8号"), range(8)))
    assert len({answer["order"]["number"] for answer in answers}) == 1
    assert orders(sessions) == 1


def test_a_restored_outage_is_no_longer_an_answer(client: TestClient, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        session.execute(update(Outage).where(Outage.id == "OUT-DEMO-FAULT").values(state="restored"))
    assert report(client, "r-1", "百色学院")["outcome"] == "order"


def test_asking_what_is_out(client: TestClient) -> None:
    found = client.get("/api/outages", params={"address": "百色学院附近"}).json()
    assert found["place"] == "右江区百色学院"
    assert [outage["kind"] for outage in found["outages"]] == ["fault"]
    assert client.get("/api/outages", params={"address": "中山二路8号"}).json() == {
        "place": "右江区中山二路8号",
        "outages": [],
    }
    assert client.get("/api/outages", params={"address": "外婆家"}).json() == {"place": None, "outages": []}


def test_asking_about_a_day(client: TestClient) -> None:
    tomorrow = (now().astimezone(LOCAL) + timedelta(days=1)).date()

    def asked(day: str) -> list[str]:
        found = client.get("/api/outages", params={"address": "右江区龙景一路", "day": day}).json()
        return [outage["id"] for outage in found["outages"]]

    assert asked(f"{tomorrow}") == asked(f"{tomorrow}T09:00") == ["OUT-DEMO-PLANNED"]
    assert asked(f"{tomorrow + timedelta(days=1)}") == []
    assert client.get("/api/outages", params={"address": "龙景一路", "day": "morgen"}).status_code == 422


def test_a_report_without_a_place_does_not_fit(client: TestClient) -> None:
    answer = client.post("/api/outages/reports", json={"key": "r-1", "conversation": "c-1", "address": ""})
    assert (answer.status_code, answer.json()["error"]) == (422, "InvalidRequest")


def test_what_was_said_is_encrypted_at_rest(client: TestClient, sessions: sessionmaker[Session]) -> None:
    report(client, "r-1", "右江区中山二路8号", contact_phone="13900000009")
    with sessions() as session:
        for table in ("outage_reports", "work_orders"):
            raw = session.connection().exec_driver_sql(f"SELECT address, contact_phone FROM {table}").one()
            assert "中山".encode() not in bytes(raw[0])
            assert b"0009" not in bytes(raw[1])
