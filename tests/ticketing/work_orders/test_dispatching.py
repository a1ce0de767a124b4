"""Giving orders out: the nearer crew, the shorter queue, not to who gave it back, by name, to all; refusals by name."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.outbox.models import OutboxEntry
from ticketing.work_orders import dispatching, service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import CrewNotFound, NobodyAble, ReasonMissing, SkillMissing
from ticketing.work_orders.models import Crew, Transition, WorkOrder
from ticketing.work_orders.moves import move
from ticketing.work_orders.states import State

pytestmark = pytest.mark.usefixtures("town")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
FLOW, DISPATCHER = Actor(Role.FLOW, "f"), Actor(Role.DISPATCHER, "d")
OLD_TOWN, LONGJING = "右江区中山二路8号", "右江区龙景花园"


def make(
    session: Session, key: str, address: str | None = OLD_TOWN, kind: str = "outage", flow: bool = True
) -> WorkOrder:
    return service.create(
        session,
        key=key,
        kind=kind,
        conversation="c-1",
        description="",
        address=address,
        at=AT,
        actor="test",
        flow=flow,
    )


def step(session: Session, order: WorkOrder, to: State, actor: Actor, key: str) -> None:
    move(session, order.number, to, actor=actor, reason="because", key=key, at=AT)


def test_a_new_order_goes_to_the_nearer_crew_and_says_why(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        near, far = make(session, "a"), make(session, "b", LONGJING)
        assert (near.crew, far.crew) == ("CR-YJ-REPAIR", "CR-YJ-REPAIR2")
        reasons = session.scalars(select(Transition.reason).filter_by(state="dispatched").order_by(Transition.id)).all()
        assert reasons == ["CR-YJ-REPAIR: 0 ahead, 0.2 km", "CR-YJ-REPAIR2: 0 ahead, 0.5 km"]


def test_a_crew_that_is_behind_is_relieved_by_the_next_one(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        assert [make(session, key).crew for key in "abc"] == ["CR-YJ-REPAIR", "CR-YJ-REPAIR2", "CR-YJ-REPAIR"]
        assert make(session, "danger", kind="hazard").crew == "CR-YJ-REPAIR"


def test_who_gave_it_back_is_not_asked_again_whoever_entered_it(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = make(session, "a")
        for actor, next_crew in ((Actor(Role.CREW, "CR-YJ-REPAIR"), "CR-YJ-REPAIR2"), (DISPATCHER, "CR-ALL-REPAIR")):
            step(session, order, State.RETURNED, actor, f"back-{next_crew}")
            dispatching.dispatch(session, order.number, actor=FLOW, key=f"to-{next_crew}", at=AT)
            assert order.crew == next_crew
        step(session, order, State.RETURNED, DISPATCHER, "back-3")
        with pytest.raises(NobodyAble):
            dispatching.dispatch(session, order.number, actor=FLOW, key="to-4", at=AT)
        assert (order.state, order.crew) == ("returned", "CR-ALL-REPAIR")


def test_a_dispatcher_names_the_crew_and_the_same_key_gives_it_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = make(session, "a")
        step(session, order, State.ESCALATED, FLOW, "e")
        for _ in range(2):
            dispatching.dispatch(session, order.number, to="CR-TY-REPAIR", actor=DISPATCHER, key="d", at=AT)
        assert (order.state, order.crew) == ("dispatched", "CR-TY-REPAIR")
        assert len(session.scalars(select(Transition)).all()) == 4


def test_a_wrong_name_changes_nothing(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = make(session, "a")
        step(session, order, State.ESCALATED, FLOW, "e")
        for name, refusal in (("CR-NOBODY", CrewNotFound), ("CR-YJ-METER", SkillMissing)):
            with pytest.raises(refusal):
                dispatching.dispatch(session, order.number, to=name, actor=DISPATCHER, key=name, at=AT)
        assert (order.state, order.crew) == ("escalated", "CR-YJ-REPAIR")


def test_a_suspended_order_stays_with_its_crew(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = make(session, "a", LONGJING)
        step(session, order, State.SUSPENDED, DISPATCHER, "s")
        dispatching.dispatch(session, order.number, actor=DISPATCHER, key="d", at=AT)
        assert order.crew == "CR-YJ-REPAIR2"


def test_opening_again_needs_a_reason_of_its_own(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        order = make(session, "a")
        for to in (State.ACKNOWLEDGED, State.ON_SITE, State.RESTORED):
            step(session, order, to, DISPATCHER, to)
        with pytest.raises(ReasonMissing):
            dispatching.dispatch(session, order.number, actor=FLOW, key="again", at=AT)
        row = dispatching.dispatch(session, order.number, actor=FLOW, key="again", reason="still dark", at=AT)
        assert row.reason.startswith("still dark (CR-YJ-REPAIR: ")


def test_without_any_crew_the_order_waits_for_a_person(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        for crew in session.scalars(select(Crew)):
            session.delete(crew)
        order = make(session, "a")
        assert (order.state, order.crew) == ("accepted", None)


def test_the_flow_starts_with_the_order_or_not_at_all(sessions: sessionmaker[Session]) -> None:
    """The row is in the order's own transaction: no order without its flow, no flow without its order."""
    with sessions.begin() as session:
        number = make(session, "a").number
        make(session, "a")
        make(session, "of an outage", flow=False)
    with pytest.raises(RuntimeError), sessions.begin() as session:
        make(session, "lost")
        raise RuntimeError
    with sessions() as session:
        entries = session.scalars(select(OutboxEntry).filter_by(kind="flow")).all()
        assert [(entry.key, entry.payload) for entry in entries] == [(f"flow:{number}", f'{{"order": "{number}"}}')]
