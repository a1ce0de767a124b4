"""Storm days: an emergency set is switched on for an area by two people, one action each, and reviewed by a third.

Its words were approved beforehand like all others; what is typed in the storm is the area, the time of restoration and
the end. The third person looks at it within 24 hours; that nobody did is recorded.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ticketing.audit import service as audit
from ticketing.db import alone
from ticketing.talk_tracks.errors import (
    EmergencyNotFound,
    EmergencyRefused,
    EmergencySetEmpty,
    EmergencyTimes,
    SecondPersonNeeded,
)
from ticketing.talk_tracks.gate import same
from ticketing.talk_tracks.models import Emergency, State, TalkTrack
from ticketing.talk_tracks.shelf import turn_over

LONGEST = timedelta(hours=72)
"""Longer than any storm's first repair: what is still true after it can be asked for again."""
LAPSES = timedelta(hours=1)
"""A wish that the second person has not taken up by then is stale: its times were typed for another hour."""
REVIEW_WITHIN = timedelta(hours=24)
BACKGROUND = "schedule"


def ask(
    session: Session, *, emergency_set: str, area: str, restoration: datetime, until: datetime, by: str, at: datetime
) -> Emergency:
    """The first person's action: nothing is said yet. Raises EmergencySetEmpty, EmergencyTimes, EmergencyRefused."""
    alone(session, "talk_track_emergency")
    _refuse_times(restoration=restoration, until=until, at=at)
    ready = exists().where(TalkTrack.state == State.STANDBY, TalkTrack.emergency_set == emergency_set)
    if not session.scalar(select(ready)):
        raise EmergencySetEmpty(f"no published words stand ready in the set '{emergency_set}'")
    for other in session.scalars(select(Emergency).where(Emergency.off_at.is_(None))):
        if (other.emergency_set, other.area) == (emergency_set, area) and _is_live(other, at=at):
            raise EmergencyRefused(f"'{emergency_set}' for {area} is asked for or on already", emergency=other.id)
    emergency = Emergency(
        emergency_set=emergency_set, area=area, restoration=restoration, until=until, asked_by=by, asked_at=at
    )
    session.add(emergency)
    session.flush()
    times = {"restoration": restoration.isoformat(), "until": until.isoformat()}
    _record(session, emergency, "asked", actor=by, at=at, **times)
    return emergency


def _refuse_times(*, restoration: datetime, until: datetime, at: datetime) -> None:
    for name, value in (("restoration", restoration), ("until", until)):
        if value <= at:
            raise EmergencyTimes(f"`{name}` has passed already")
    if until > at + LONGEST:
        raise EmergencyTimes(f"`until` lies more than {LONGEST.total_seconds() / 3600:.0f} hours ahead")
    if restoration > at + LONGEST:
        raise EmergencyTimes(f"`restoration` lies more than {LONGEST.total_seconds() / 3600:.0f} hours ahead")


def _is_live(emergency: Emergency, *, at: datetime) -> bool:
    return not _has_lapsed(emergency, at=at) and at < ends(emergency)


def _has_lapsed(emergency: Emergency, *, at: datetime) -> bool:
    return emergency.on_at is None and at >= emergency.asked_at + LAPSES


def ends(emergency: Emergency) -> datetime:
    """When its words stop: at the end, or when the time that they tell has come."""
    return min(emergency.until, emergency.restoration)


def confirm(session: Session, id: int, *, by: str, at: datetime) -> Emergency:
    """The second person's action: its words are said from now on.

    Raises EmergencyNotFound, SecondPersonNeeded; EmergencyRefused for one that is on, off, lapsed or past its end.
    """
    emergency = _locked(session, id)
    if same(by) == same(emergency.asked_by):
        raise SecondPersonNeeded(f"{by} has asked for it: another person switches it on")
    if emergency.on_at is not None or emergency.off_at is not None or not _is_live(emergency, at=at):
        raise EmergencyRefused(f"emergency {id} is {state(emergency, at=at)}: it cannot be switched on")
    emergency.on_by, emergency.on_at = by, at
    session.flush()
    turn_over(session)
    _record(session, emergency, "on", actor=by, at=at, asked_by=emergency.asked_by)
    return emergency


def switch_off(session: Session, id: int, *, by: str, reason: str, at: datetime) -> Emergency:
    """Anyone may: the usual words are said again. Off already: EmergencyRefused. Raises EmergencyNotFound."""
    emergency = _locked(session, id)
    if emergency.off_at is not None:
        raise EmergencyRefused(f"emergency {id} is off already")
    _end(session, emergency, by=by, reason=reason, at=at)
    return emergency


