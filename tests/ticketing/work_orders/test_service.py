"""Orders are made once, numbered without gaps or doubles, dispatched, and every change is in the trail."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.models import AuditRecord
from ticketing.work_orders import service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.moves import move
from ticketing.work_orders.states import State

AT = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 00:30 on the 23rd in Nanning


def make(sessions: sessionmaker[Session], key: str, kind: str = "outage", at: datetime = AT, **more: Any) -> str:
    with sessions.begin() as session:
        order = service.create(
            session, key=key, kind=kind, conversation="c-1", description="停电", at=at, actor="test", **more
        )
        return order.number


def test_the_day_of_a_number_is_the_local_day_and_each_day_starts_anew(sessions: sessionmaker[Session]) -> None:
    assert make(sessions, "a") == "WO202611230001"
    assert make(sessions, "b") == "WO202611230002"
    assert make(sessions, "c", at=datetime(2026, 11, 23, 16, tzinfo=UTC)) == "WO202611240001"


def test_one_key_in_parallel_makes_one_order(sessions: sessionmaker[Session]) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = set(pool.map(lambda _: make(sessions, "same"), range(16)))
    assert numbers == {"WO202611230001"}


def test_numbers_in_parallel_have_no_doubles_and_no_gaps(sessions: sessionmaker[Session]) -> None:
    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(lambda each: make(sessions, f"k-{each}"), range(32)))
    assert numbers == [f"WO20261123{each:04d}" for each in range(1, 33)]


def test_a_number_is_not_used_up_by_an_order_that_failed(sessions: sessionmaker[Session]) -> None:
    with pytest.raises(ValueError, match="nonsense"):
        make(sessions, "a", kind="nonsense")
    assert make(sessions, "b") == "WO202611230001"


def test_without_a_crew_the_order_waits_for_a_person(sessions: sessionmaker[Session]) -> None:
    number = make(sessions, "a")
    with sessions() as session:
        order = service.look(session, number)
        assert (order.state, order.crew) == ("accepted", None)


@pytest.mark.usefixtures("town")
def test_a_new_order_is_dispatched_at_once_and_each_step_is_logged_and_audited(
    sessions: sessionmaker[Session],
) -> None:
    number = make(sessions, "a", address="中山二路8号", account_number="0602100123450001")
    with sessions() as session:
        steps = session.scalars(select(Transition).order_by(Transition.id)).all()
        assert [(step.origin, step.state) for step in steps] == [(None, "accepted"), ("accepted", "dispatched")]
        trail = session.scalars(select(AuditRecord).where(AuditRecord.subject == f"order:{number}")).all()
        assert [row.kind for row in trail] == ["order.created", "order.moved"]
        assert "中山" not in str([row.data for row in trail])
        order = session.get_one(WorkOrder, number)
        assert order.crew == "CR-YJ-REPAIR"
        assert order.account_id is not None


@pytest.mark.usefixtures("town")
def test_a_repeated_step_is_done_once(sessions: sessionmaker[Session]) -> None:
    number = make(sessions, "a")
    for _ in range(2):
        with sessions.begin() as session:
            crew = Actor(Role.CREW, "CR-ALL-REPAIR")
            move(session, number, State.ACKNOWLEDGED, actor=crew, reason="", key="step", at=AT)
    with sessions() as session:
        assert len(session.scalars(select(Transition)).all()) == 3
