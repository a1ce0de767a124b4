"""Moving an order in the database: once a key, one of two who race, late events, and the log whatever is tried."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit.models import AuditRecord
from ticketing.errors import TicketingError
from ticketing.work_orders import dispatching, service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import (
    AcceptedByAnother,
    CrewNotFound,
    KeyReused,
    OutageMissing,
    SkillMissing,
    WorkOrderNotFound,
)
from ticketing.work_orders.models import Transition, WorkOrder
from ticketing.work_orders.moves import move
from ticketing.work_orders.states import BRACKETS, State, place, ways

pytestmark = pytest.mark.usefixtures("town")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DISPATCHER = Actor(Role.DISPATCHER, "d")
ONE, OTHER = Actor(Role.CREW, "CR-YJ-REPAIR"), Actor(Role.CREW, "CR-ALL-REPAIR")


def make(session: Session, key: str = "k") -> str:
    order = service.create(
        session,
        key=key,
        kind="outage",
        conversation="c-1",
        description="停电",
        address="中山二路8号",
        at=AT,
        actor="test",
    )
    return order.number


def offer_to_all(session: Session, number: str) -> None:
    move(session, number, State.RETURNED, actor=DISPATCHER, reason="车坏了", key="back", at=AT)
    dispatching.dispatch(session, number, to=dispatching.TO_ALL, actor=DISPATCHER, key="all", at=AT)


def log(session: Session, number: str) -> list[Transition]:
    return list(session.scalars(select(Transition).filter_by(order_number=number).order_by(Transition.id)))


def test_the_same_key_again_returns_the_first_transition(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        number = make(session)
        first = move(session, number, State.ACKNOWLEDGED, actor=ONE, reason="", key="w-1", at=AT)
        later = AT + timedelta(minutes=9)
        again = move(session, number, State.ACKNOWLEDGED, actor=ONE, reason="again", key="w-1", at=later)
        assert again is first
        assert [step.state for step in log(session, number)] == ["accepted", "dispatched", "acknowledged"]
        moved = session.scalars(select(AuditRecord).filter_by(subject=f"order:{number}", kind="order.moved")).all()
        assert [row.actor for row in moved] == ["system:test", "crew:CR-YJ-REPAIR"]


def test_a_webhook_that_comes_twice_at_once_is_one_step(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        number = make(session)
    ids = _race(sessions, *[partial(_acknowledge, number=number, crew=ONE, key="w-1")] * 4)
    assert len(set(ids)) == 1
    assert isinstance(ids[0], int)


def test_a_key_that_stands_for_something_else_is_refused(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        number, second = make(session, "a"), make(session, "b")
        move(session, number, State.ACKNOWLEDGED, actor=ONE, reason="", key="w-1", at=AT)
        with pytest.raises(KeyReused):
            move(session, number, State.ON_SITE, actor=ONE, reason="", key="w-1", at=AT)
        with pytest.raises(KeyReused):
            move(session, second, State.ACKNOWLEDGED, actor=ONE, reason="", key="w-1", at=AT)


def test_of_two_crews_that_accept_at_once_one_has_the_order_and_the_other_is_told_so(
    sessions: sessionmaker[Session],
) -> None:
    for turn in range(5):
        with sessions.begin() as session:
            number = make(session, f"k-{turn}")
            move(session, number, State.RETURNED, actor=DISPATCHER, reason="车坏了", key=f"back-{turn}", at=AT)
            to_all = dispatching.TO_ALL
            dispatching.dispatch(session, number, to=to_all, actor=DISPATCHER, key=f"all-{turn}", at=AT)
        tries = [partial(_acknowledge, number=number, crew=crew, key=f"{number}:{crew}") for crew in (ONE, OTHER)]
        answers = _race(sessions, *tries)
        refusals = [each for each in answers if isinstance(each, TicketingError)]
        assert [type(each) for each in refusals] == [AcceptedByAnother]
        with sessions() as session:
            winner = session.get_one(WorkOrder, number).crew
            assert refusals[0].extra == {"crew": winner}
            taken = [step.actor for step in log(session, number) if step.state == "acknowledged"]
            assert taken == [f"crew:{winner}"]


def _acknowledge(session: Session, number: str, crew: Actor, key: str) -> int:
    return move(session, number, State.ACKNOWLEDGED, actor=crew, reason="", key=key, at=AT).id


def _race(sessions: sessionmaker[Session], *works: Callable[[Session], int]) -> list[int | TicketingError]:
    """Each in a transaction of its own, started at the same moment."""
    barrier = Barrier(len(works))

    def run(work: Callable[[Session], int]) -> int | TicketingError:
        barrier.wait()
        try:
            with sessions.begin() as session:
                return work(session)
        except TicketingError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_crew_must_exist_and_know_the_work(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        number = make(session)
        offer_to_all(session, number)
        for name, refusal in (("CR-NOBODY", CrewNotFound), ("CR-ALL-BILLING", SkillMissing)):
            with pytest.raises(refusal):
                move(session, number, State.ACKNOWLEDGED, actor=Actor(Role.CREW, name), reason="", key=name, at=AT)
        assert session.get_one(WorkOrder, number).state == "dispatched"


def test_an_event_that_comes_in_late_counts_from_the_step_before_it_and_keeps_what_was_said(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        number = make(session)
        move(session, number, State.ESCALATED, actor=DISPATCHER, reason="催", key="e", at=AT + timedelta(minutes=10))
        said = AT + timedelta(minutes=5)
        late = move(session, number, State.ACKNOWLEDGED, actor=ONE, reason="", key="w", at=said)
        assert (late.at, late.happened) == (AT + timedelta(minutes=10), said)


def test_merging_needs_an_outage_and_an_order_must_be_there(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        with pytest.raises(OutageMissing):
            move(session, make(session), State.MERGED, actor=DISPATCHER, reason="same", key="m", at=AT)
        with pytest.raises(WorkOrderNotFound):
            move(session, "WO209901010001", State.ON_SITE, actor=ONE, reason="", key="x", at=AT)


TRIES = st.lists(
    st.tuples(
        st.integers(0, 12),
        st.sampled_from([DISPATCHER, ONE, OTHER, Actor(Role.FLOW, "f")]),
        st.integers(0, 5),
        st.integers(-10, 20),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TRIES)
def test_whatever_is_tried_the_log_tells_the_states_story_and_time_never_runs_backwards(
    sessions: sessionmaker[Session], tries: list[tuple[int, Actor, int, int]]
) -> None:
    """Keys repeat on purpose: few of them for many tries."""
    with sessions() as session:
        number = make(session)
        minute, accepted = 0, 0
        for pick, actor, key, ahead in tries:
            minute += ahead
            past = [State(step.state) for step in log(session, number)]
            possible = sorted(ways(past[-1], place=place(past)) - {State.MERGED})
            to = possible[pick % len(possible)] if possible and pick < 10 else list(State)[pick]
            try:
                at = AT + timedelta(minutes=minute)
                move(session, number, to, actor=actor, reason="because", key=f"key-{key}", at=at)
            except TicketingError:
                continue
            accepted += 1
        steps = log(session, number)
        states = [State(step.state) for step in steps]
        assert session.get_one(WorkOrder, number).state == states[-1]
        assert len(steps) - 2 <= accepted
        assert len({step.key for step in steps}) == len(steps)
        for spot in range(1, len(steps)):
            assert steps[spot].origin == states[spot - 1]
            assert states[spot] in ways(states[spot - 1], place=place(states[:spot]))
            assert steps[spot].at >= steps[spot - 1].at
        moved = session.scalars(select(AuditRecord).filter_by(subject=f"order:{number}")).all()
        assert [row.data["to"] for row in moved] == states
        session.rollback()


def test_brackets_are_read_from_the_log(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        number = make(session)
        for key, to in (("1", State.ESCALATED), ("2", State.SUSPENDED), ("3", State.ESCALATED)):
            assert to in BRACKETS
            move(session, number, to, actor=DISPATCHER, reason="because", key=key, at=AT)
        assert move(session, number, State.ACKNOWLEDGED, actor=ONE, reason="", key="4", at=AT).origin == "escalated"
