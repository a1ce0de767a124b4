"""Promises are escalated in time, once, whoever has the flow; paused clocks wait; kept ones are left alone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from tests.ticketing.automation.conftest import Maker
from ticketing.automation import promises, watch
from ticketing.automation.models import ToldPromise
from ticketing.db import now
from ticketing.outbox.models import OutboxEntry
from ticketing.rulebook import rules
from ticketing.work_orders import moves
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.states import State
from ticketing.work_orders.terms import term

WARNING = timedelta(minutes=36)
BROKEN = timedelta(minutes=45, seconds=1)


@pytest.fixture
def told(make: Maker, sessions: sessionmaker[Session]) -> str:
    """An order whose customer was told an arrival within 45 minutes."""
    order = make()
    with sessions.begin() as session:
        created = session.get_one(WorkOrder, order).created
        rule = rules.load().find("arrival.urban", on=created.date())
        assert rule
        promises.tell(session, order=order, conversation="c-1", message="m-1", term=term(rule), at=created)
    return order


def looks(sessions: sessionmaker[Session], order: str, later: timedelta) -> list[str]:
    """Let the watch look so long after the order was made; returns the reasons of all escalations so far."""
    with sessions() as session:
        created = session.get_one(WorkOrder, order).created
    watch.look(sessions, at=created + later, is_working=lambda _: True)
    with sessions() as session:
        escalated = select(Transition.reason).where(Transition.state == State.ESCALATED).order_by(Transition.id)
        return list(session.scalars(escalated))


def test_a_promise_is_escalated_once_before_it_breaks_and_once_when_it_does(
    told: str, sessions: sessionmaker[Session]
) -> None:
    assert looks(sessions, told, timedelta(seconds=1)) == []
    assert looks(sessions, told, WARNING - timedelta(seconds=1)) == []
    warned = ["promise arrival-urban breaks in 9 min"]
    assert looks(sessions, told, WARNING) == looks(sessions, told, WARNING + timedelta(seconds=1)) == warned
    both = [*warned, "promise arrival-urban is broken"]
    assert looks(sessions, told, BROKEN) == looks(sessions, told, BROKEN + timedelta(minutes=5)) == both
    with sessions() as session:
        promise = session.scalars(select(ToldPromise)).one()
        assert promise.broken_at == promise.told_at + timedelta(minutes=45)
        bells = session.scalars(select(OutboxEntry.key).where(OutboxEntry.kind == "bell")).all()
        assert len([key for key in bells if ":promise:" in key]) == 2


def test_who_arrived_in_time_is_left_alone(told: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = session.get_one(WorkOrder, told)
        crew = Actor(Role.CREW, order.crew or "")
        for state in (State.ACKNOWLEDGED, State.ON_SITE):
            moves.move(session, told, state, actor=crew, reason="", key=state, at=order.created + timedelta(minutes=1))
    assert looks(sessions, told, WARNING) == []
    with sessions() as session:
        assert session.scalars(select(ToldPromise.kept_at)).one() is not None


def test_a_clock_that_stands_still_is_not_escalated(told: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        desk = Actor(Role.DISPATCHER, "d")
        at = session.get_one(WorkOrder, told).created + timedelta(minutes=1)
        moves.move(session, told, State.SUSPENDED, actor=desk, reason="flood", key="s", at=at)
    assert looks(sessions, told, BROKEN) == []
    with sessions() as session:
        assert session.scalars(select(ToldPromise.check_at)).one() is not None


def test_the_same_sentence_is_one_promise(told: str, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        [row] = promises.of_order(session, told)
        again = promises.term_of(row)
        promises.tell(session, order=told, conversation="c-1", message="m-1", term=again, at=now())
        assert len(promises.of_order(session, told)) == 1


def test_an_order_that_cannot_be_looked_at_holds_up_no_other(
    told: str, make: Maker, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make()
    with sessions.begin() as session:
        [row] = promises.of_order(session, told)
        created = session.get_one(WorkOrder, other).created
        term = promises.term_of(row)
        promises.tell(session, order=other, conversation="c-2", message="m-2", term=term, at=created)
    settle = promises.settle

    def breaking(session: Session, number: str, **facts: Any) -> Any:
        if number == told:
            raise ValueError("a log that cannot be read")
        return settle(session, number, **facts)

    monkeypatch.setattr(promises, "settle", breaking)
    assert watch.look(sessions, at=created + WARNING, is_working=lambda _: True) == 1
    with sessions() as session:
        escalated = select(Transition.order_number).where(Transition.state == State.ESCALATED)
        assert session.scalars(escalated).all() == [other]
