"""What an operator reads and asks for."""

import argparse
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.automation.conftest import Maker
from ticketing.automation import ledger
from ticketing.automation.commands import answer
from ticketing.automation.port import Known, Status, StepTaken
from ticketing.automation.senders import revive
from ticketing.db import now
from ticketing.work_orders.errors import WorkOrderNotFound

AT = datetime(2026, 11, 25, tzinfo=UTC)


class Engine:
    """An engine that knows one flow, and notes what it is asked (the real one is tested in test_adoption)."""

    def __init__(self, status: Status | None) -> None:
        self.status, self.asked = status, [""][:0]

    def start(self, flow: str, id: str, facts: Any) -> None:
        self.asked.append(f"start {id}")

    def signal(self, id: str, *, key: str, bell: str) -> None:
        self.asked.append(f"signal {id}")

    def cancel(self, id: str) -> None:
        self.asked.append(f"cancel {id}")

    def retry_from(self, id: str, step: str | None = None) -> None:
        self.asked.append(f"retry {id} {step}")

    def find(self, id: str) -> Known | None:
        return Known(id, "order", self.status, "worker-1", AT, AT) if self.status else None

    def unfinished(self) -> list[Known]:
        known = self.find("WO202611250001")
        return [known] if known else []

    def failed(self) -> list[Known]:
        return self.unfinished() if self.status is Status.FAILED else []

    def steps(self, id: str) -> list[StepTaken]:
        return []


def ask(sessions: sessionmaker[Session], engine: Engine, command: str, order: str = "", step: str | None = None) -> str:
    asked = argparse.Namespace(command=command, order=order, step=step)
    return "\n".join(answer(sessions, sessions, engine, asked, at=now()))


def test_the_list_says_who_has_a_flow_and_what_fails(make: Maker, sessions: sessionmaker[Session]) -> None:
    order = make()
    with sessions.begin() as session:
        ledger.rest(session, order, "send_crew:1", error="status 503", at=now())
    engine = Engine(Status.RUNNING)
    engine.unfinished = lambda: [Known(order, "order", Status.RUNNING, "worker-1", AT, AT)]  # type: ignore[method-assign]
    listed = ask(sessions, engine, "list")
    assert order in listed and "worker-1 (dead)" in listed and "send_crew:1 failed 1 times: status 503" in listed


def test_show_is_one_timeline_of_states_and_steps(make: Maker, sessions: sessionmaker[Session]) -> None:
    order = make()
    with sessions.begin() as session:
        ledger.tick(session, order, "send_crew:1", detail="crew_app-1", at=now())
    shown = ask(sessions, Engine(Status.RUNNING), "show", order)
    assert "派发" in shown and "send_crew:1" in shown and "done crew_app-1" in shown
    assert shown.index("受理") < shown.index("send_crew:1")


@pytest.mark.parametrize(
    ("status", "expected"), [(None, "start {}"), (Status.FAILED, "retry {} None"), (Status.RUNNING, "")]
)
def test_retry_forgets_failures_and_refusals(
    make: Maker, sessions: sessionmaker[Session], status: Status | None, expected: str
) -> None:
    order = make()
    with sessions.begin() as session:
        ledger.rest(session, order, "send_crew:1", error="status 503", at=now())
        ledger.tick(session, order, "tell_customer", outcome="refused", detail="no number", at=now())
        ledger.tick(session, order, "known_outage", at=now())
    engine = Engine(status)
    ask(sessions, engine, "retry", order)
    assert engine.asked == ([expected.format(order)] if expected else [])
    with sessions() as session:
        assert ledger.steps_of(session, order) == {"known_outage": "done"}
        assert ledger.resting(session, order) == {}


def test_replay_names_the_step(make: Maker, sessions: sessionmaker[Session]) -> None:
    order, engine = make(), Engine(Status.DONE)
    ask(sessions, engine, "replay", order, "send_crew:1")
    assert engine.asked == [f"retry {order} send_crew:1"]


def test_an_unknown_order_is_refused_by_name(sessions: sessionmaker[Session], town: None) -> None:
    with pytest.raises(WorkOrderNotFound):
        ask(sessions, Engine(None), "show", "WO209901010001")


@pytest.mark.parametrize(("status", "asked"), [(Status.FAILED, ["retry WO202611250001 None"]), (Status.RUNNING, [])])
def test_a_flow_that_the_engine_let_fall_goes_on(status: Status, asked: list[str]) -> None:
    engine = Engine(status)
    assert revive(engine) == len(asked)
    assert engine.asked == asked