def _end(session: Session, emergency: Emergency, *, by: str, reason: str, at: datetime) -> None:
    emergency.off_by, emergency.off_at, emergency.off_reason = by, at, reason
    session.flush()
    if emergency.on_at is not None:
        turn_over(session)
    _record(session, emergency, "off", actor=by, at=at, reason=reason)


def review(session: Session, id: int, *, by: str, accept: bool, remarks: str | None, at: datetime) -> Emergency:
    """The third person looks at what was switched on. Not accepted: it ends at once.

    Raises EmergencyNotFound, SecondPersonNeeded, EmergencyRefused where it never was on or is reviewed already.
    """
    emergency = _locked(session, id)
    if emergency.on_at is None or emergency.reviewed_at is not None:
        raise EmergencyRefused(f"emergency {id} {'was never on' if emergency.on_at is None else 'is reviewed already'}")
    if same(by) in {same(emergency.asked_by), same(emergency.on_by)}:
        raise SecondPersonNeeded(f"{by} has switched it on: a third person reviews it")
    emergency.reviewed_by, emergency.reviewed_at = by, at
    emergency.accepted, emergency.remarks = accept, remarks
    session.flush()
    late = at > emergency.on_at + REVIEW_WITHIN
    _record(session, emergency, "reviewed", actor=by, at=at, accepted=accept, late=late, remarks=remarks)
    if not accept and emergency.off_at is None:
        _end(session, emergency, by=by, reason="not accepted in review", at=at)
    return emergency


def is_overdue(emergency: Emergency, *, at: datetime) -> bool:
    """On for more than 24 hours (or off since), and no third person has looked."""
    return emergency.on_at is not None and emergency.reviewed_at is None and at > emergency.on_at + REVIEW_WITHIN


def state(emergency: Emergency, *, at: datetime) -> str:
    """`asked`, `lapsed`, `on`, `ended` (by its times) or `off` (by a person, or recorded as ended)."""
    if emergency.off_at is not None:
        return "off"
    if _has_lapsed(emergency, at=at):
        return "lapsed"
    if at >= ends(emergency):
        return "ended"
    return "asked" if emergency.on_at is None else "on"


def newest(session: Session, *, limit: int = 100) -> Sequence[Emergency]:
    return session.scalars(select(Emergency).order_by(Emergency.id.desc()).limit(limit)).all()


def unsettled(session: Session, *, at: datetime) -> list[int]:
    """Those whose end, lapse or missing review is not recorded yet."""
    rows = session.scalars(select(Emergency).where(Emergency.off_at.is_(None) | Emergency.overdue_at.is_(None)))
    return [each.id for each in rows if _is_unsettled(each, at=at)]


def _is_unsettled(emergency: Emergency, *, at: datetime) -> bool:
    overdue = emergency.overdue_at is None and is_overdue(emergency, at=at)
    return overdue or (emergency.off_at is None and not _is_live(emergency, at=at))


def settle(session: Session, id: int, *, at: datetime) -> bool:
    """Record what time has done to an emergency; False: another process was first."""
    emergency = _locked(session, id)
    if not _is_unsettled(emergency, at=at):
        return False
    if emergency.off_at is None and not _is_live(emergency, at=at):
        reason = "nobody confirmed it" if emergency.on_at is None else "its end has come"
        _end(session, emergency, by=BACKGROUND, reason=reason, at=at)
    if emergency.overdue_at is None and is_overdue(emergency, at=at):
        emergency.overdue_at = at
        _record(session, emergency, "review_overdue", actor=BACKGROUND, at=at)
    return True


def _locked(session: Session, id: int) -> Emergency:
    alone(session, "talk_track_emergency")
    emergency = session.get(Emergency, id, populate_existing=True)
    if emergency is None:
        raise EmergencyNotFound(f"no emergency {id}")
    return emergency


def _record(session: Session, emergency: Emergency, what: str, *, actor: str, at: datetime, **data: Any) -> None:
    facts = {"emergency_set": emergency.emergency_set, "area": emergency.area}
    audit.record(
        session,
        kind=f"talk_track.emergency_{what}",
        subject=f"talk_track_emergency:{emergency.id}",
        actor=actor,
        data={**facts, **{key: value for key, value in data.items() if value is not None}},
        at=at,
    )
