"""Look up outages of a place, and take reports: a known outage is told, anything else becomes an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.customers.models import Standing
from ticketing.db import alone
from ticketing.outages import network
from ticketing.outages.models import Outage, OutageReport
from ticketing.outages.place import Place
from ticketing.outages.schedule import Kind, Span, State, known_for
from ticketing.work_orders import service as work_orders
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.numbers import LOCAL

AHEAD = timedelta(days=8)
"""Planned outages are announced seven days before; a question without a day looks that far."""


@dataclass(frozen=True)
class Report:
    """What the customer said. `address` in their words."""

    key: str
    conversation: str
    address: str
    scope: str | None
    event_time: str | None
    contact_phone: str | None
    description: str


@dataclass(frozen=True)
class Outcome:
    """One of the two: the outage is known, or an order was made."""

    outage: Outage | None
    order: WorkOrder | None


def look_up(
    session: Session, *, address: str | None, day: date | None, at: datetime
) -> tuple[Place | None, Sequence[Outage]]:
    """The place as understood, and its outages: of the local `day`, or on now and in the days ahead."""
    place = network.find_place(session, address)
    if place is None:
        return None, []
    above = network.above(session, place.transformers)
    nodes = {node for up in above.values() for node in up}
    found = [each for each in _alive(session) if each.node in nodes and _asked(_span(each), day=day, at=at)]
    return place, found


def _asked(span: Span, *, day: date | None, at: datetime) -> bool:
    if day is not None:
        today = day == at.astimezone(LOCAL).date()
        return span.touches(day, LOCAL) or (today and span.is_on(at))
    return span.is_on(at) or at < span.started < at + AHEAD


def report(session: Session, said: Report, *, at: datetime, actor: str) -> Outcome:
    """Take a report. The same key gets the same outcome. A place that nobody knows still makes an order."""
    alone(session, f"outage-report:{said.key}")
    earlier = session.get(OutageReport, said.key, populate_existing=True)
    if earlier is not None:
        return _outcome(session, earlier)
    place = network.find_place(session, said.address)
    outage = _known(session, place, at=at)
    order = None if outage else _order(session, said, place, at=at, actor=actor)
    transformers = sorted(place.transformers) if place else []
    row = OutageReport(
        key=said.key,
        conversation=said.conversation,
        transformer=transformers[0] if len(transformers) == 1 else None,
        outage=outage.id if outage else None,
        order_number=order.number if order else None,
        address=said.address,
        scope=said.scope,
        event_time=said.event_time,
        contact_phone=said.contact_phone,
        description=said.description,
        at=at,
    )
    session.add(row)
    session.flush()
    subject = f"outage:{outage.id}" if outage else f"order:{row.order_number}"
    data = {"conversation": said.conversation, "known": outage is not None, "transformer": row.transformer}
    audit.record(session, kind="outage.reported", subject=subject, actor=actor, data=data, at=at)
    return Outcome(outage, order)


def _outcome(session: Session, earlier: OutageReport) -> Outcome:
    outage = session.get(Outage, earlier.outage) if earlier.outage else None
    order = session.get(WorkOrder, earlier.order_number) if earlier.order_number else None
    return Outcome(outage, order)


def _known(session: Session, place: Place | None, *, at: datetime) -> Outage | None:
    if place is None or not place.exact:
        return None
    above = network.above(session, place.transformers)
    alive = {each.id: each for each in _alive(session)}
    span = known_for(above, [_span(each) for each in alive.values()], at=at)
    return alive[span.id] if span else None


def _order(session: Session, said: Report, place: Place | None, *, at: datetime, actor: str) -> WorkOrder:
    standing = session.get(Standing, said.conversation)
    return work_orders.create(
        session,
        key=f"report:{said.key}",
        kind="outage",
        conversation=said.conversation,
        address=said.address,
        contact_phone=said.contact_phone,
        account_number=standing.account.number if standing else None,
        description=said.description,
        details={"scope": said.scope, "event_time": said.event_time},
        place=place,
        at=at,
        actor=actor,
    )


def _alive(session: Session) -> Sequence[Outage]:
    query = select(Outage).where(Outage.state.in_([State.PLANNED, State.ACTIVE]))
    return session.scalars(query.order_by(Outage.started, Outage.id)).all()


def _span(outage: Outage) -> Span:
    return Span(outage.id, Kind(outage.kind), State(outage.state), outage.node, outage.started, outage.etr)
