"""Emergency sets over HTTP: asked for, switched on by another, switched off, reviewed by a third."""

from typing import Annotated

from fastapi import APIRouter, Path

from ticketing.db import Reading, Writing, now
from ticketing.talk_tracks import emergency
from ticketing.talk_tracks.people import Act, Desk, acting
from ticketing.talk_tracks.schemas import EmergencyView, NewEmergency, Reasoned, Verdict

router = APIRouter(prefix="/api/talk-tracks/emergencies", tags=["talk tracks"])
Id = Annotated[int, Path(ge=1)]


@router.get("")
def read_all(session: Reading, _: Desk) -> list[EmergencyView]:
    """Newest first; `overdue`: nobody has reviewed it within 24 hours."""
    at = now()
    return [EmergencyView.of(each, at=at) for each in emergency.newest(session)]


@router.post("", status_code=201)
def ask(asked: NewEmergency, session: Writing, caller: Desk) -> EmergencyView:
    """The first of two actions. 409 EmergencySetEmpty, EmergencyRefused; 422 EmergencyTimes."""
    at = now()
    row = emergency.ask(
        session,
        emergency_set=asked.emergency_set,
        area=asked.area,
        restoration=asked.restoration,
        until=asked.until,
        by=acting(caller, asked),
        at=at,
    )
    return EmergencyView.of(row, at=at)


@router.post("/{id}/confirm")
def confirm(id: Id, asked: Act, session: Writing, caller: Desk) -> EmergencyView:
    """The second action, by another person: on. 404 EmergencyNotFound; 409 SecondPersonNeeded, EmergencyRefused."""
    at = now()
    return EmergencyView.of(emergency.confirm(session, id, by=acting(caller, asked), at=at), at=at)


@router.post("/{id}/off")
def switch_off(id: Id, asked: Reasoned, session: Writing, caller: Desk) -> EmergencyView:
    """Back to the usual words. 404 EmergencyNotFound; 409 EmergencyRefused."""
    at = now()
    row = emergency.switch_off(session, id, by=acting(caller, asked), reason=asked.reason[:300], at=at)
    return EmergencyView.of(row, at=at)


@router.post("/{id}/review")
def review(id: Id, asked: Verdict, session: Writing, caller: Desk) -> EmergencyView:
    """A third person's verdict; not accepted: off at once. 409 SecondPersonNeeded, EmergencyRefused."""
    at = now()
    by = acting(caller, asked)
    row = emergency.review(session, id, by=by, accept=asked.accept, remarks=asked.reason, at=at)
    return EmergencyView.of(row, at=at)
