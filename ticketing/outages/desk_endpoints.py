"""Outages over HTTP for those who work on them: planners, crews, dispatchers, flows."""

from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ticketing.access import Caller, Only
from ticketing.audit import service as audit
from ticketing.db import Reading, Writing, now
from ticketing.outages import alarms, area, homes, network, restoration
from ticketing.outages.errors import OutageNotFound
from ticketing.outages.models import CallBack, HazardAlarm, Outage, OutageReport
from ticketing.outages.schedule import Kind, State
from ticketing.outages.schemas import (
    Acceptance,
    AlarmView,
    CallBackAnswer,
    CallBackView,
    Confirmation,
    HomeAdvice,
    HomeCheck,
    NewPlanned,
    OutageDetail,
    OutageView,
)
from ticketing.work_orders import service as work_orders

router = APIRouter(prefix="/api/outages", tags=["outages"])
Desk = Annotated[Caller, Depends(Only(Caller.DEMO, Caller.ACTIONS))]


@router.put("/planned")
def plan(asked: NewPlanned, session: Writing, caller: Desk) -> OutageView:
    """Announce a planned outage, or bring it up to date."""
    net = network.read(session)
    if asked.node not in net.tree.devices:
        raise OutageNotFound(f"no device {asked.node}")
    rows = [row for code in net.below(asked.node) for row in net.places.get(code, ())]
    words = asked.area or area.describe(rows, fallback=net.tree.devices[asked.node].name)
    shared = {"node": asked.node, "area": words, "cause": asked.cause, "started": asked.starts, "etr": asked.ends}
    outage = session.merge(Outage(id=asked.id, kind=Kind.PLANNED, state=State.PLANNED, **shared))
    audit.record(session, kind="outage.planned", subject=f"outage:{asked.id}", actor=caller, data={}, at=now())
    return OutageView.model_validate(outage)


@router.post("/{id}/confirm")
def confirm(id: str, found: Confirmation, session: Writing, caller: Desk) -> OutageDetail:
    """A crew has seen the fault: it is not moved by calls any more."""
    outage = restoration.confirm(session, id, node=found.node, cause=found.cause, etr=found.etr, actor=caller, at=now())
    return _detail(session, outage)


@router.post("/{id}/restore")
def restore(id: str, session: Writing, caller: Desk) -> OutageDetail:
    """Power is back: all who called are asked."""
    return _detail(session, restoration.restore(session, id, actor=caller, at=now()))


@router.get("/{id}/callbacks")
def callbacks(id: str, session: Reading, caller: Desk) -> list[CallBackView]:
    """Who was asked whether power is back, and what they said."""
    asked = session.scalars(select(CallBack).where(CallBack.outage == id).order_by(CallBack.asked_at))
    return [CallBackView.model_validate(each) for each in asked]


@router.post("/callbacks/{id}/answer")
def answer(id: str, said: CallBackAnswer, session: Writing, caller: Desk) -> OutageDetail:
    """What the customer says; a no opens the outage again."""
    return _detail(session, restoration.answer(session, id, power=said.power, actor=caller, at=now()))


@router.get("/alarms")
def list_alarms(session: Reading, caller: Desk) -> list[AlarmView]:
    """Hazards that nobody has accepted first."""
    return [_alarm(each) for each in alarms.newest(session)]


@router.post("/alarms/{order}/accept")
def accept(order: str, who: Acceptance, session: Writing, caller: Desk) -> AlarmView:
    """A dispatcher takes the hazard: it rings no more."""
    return _alarm(alarms.accept(session, order, dispatcher=who.dispatcher, at=now()))


@router.post("/homes/{order}/check")
def check_home(order: str, said: HomeCheck, session: Writing, caller: Desk) -> HomeAdvice:
    """Before a crew goes to one dark home: what to ask or do next."""
    advice, outage = homes.check(
        session,
        work_orders.look(session, order),
        neighbours=said.neighbours,
        breaker=said.breaker,
        actor=caller,
        at=now(),
    )
    return HomeAdvice(advice=advice, outage=OutageView.model_validate(outage) if outage else None)


@router.get("/{id}")
def show(id: str, session: Reading, caller: Desk) -> OutageDetail:
    outage = session.get(Outage, id)
    if outage is None:
        raise OutageNotFound(f"no outage {id}")
    return _detail(session, outage)


def _detail(session: Session, outage: Outage) -> OutageDetail:
    session.flush()
    counted = select(func.count()).select_from(OutageReport).where(OutageReport.outage == outage.id)
    view = OutageView.model_validate(outage).model_dump()
    more = ("node", "predicted", "confidence", "order_number", "merged_into", "restored_at", "reopened")
    return OutageDetail(**view, **{name: getattr(outage, name) for name in more}, reports=session.scalar(counted) or 0)


def _alarm(alarm: HazardAlarm) -> AlarmView:
    return AlarmView(
        order=alarm.order_number,
        raised_at=alarm.raised_at,
        rung=alarm.rung,
        accepted_by=alarm.accepted_by,
        accepted_at=alarm.accepted_at,
        waited_s=alarms.waited_s(alarm, at=now()),
    )
