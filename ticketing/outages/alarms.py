"""Danger rings a dispatcher on duty until one accepts: by text message, one number after the other, twice a minute.

The alarm follows from the order: a hazard's order without one gets it, whoever made the order and whatever was killed
between. The time until acceptance counts from the order.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session, sessionmaker

from ticketing.audit import service as audit
from ticketing.db import alone
from ticketing.outages.errors import AlarmTaken, OutageNotFound
from ticketing.outages.models import HazardAlarm
from ticketing.outbox import service as outbox
from ticketing.talk_tracks import service as talk_tracks
from ticketing.work_orders.kinds import Kind
from ticketing.work_orders.models import WorkOrder
from ticketing.work_orders.states import OPEN

AGAIN_AFTER = timedelta(seconds=30)
WORDS = "utter_sms_hazard_alarm"

log = structlog.get_logger("ticketing.outages")


def ring_all(sessions: sessionmaker[Session], phones: Sequence[str], *, at: datetime) -> int:
    """Ring for every hazard that nobody has accepted and that has not rung just now; returns how many rang."""
    with sessions() as session:
        session.connection(execution_options={"reading": True})
        due = [*session.scalars(_unalarmed()), *session.scalars(_unaccepted(at))]
    if not due:
        return 0
    with sessions.begin() as session:
        return sum(_ring(session, number, phones, at=at) for number in due)


def _unalarmed() -> Select[str]:
    without = ~exists().where(HazardAlarm.order_number == WorkOrder.number)
    return select(WorkOrder.number).where(WorkOrder.kind == Kind.HAZARD, WorkOrder.state.in_(OPEN), without)


def _unaccepted(at: datetime) -> Select[str]:
    rested = or_(HazardAlarm.rung_at.is_(None), HazardAlarm.rung_at <= at - AGAIN_AFTER)
    return select(HazardAlarm.order_number).where(HazardAlarm.accepted_at.is_(None), rested)


def _ring(session: Session, number: str, phones: Sequence[str], *, at: datetime) -> bool:
    alone(session, f"hazard-alarm:{number}")
    order = session.get_one(WorkOrder, number)
    alarm = session.get(HazardAlarm, number, populate_existing=True)
    if alarm is None:
        alarm = HazardAlarm(order_number=number, raised_at=order.created, rung=0)
        session.add(alarm)
    if alarm.accepted_at is not None or (alarm.rung_at is not None and alarm.rung_at > at - AGAIN_AFTER):
        return False
    if not phones:
        log.error("hazard_alarm_unheard", order=number, missing="TICKETING_DUTY_PHONES")
    else:
        slots = {"order_number": number, "address": order.address or "—", "times": alarm.rung + 1}
        said = talk_tracks.render(session, name=WORDS, slots=slots, channel="chat")
        payload = {"to": phones[alarm.rung % len(phones)], "text": said.text}
        outbox.put(session, kind="sms", key=f"alarm:{number}:{alarm.rung}", payload=payload, at=at)
    alarm.rung += 1
    alarm.rung_at = at
    data = {"times": alarm.rung, "after_s": round((at - alarm.raised_at).total_seconds(), 1)}
    audit.record(session, kind="hazard.rung", subject=f"order:{number}", actor="outages", data=data, at=at)
    return True


def accept(session: Session, number: str, *, dispatcher: str, at: datetime) -> HazardAlarm:
    """A dispatcher takes the hazard. The same one again: nothing changes. Raises OutageNotFound, AlarmTaken."""
    alone(session, f"hazard-alarm:{number}")
    alarm = session.get(HazardAlarm, number, populate_existing=True)
    if alarm is None:
        raise OutageNotFound(f"no alarm for {number}")
    if alarm.accepted_by is None:
        alarm.accepted_by, alarm.accepted_at = dispatcher, at
        data = {"waited_s": waited_s(alarm, at=at), "rung": alarm.rung}
        actor = f"dispatcher:{dispatcher}"[:80]
        audit.record(session, kind="hazard.accepted", subject=f"order:{number}", actor=actor, data=data, at=at)
    elif alarm.accepted_by != dispatcher:
        raise AlarmTaken(f"{alarm.accepted_by} has accepted {number}")
    return alarm


def waited_s(alarm: HazardAlarm, *, at: datetime) -> float:
    """Seconds from the order to acceptance, or until now."""
    return round(((alarm.accepted_at or at) - alarm.raised_at).total_seconds(), 1)


def newest(session: Session, *, limit: int = 100) -> Sequence[HazardAlarm]:
    """Open ones first, then the newest."""
    order = (HazardAlarm.accepted_at.is_not(None), HazardAlarm.raised_at.desc())
    return session.scalars(select(HazardAlarm).order_by(*order).limit(limit)).all()
