"""The wires of actions and the desk to ticketing, example by example (`tests/contracts/`), in one story."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.conftest import Says
from ticketing.billing.months import shift
from ticketing.db import now
from ticketing.talk_tracks.models import DefaultText
from ticketing.work_orders.numbers import LOCAL

CONTRACTS = Path(__file__).parents[1] / "contracts"
STORY = (
    *("identity_required", "identity_checks", "identity_codes", "level_two", "billing_due", "billing_bill"),
    *("billing_usage", "billing_explanation", "billing_invoice", "billing_tariff", "bill_not_found", "offices"),
    *("outages", "outage_reports_known", "outage_reports", "outage_home_check", "work_orders", "work_orders_find"),
    *("work_orders_of_conversation", "caller", "work_order_urge", "work_order_amend", "work_order_cancel"),
    *("work_order_closed", "work_order_not_found", "work_order_step", "work_order_timeline"),
)
FOR_THE_DESK = {"work_orders_of_conversation", "work_order_step", "work_order_timeline"}
WRITTEN_IN = "2026-10", "20261123"
"""The last bill's month and the day of the order numbers in the examples; the story is told today."""


def example(name: str) -> Any:
    today = now().astimezone(LOCAL)
    text = (CONTRACTS / f"{name}.json").read_text("utf-8")
    last_month = shift(f"{today:%Y-%m}", -1)
    return json.loads(text.replace(WRITTEN_IN[0], last_month).replace(WRITTEN_IN[1], f"{today:%Y%m%d}"))


def shape(value: Any) -> Any:
    """Field names and kinds of value, all the way down; of a list the first element stands for all."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.usefixtures("town")
def test_every_example_is_answered_in_its_shape(
    client: TestClient, demo: TestClient, says: Says, sessions: sessionmaker[Session]
) -> None:
    with sessions.begin() as session:
        session.add(DefaultText(name="utter_sms_code", text="{code}", buttons=[]))
    says("c-1", caller="13907760001")
    for name in STORY:
        if name == "level_two":
            client.post("/api/identity/checks", json={"key": "card", "conversation": "c-1", "id_last4": "123X"})
            continue
        wire = example(name)
        asked, expected = wire["request"], wire["response"]
        caller = demo if name in FOR_THE_DESK else client
        answer = caller.request(asked["method"], asked["path"], json=asked["json"])
        assert answer.status_code == expected["status"], (name, answer.text)
        assert shape(answer.json()) == shape(expected["json"]), name
        if "error" in expected["json"]:
            assert answer.json()["error"] == expected["json"]["error"]


def test_the_story_tells_every_example_of_this_wire() -> None:
    ours = ("identity_*", "bill*", "offices*", "outage*", "work_order*", "caller*")
    assert {file.stem for pattern in ours for file in CONTRACTS.glob(f"{pattern}.json")} == set(STORY) - {"level_two"}
