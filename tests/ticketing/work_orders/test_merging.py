"""Orders that are one outage go into it together with their reports, all or none, and come back where it stays dark."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import Session, sessionmaker

from ticketing.outages.models import Outage, OutageReport
from ticketing.work_orders import dispatching, service
from ticketing.work_orders.actors import Actor, Role
from ticketing.work_orders.errors import NotMergeable, ReasonMissing, WorkOrderNotFound
from ticketing.work_orders.merging import merge
from ticketing.work_orders.models import WorkOrder

pytestmark = pytest.mark.usefixtures("town")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
DISPATCHER = Actor(Role.DISPATCHER, "d")


def make(session: Session, key: str, kind: str = "outage") -> str:
    order = service.create(session, key=key, kind=kind, conversation="c-1", description="", at=AT, actor="test")
    said = {"key": key, "conversation": "c-1", "address": "中山二路", "description": "", "at": AT}
    session.add(OutageReport(**said, order_number=order.number))
    session.flush()
    return order.number


def fault(session: Session, id: str = "OUT-1", state: str = "active") -> str:
    session.add(Outage(id=id, kind="fault", node="TX-ZS1", area="中山一路", cause="", state=state, started=AT))
    session.flush()
    return id


def merged(session: Session, *numbers: str, into: str, reason: str = "同一台变压器", key: str = "m") -> list[str]:
    rows = merge(session, numbers, into=into, actor=DISPATCHER, reason=reason, key=key, at=AT)
    return [row.order_number for row in rows]


def test_orders_and_their_reports_go_into_the_outage_once(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        first, second = make(session, "a"), make(session, "b")
        into = fault(session)
        assert merged(session, second, first, into=into) == [first, second]
        assert merged(session, first, second, into=into) == [first, second]
        for key, number in (("a", first), ("b", second)):
            order = session.get_one(WorkOrder, number)
            assert (order.state, order.outage) == ("merged", into)
            report = session.get_one(OutageReport, key, populate_existing=True)
            assert report.outage == into


def test_one_that_cannot_be_merged_stops_all(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        good, other = make(session, "a"), make(session, "b", kind="complaint")
        into = fault(session)
    for numbers, refusal in (((good, other), NotMergeable), ((good, "WO209901010001"), WorkOrderNotFound)):
        with pytest.raises(refusal), sessions.begin() as session:
            merged(session, *numbers, into=into)
    with sessions() as session:
        assert session.get_one(WorkOrder, good).outage is None


@pytest.mark.parametrize("into", ["OUT-0", "OUT-1"])
def test_only_into_an_outage_that_is_on(sessions: sessionmaker[Session], into: str) -> None:
    with sessions.begin() as session:
        fault(session, "OUT-1", state="restored")
        with pytest.raises(NotMergeable):
            merged(session, make(session, "a"), into=into)


def test_merging_must_be_explained(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session, pytest.raises(ReasonMissing):
        merged(session, make(session, "a"), into=fault(session), reason=" ")


def test_where_it_stays_dark_the_order_leaves_the_outage_and_is_given_out_again(
    sessions: sessionmaker[Session],
) -> None:
    with sessions.begin() as session:
        number = make(session, "a")
        merged(session, number, into=fault(session))
        dispatching.dispatch(session, number, actor=DISPATCHER, reason="still dark", key="again", at=AT)
        order = session.get_one(WorkOrder, number)
        assert (order.state, order.outage) == ("dispatched", None)
